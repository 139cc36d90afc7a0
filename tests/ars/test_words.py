"""The catalogue of page and voice: complete, alike in all languages, and filled in safely."""

from __future__ import annotations

import ast
import inspect
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ars import filling, forms, menu, moving, photos, words
from ars.inputs import Unbooked
from ars.model import LANGUAGES, Language
from core.pictures import shelf

GROUPS = {
    "button",
    "callback",
    "captions",
    "contact",
    "entry",
    "error",
    "field",
    "form",
    "gone",
    "join",
    "map",
    "notice",
}
GROUPS |= {"page", "photo", "satisfaction", "search", "status", "voice", "waiting"}
HANGUL = re.compile("[가-힣]")
LAST_RESORTS = sorted(
    key.removeprefix("gone.").removesuffix("_title") for key in words.keys("ko") if re.fullmatch(r"gone\..*_title", key)
)
"""What a page says that cannot show the menu."""


def raw(language: Language) -> str:
    return files("ars").joinpath("words", f"{language}.json").read_text("utf-8")


def own(language: Language) -> dict[str, str]:
    return dict(json.loads(raw(language)))


def names(sentence: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", sentence))


def test_korean_and_english_are_complete() -> None:
    assert set(words.keys("ko")) == set(words.keys("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_has_keys_of_its_own(language: Language) -> None:
    assert set(words.keys(language)) <= set(words.keys("ko"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_what_a_caller_meets_first(language: Language) -> None:
    first = ("button.", "callback.", "captions.", "error.", "gone.", "notice.", "status.", "voice.", "waiting.")
    missing = {key for key in words.keys("ko") if key.startswith(first)} - set(words.keys(language))
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_sorted_one_key_a_line(language: Language) -> None:
    """So that two people who add a word each do not meet, and a key is never there twice."""
    assert raw(language) == json.dumps(dict(sorted(own(language).items())), ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_names_are_filled_in_everywhere(language: Language) -> None:
    korean = own("ko")
    for key, sentence in own(language).items():
        assert names(sentence) == names(korean[key]), key
        assert sentence == sentence.strip() and sentence, key
        assert "{" not in re.sub(r"{\w+}", "", sentence), key


def test_keys_are_in_known_groups() -> None:
    for key in words.keys("ko"):
        assert re.fullmatch(r"[a-z]+\.[a-z0-9_]+", key), key
        assert key.partition(".")[0] in GROUPS, key


def test_korean_is_korean_and_the_others_are_not() -> None:
    for key, sentence in own("ko").items():
        assert HANGUL.search(re.sub(r"{\w+}", "", sentence)) or key in ("page.language", "voice.field"), key
    for language in LANGUAGES:
        if language == "ko":
            continue
        for key, sentence in own(language).items():
            assert not HANGUL.search(sentence) or key in ("button.language", "page.language"), (language, key)


@pytest.mark.parametrize("kind", LAST_RESORTS)
def test_last_resorts_are_short_and_name_the_number(kind: str) -> None:
    for language in LANGUAGES:
        title = words.say(language, f"gone.{kind}_title")
        text = words.say(language, f"gone.{kind}", phone="070-0012-0120")
        assert "070-0012-0120" in text
        assert 1 <= len(re.findall(r"[.!?。](?:\s|$|(?=[^\d\s]))", text)) <= 4, (language, text)
        assert len(title) <= 40 and not title.endswith((".", "。"))


def notices() -> set[str]:
    """Every notice that the state machine may give: what it passes as ``notice``, and to those who read one out."""
    found: set[str] = set()
    nodes = (node for part in (menu, moving, filling) for node in ast.walk(ast.parse(inspect.getsource(part))))
    for node in nodes:
        parts: list[ast.expr] = [node.value] if isinstance(node, ast.keyword) and node.arg == "notice" else []
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "notice" for to in node.targets):
            parts = [node.value]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            parts = node.args[:2] if node.func.id in ("Read", "missed") else parts
        for part in parts:
            found |= outcomes(part)
    return found - {""}


def outcomes(part: ast.expr) -> set[str]:
    """The strings that an expression may have as its value: those of a condition are none."""
    if isinstance(part, ast.IfExp):
        return outcomes(part.body) | outcomes(part.orelse)
    return {part.value} if isinstance(part, ast.Constant) and isinstance(part.value, str) else set()


def test_every_notice_of_the_state_machine_has_words() -> None:
    assert {"no_match", "no_input", "to_agent", "goodbye", "booked", "call_yourself"} <= notices()
    for notice in notices() | set(get_args(Unbooked)):
        assert {f"notice.{notice}"} <= set(words.keys("ko")) & set(words.keys("mn"))


def test_every_reason_of_a_form_has_words() -> None:
    reasons = set(
        re.findall(r'"(required|digits|phone|date|choice|consent|too_long|too_short)"', inspect.getsource(forms))
    )
    assert len(reasons) == 8
    for reason in reasons:
        assert words.say("ko", f"error.{reason}", longest=200, shortest=2)


def test_every_refusal_of_a_photo_has_words() -> None:
    codes = set(re.findall(r"``photo_(\w+)``", f"{photos.__doc__}{shelf.__doc__}"))
    assert len(codes) >= 10
    for code in codes:
        assert f"photo.{code}" in words.keys("ko")


def test_words_that_code_asks_for_are_there() -> None:
    """Every key written out in this room."""
    known = set(words.keys("ko"))
    asked: set[str] = set()
    for folder in (files("ars"), files("ars").joinpath("web")):
        for file in folder.iterdir() if folder.is_dir() else ():
            if file.name.endswith(".py"):
                asked |= set(re.findall(r'\bsay\([^"()]*"([a-z]+\.[a-z0-9_]+)"', file.read_text("utf-8")))
            if file.name.endswith(".html"):
                asked |= set(re.findall(r'\bt\("([a-z]+\.[a-z0-9_]+)"', file.read_text("utf-8")))
    assert len(asked) > 3
    assert asked <= known


def test_an_unknown_key_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        words.say("ko", "notice.there_is_no_such_thing")
    with pytest.raises(KeyError):
        words.say("ko", "status.queued", position=1)


def test_a_language_without_the_word_speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_catalogue", lambda: {"button.x": {"ko": "가", "en": "a"}, "button.y": {"ko": "나"}})
    assert words.say("zh", "button.x") == "a"
    assert words.say("mn", "button.y") == "나"
    assert words.say("en", "button.y") == "나"
    assert words.group("vi", "button.") == {"button.x": "a", "button.y": "나"}


def test_a_group_is_all_of_it() -> None:
    photos = words.group("ja", "photo.", "map.")
    assert set(photos) == {key for key in words.keys("ko") if key.startswith(("photo.", "map."))}
    assert photos["photo.sending"].count("{percent}") == 1


@given(st.text(max_size=40))
def test_what_people_typed_is_put_in_as_it_is(typed: str) -> None:
    assert typed in words.say("ko", "voice.choice", label=typed, digit="1")


def test_a_sentence_with_particles_fits_any_number() -> None:
    """'번으로' fits after every digit; '으로' or '로' would not."""
    for sentence in own("ko").values():
        assert not re.search(r"{\w+}(으로|로|은|는|이|가|을|를|과|와)(?=[ .,])", sentence), sentence


FAMILIES = ("error.", "gone.", "map.", "notice.", "photo.", "status.", "voice.recording_")
"""Keys that the code puts together from a name; their own tests look whether each name has its words."""
KINDS = {"button.yes", "button.no", "voice.consent", "voice.date", "voice.phone", "voice.yes_no"}


def test_no_sentence_is_left_that_nobody_says() -> None:
    root = Path(inspect.getfile(words)).parents[1]
    code = [
        path.read_text("utf-8")
        for room in ("ars", "server")
        for path in (root / room).rglob("*")
        if path.suffix in (".py", ".html", ".js")
    ]
    whole = "\n".join(code)
    unused = [key for key in own("ko") if key not in whole and not key.startswith(FAMILIES) and key not in KINDS]
    assert unused == []
