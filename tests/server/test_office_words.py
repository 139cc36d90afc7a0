"""The catalogues of the office applications: the same keys in both languages, and every key that a page asks for.

Each application reads two: what all of them say (``office``), and its own.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec
import pytest

DESK: Final = Path(str(files("agent_assist"))) / "web"
RECORDS: Final = Path(str(files("records"))) / "web"


def words(file: Path) -> dict[str, str]:
    return msgspec.json.decode(file.read_bytes(), type=dict[str, str])


CATALOGUES: Final = {
    "office": DESK / "messages" / "office.",
    "admin": DESK / "messages" / "admin.",
    "records": RECORDS / "messages",
}
WORDS: Final = {
    name: {
        language: words(place / f"{language}.json" if place.is_dir() else Path(f"{place}{language}.json"))
        for language in ("ko", "en")
    }
    for name, place in CATALOGUES.items()
}
MODULES: Final = {
    "office": sorted((DESK / "office").glob("*.js")),
    "admin": sorted((DESK / "admin").glob("*.js")),
    "records": sorted(RECORDS.rglob("*.js")),
}
PAGES: Final = {"records": (RECORDS / "records.html").read_text("utf-8")}
EACH: Final = [
    pytest.param(name, file, id=f"{name}/{file.name}") for name in ("admin", "records") for file in MODULES[name]
]


@pytest.mark.parametrize("name", CATALOGUES)
def test_both_languages_have_the_same_keys_and_the_same_places(name: str) -> None:
    spoken = WORDS[name]
    assert list(spoken["ko"]) == list(spoken["en"])
    for key, korean in spoken["ko"].items():
        assert korean.strip() and spoken["en"][key].strip(), key
        assert set(re.findall(r"\{\w+\}", korean)) == set(re.findall(r"\{\w+\}", spoken["en"][key])), key


@pytest.mark.parametrize("name", ["admin", "records"])
def test_an_application_says_nothing_anew_that_all_say(name: str) -> None:
    assert not WORDS[name]["ko"].keys() & WORDS["office"]["ko"].keys()


@pytest.mark.parametrize(("name", "file"), EACH)
def test_every_key_that_a_module_asks_for_is_there(name: str, file: Path) -> None:
    known = {**WORDS["office"]["ko"], **WORDS[name]["ko"]}
    source = file.read_text("utf-8")
    prefixes = "|".join(sorted({key.partition(".")[0] for key in known}))
    for key in re.findall(rf"'((?:{prefixes})\.[a-z_.0-9]+)'", source):
        assert key in known, key
    for prefix in re.findall(rf"`((?:{prefixes})\.[a-z_.]*)\$\{{", source):  # the rest comes with what is shown
        assert any(key.startswith(prefix) for key in known), prefix


@pytest.mark.parametrize("name", ["admin", "records"])
def test_every_key_that_all_pages_ask_for_is_there(name: str) -> None:
    known = {**WORDS["office"]["ko"], **WORDS[name]["ko"]}
    source = "".join(file.read_text("utf-8") for file in MODULES["office"])
    missing = [key for key in re.findall(r"say\('([a-z_.0-9]+)'", source) if key not in known]
    assert missing == []


@pytest.mark.parametrize(
    ("name", "askers"),
    [
        ("office", ("office", "admin", "records")),
        ("admin", ("admin", "office")),
        ("records", ("records", "office")),
    ],
)
def test_no_key_is_left_that_nobody_asks_for(name: str, askers: tuple[str, ...]) -> None:
    source = "".join(file.read_text("utf-8") for asker in askers for file in MODULES[asker])
    exact = set(re.findall(r"'([a-z_]+\.[a-z_.0-9]+)'", source)) | set(
        re.findall(r"\{\{([a-z_.]+)\}\}", PAGES.get(name, ""))
    )
    patterns = [
        re.compile(re.escape(given).replace(r"\$\{\}", ".+"))
        for given in {re.sub(r"\$\{[^`}]*\}", "${}", one) for one in re.findall(r"`([a-z_]+\.[^`]*)`", source)}
        if "${}" in given
    ]
    unused = [key for key in WORDS[name]["ko"] if key not in exact and not any(one.fullmatch(key) for one in patterns)]
    assert unused == []
