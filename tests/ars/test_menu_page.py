"""docs/menu-file.md: its example is right, and it leaves nothing out."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import msgspec
import pytest

from ars import model
from ars.menu_files.menu_file import read

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "menu-file.md").read_text("utf-8")


def example() -> str:
    found = re.search(r"^```toml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_example_is_without_a_flaw() -> None:
    loaded = read(example().encode())
    assert loaded.findings == ()
    assert loaded.usable


@pytest.mark.parametrize(
    "kind",
    [model.Menu, model.Screen, model.Choice, model.Field, model.Option, model.Schedule, model.Contact, model.Place,
     model.Street, model.Landmark, model.Wait, model.Start, model.Holiday, model.Link, model.Text],
)  # fmt: skip
def test_every_key_is_told(kind: type[msgspec.Struct]) -> None:
    for field in msgspec.structs.fields(kind):
        assert f"`{field.name}`" in PAGE or field.name == "version", field.name


def codes() -> set[str]:
    """Every code of several words that a finding can have, read from the source."""
    found = set()
    for file in (ROOT / "ars" / "menu_files").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return {code for code in found if re.fullmatch(r"[a-z]+(-[a-z]+)+", code)} - {"cp949", "utf-8"}


def test_every_code_is_told() -> None:
    told = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PAGE.split("## 검사 결과")[1]))
    assert told == codes()
