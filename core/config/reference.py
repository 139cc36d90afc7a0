"""The reference of all settings and the example file, written from the sections themselves."""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec

from core.config.section import Section
from core.config.sections import Config
from core.config.shape import LISTS, leaves, subsection, wanted

_HEAD = """\
# 설정 / Configuration

설정은 TOML 파일 하나입니다(`minwon run --config FILE`). 모든 값은 환경 변수로도 줄 수 있으며 환경 변수가 우선합니다.
모르는 키나 틀린 값이 있으면 시작하지 않고, 무엇을 어떻게 고칠지 한 줄로 알립니다.
`minwon check`는 현재 적용된 값을 보여 줍니다.

One TOML file (`minwon run --config FILE`). Every setting has an environment variable, which wins over the file;
lists are written there with commas. An unknown key or a wrong value stops the start with one line that says what
to do. `minwon check` shows what is in force, secrets hidden. [minwon.example.toml](minwon.example.toml) holds every
setting with its default.

This page is written by `python -m core.config`; do not edit it by hand.
"""


_COLUMNS = "| key | default | it is | meaning |\n|---|---|---|---|"


class Setting(msgspec.Struct, frozen=True):
    """One line of the reference."""

    key: str
    """'web.port'."""
    variable: str
    """Environment twin; '' for arrays of tables, which only the file can tell."""
    kind: str
    """What it may be, in words."""
    default: Any
    """None when it must be given."""
    meaning: str
    """The sentence under the field."""
    example: Any = None
    """A likely value, where there is no default that shows it."""


def describe() -> list[Setting]:
    """Every setting in the order of the file."""
    meanings = _meanings()
    return [
        Setting(
            key=leaf.key,
            variable=leaf.variable,
            kind=wanted(leaf.type),
            default=None if leaf.default is msgspec.NODEFAULT else leaf.default,
            meaning=meanings[leaf.key],
            example=leaf.examples[0] if leaf.examples else None,
        )
        for leaf in leaves()
    ]


def as_markdown() -> str:
    """``docs/configuration.md``."""
    lines = [_HEAD]
    meanings = _meanings()
    section = ""
    for setting in describe():
        if (table := setting.key.rpartition(".")[0]) != section:
            section = table
            lines += [
                f"\n## {_header(section)}\n\n{meanings[section]}\n",
                "| key | default | it is | meaning |",
                "|---|---|---|---|",
            ]
        variable = f"<br>`{setting.variable}`" if setting.variable else ""
        # A bar would end the cell, also within backticks.
        default = "(must be given)" if setting.default is None else f"`{_toml(setting.default)}`".replace("|", r"\|")
        name = setting.key.rpartition(".")[2]
        lines.append(f"| `{name}`{variable} | {default} | {setting.kind} | {setting.meaning} |")
    return "\n".join(lines) + "\n"


def as_example() -> str:
    """``docs/minwon.example.toml``: every setting, commented out, with its default or a likely value."""
    lines = [
        "# Every setting of minwon with its default. Take the '# ' away in front of what you change.",
        "# Written by `python -m core.config`.",
    ]
    meanings = _meanings()
    section = ""
    for setting in describe():
        if (table := setting.key.rpartition(".")[0]) != section:
            section = table
            lines += ["", f"## {meanings[section]}", f"# {_header(section)}"]
        value = setting.default if setting.default or setting.example is None else setting.example
        kind = "" if setting.kind == "text" else f" It is {setting.kind}."
        lines += [f"## {setting.meaning}{kind}", f"# {setting.key.rpartition('.')[2]} = {_toml(value)}"]
    return "\n".join(lines) + "\n"


def _header(section: str) -> str:
    return f"[[{section}]]" if section in LISTS else f"[{section}]"


def _toml(value: Any) -> str:
    # For what settings can be (text, numbers, booleans, flat lists) TOML and JSON are written alike.
    return json.dumps(value, ensure_ascii=False)


def _meanings() -> dict[str, str]:
    """Key -> the sentence in the source, for settings and tables."""
    return dict(_walk(Config, ""))


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _walk(section: type[Section], prefix: str) -> Iterator[tuple[str, str]]:
    body = _classes(section.__module__)[section.__name__].body
    texts = {
        before.target.id: _sentence(after)
        for before, after in pairwise(body)
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name)
    }
    for field in msgspec.inspect.type_info(section).fields:  # type: ignore[attr-defined]
        key = prefix + field.name
        inner = subsection(field.type)
        if inner is None:
            yield key, texts[field.name]
        else:
            yield key, inspect.cleandoc(inner.__doc__ or "")
            yield from _walk(inner, key + ".")


def _sentence(node: ast.stmt) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return " ".join(str(node.value.value).split())
    return ""
