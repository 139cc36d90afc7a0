"""Lines of a TOML file: what the scanner tells is compared with a writer that knows, and with tomllib."""

from __future__ import annotations

import datetime as dt
import json
import random
import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ars.menu_files.finding import Path
from ars.menu_files.toml_lines import DEEPEST, scan
from tests.ars.small import SMALL

KEYS = st.one_of(
    st.text("abcXYZ019_-", min_size=1, max_size=6),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=5),
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
SINGLE = st.one_of(WORDS, st.integers(-(2**60), 2**60), st.booleans(), st.just(dt.date(2026, 10, 9)), st.just(1.5))


def values(depth: int) -> st.SearchStrategy[Any]:
    if depth == 0:
        return SINGLE
    inner = values(depth - 1)
    return st.one_of(SINGLE, st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3))


TABLES = st.dictionaries(KEYS, values(2), max_size=3)


class Writer:
    """Writes TOML in many styles and notes on which line it wrote what."""

    def __init__(self, style: random.Random) -> None:
        self.text = ""
        self.known: dict[Path, int] = {}
        self._style = style

    @property
    def line(self) -> int:
        return self.text.count("\n") + 1

    def put(self, text: str) -> None:
        self.text += text

    def chance(self) -> bool:
        return self._style.random() < 0.5

    def space(self, lines: bool) -> None:
        choices = ["", " ", "\t"] + (["\n", "  # a = [\n", '\n\n # """ \n'] if lines else [])
        self.put(self._style.choice(choices))

    def key(self, key: str) -> None:
        bare = key != "" and all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in key)
        if bare and self.chance():
            self.put(key)
        elif "'" not in key and self.chance():
            self.put(f"'{key}'")
        else:
            self.put(json.dumps(key, ensure_ascii=self.chance() and key.isascii()))

    def pair(self, path: Path, value: Any, lines: bool) -> None:
        self.known[path] = self.line
        self.key(str(path[-1]))
        self.space(False)
        self.put("=")
        self.space(False)
        self.value(path, value, lines)

    def value(self, path: Path, value: Any, lines: bool) -> None:
        match value:
            case dict():
                self.put("{")
                for number, (key, part) in enumerate(value.items()):
                    self.put("," if number else "")
                    self.space(False)
                    self.pair((*path, key), part, False)
                    self.space(False)
                self.put("}")
            case list():
                self.put("[")
                for place, part in enumerate(value):
                    self.put("," if place else "")
                    self.space(lines)
                    self.known[(*path, place)] = self.line
                    self.value((*path, place), part, lines)
                    self.space(lines)
                self.put("]")
            case str():
                self.string(value, lines)
            case bool():
                self.put("true" if value else "false")
            case dt.date():
                self.put(value.isoformat())
            case _:
                self.put(repr(value))

    def string(self, value: str, lines: bool) -> None:
        if lines and self.chance() and '"' not in value:
            self.put('"""\n' + value.replace("\\", "\\\\") + '\\\n  """')
        elif lines and self.chance() and "'" not in value:
            self.put(f"'''\n{value}\n\n'''")
        elif "'" not in value and self.chance():
            self.put(f"'{value}'")
        else:
            self.put(json.dumps(value, ensure_ascii=False))

    def body(self, path: Path, table: dict[str, Any]) -> None:
        for key, value in table.items():
            self.space(True)
            self.pair((*path, key), value, True)
            self.put("  # end\n" if self.chance() else "\n")

    def header(self, keys: list[str], brackets: str) -> None:
        self.put(brackets)
        for number, key in enumerate(keys):
            self.put("." if number else "")
            self.space(False)
            self.key(key)
            self.space(False)
        self.put(brackets.replace("[", "]") + "\n")


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[Path, int]]:
    writer = Writer(random.Random(draw(st.integers(0, 2**32))))
    writer.body((), draw(st.dictionaries(KEYS.map(lambda key: f"0{key}"), values(2), max_size=3)))
    for name, tables in draw(
        st.dictionaries(KEYS.map(lambda key: f"1{key}"), st.lists(TABLES, max_size=3), max_size=2)
    ).items():
        for place, table in enumerate(tables):
            writer.known.setdefault((name,), writer.line)
            writer.known[(name, place)] = writer.line
            writer.header([name], "[[")
            writer.body((name, place), table)
            if writer.chance():
                writer.known[(name, place, "\tsub")] = writer.line
                writer.header([name, "\tsub"], "[")
                writer.body((name, place, "\tsub"), draw(TABLES))
    for name, parts in draw(
        st.dictionaries(KEYS.map(lambda key: f"2{key}"), st.dictionaries(KEYS, TABLES, max_size=2), max_size=2)
    ).items():
        for key, table in parts.items():
            writer.known.setdefault((name,), writer.line)
            writer.known[(name, key)] = writer.line
            writer.header([name, key], "[")
            writer.body((name, key), table)
    return writer.text, writer.known


