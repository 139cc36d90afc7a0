"""The catalogue of the pages: the same keys in both languages, and every key that a page asks for."""

from __future__ import annotations

import re
from importlib.resources import files

import msgspec
import pytest

WEB = files("agent_assist") / "web"
WORDS = {
    language: msgspec.json.decode((WEB / "messages" / f"admin.{language}.json").read_bytes(), type=dict[str, str])
    for language in ("ko", "en")
}
MODULES = [file for file in (WEB / "admin").iterdir() if file.name.endswith(".js")]


def test_both_languages_have_the_same_keys_and_the_same_places() -> None:
    assert list(WORDS["ko"]) == list(WORDS["en"])
    for key, korean in WORDS["ko"].items():
        assert korean.strip() and WORDS["en"][key].strip(), key
        assert set(re.findall(r"\{\w+\}", korean)) == set(re.findall(r"\{\w+\}", WORDS["en"][key])), key


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.name)
def test_every_key_that_a_module_asks_for_is_there(file: object) -> None:
    source = file.read_text("utf-8")  # type: ignore[attr-defined]
    prefixes = "|".join(sorted({key.partition(".")[0] for key in WORDS["ko"]}))
    for key in re.findall(rf"'((?:{prefixes})\.[a-z_.0-9]+)'", source):
        assert key in WORDS["ko"], key
    for prefix in re.findall(rf"`((?:{prefixes})\.[a-z_.]*)\$\{{", source):  # the rest comes with what is shown
        assert any(key.startswith(prefix) for key in WORDS["ko"]), prefix


def test_no_key_is_left_that_nobody_asks_for() -> None:
    source = "".join(file.read_text("utf-8") for file in MODULES)
    exact = set(re.findall(r"'([a-z_]+\.[a-z_.0-9]+)'", source))
    patterns = [
        re.compile(re.escape(given).replace(r"\$\{\}", ".+"))
        for given in {re.sub(r"\$\{[^`}]*\}", "${}", one) for one in re.findall(r"`([a-z_]+\.[^`]*)`", source)}
        if "${}" in given
    ]
    unused = [key for key in WORDS["ko"] if key not in exact and not any(one.fullmatch(key) for one in patterns)]
    assert unused == []