def paths(tree: Any, path: Path = ()) -> set[Path]:
    parts = list(tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ())
    return {(*path, key) for key, _part in parts}.union(*(paths(part, (*path, key)) for key, part in parts))


@given(documents())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_line_is_told_as_it_was_written(document: tuple[str, dict[Path, int]]) -> None:
    text, known = document
    assert paths(tomllib.loads(text)) == known.keys()
    assert scan(text).known == known


@given(st.text(st.sampled_from("ab.=[]{}\"'#,\\\n \t1가"), max_size=80))
def test_any_text_is_scanned_and_toml_is_scanned_whole(text: str) -> None:
    lines = scan(text)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.known.values())
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert paths(tree) == lines.known.keys()


@given(st.integers(0, len(SMALL)), st.integers(0, 40), st.text("ab=[]{}\"'\n,", max_size=4))
def test_a_broken_file_is_scanned_as_far_as_it_goes(start: int, length: int, put: str) -> None:
    text = SMALL[:start] + put + SMALL[start + length :]
    last = text.count("\n") + 1
    assert all(1 <= line <= last for line in scan(text).known.values())


def test_tables_dotted_keys_and_lists_of_tables() -> None:
    text = """
a.b.c = 1
a.d = [
  1, # one
  {x = 2, y.z = 3},
  '''
two lines''', 4,
]
[screens."@wait"]
title = { ko = "가" }
[[screens."@wait".choices]]
digit = "1"
[[screens."@wait".choices]]
digit = "2"
[screens."@wait".choices.label]
ko = "나"
"""
    known = scan(text).known
    assert {path: line for path, line in known.items() if path[0] == "a"} == {
        ("a",): 2,
        ("a", "b"): 2,
        ("a", "b", "c"): 2,
        ("a", "d"): 3,
        ("a", "d", 0): 4,
        ("a", "d", 1): 5,
        ("a", "d", 1, "x"): 5,
        ("a", "d", 1, "y"): 5,
        ("a", "d", 1, "y", "z"): 5,
        ("a", "d", 2): 6,
        ("a", "d", 3): 7,
    }
    assert known[("screens", "@wait", "choices", 0, "digit")] == 12
    assert known[("screens", "@wait", "choices", 1)] == 13
    assert known[("screens", "@wait", "choices", 1, "label", "ko")] == 16


@pytest.mark.parametrize(
    ("string", "lines"),
    [('"""a""b"""', 0), ('""""""', 0), ('"""\n"\\"""\n"""', 2), ('"""a"""""', 0), ("'''\n''a'''''", 1), ('"\\\\"', 0)],
)
def test_strings_with_quotes_in_them(string: str, lines: int) -> None:
    text = f"a = {string}\nb = 1\n"
    assert set(tomllib.loads(text)) == {"a", "b"}
    assert scan(text).known == {("a",): 1, ("b",): 2 + lines}


def test_what_is_not_written_is_where_its_table_is() -> None:
    lines = scan("\n[screens.main]\ntitle = 1\n")
    assert lines.of(("screens", "main", "title", "ko")) == 3
    assert lines.of(("screens", "main", "text")) == 2
    assert lines.of(("screens", "other")) == 2
    assert lines.of(("start",)) == 0
    assert lines.of(()) == 0


def test_a_line_that_is_no_toml_is_left_out() -> None:
    assert scan('a = 1\n= = "\nb = [1, }\nc = 2\n').known.keys() >= {("a",), ("c",)}


def test_the_deepest_nesting_is_left_alone() -> None:
    deep = "a = " + "[" * 5000 + "]" * 5000 + "\nb = 1\n"
    known = scan(deep).known
    assert known[("b",)] == 2
    assert max(len(path) for path in known) <= DEEPEST + 1
