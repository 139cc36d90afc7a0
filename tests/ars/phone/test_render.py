"""What is drawn, without a server: words and their language, files, pictures."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from ars.menu_files.menu_file import find, load, menu_of
from ars.model import Language, said
from ars.phone.files import MODULES, icons
from ars.phone.files import load as load_files
from ars.phone.render import Look, Renderer, Shown, status_message, tongue
from ars.state import State, Stop, begin
from ars.view import Around, StatusView, status, view
from tests.ars.small import small_menu
from tests.fakes.visit_house import NOON

RENDERER = Renderer(load_files(), "'none'")


def shown(state: State, **around: object) -> Shown:
    facts = Around(**around)  # type: ignore[arg-type]
    return Shown(view=view(state, facts, NOON), status=status(state, facts), now=NOON, base="/v/token")


def at(*screens: str, language: Language = "ko", **changes: object) -> State:
    state = begin("v", small_menu(), NOON, has_number=True, language=language)
    trail = (*state.trail, *(Stop(id=id) for id in screens))
    return replace(state, trail=trail, **changes)


@pytest.mark.parametrize(
    ("words", "language", "spoken"),
    [
        ("여권", "ko", "ko"), ("여권", "vi", "ko"), ("Passport", "ko", "ko"), ("Passport", "zh", "en"),
        ("护照", "zh", "zh"), ("パスポート", "ja", "ja"), ("Hộ chiếu", "vi", "vi"), ("Паспорт", "mn", "mn"),
        ("1", "mn", "en"),
    ],
)  # fmt: skip
def test_words_in_another_language_say_so(words: str, language: Language, spoken: str) -> None:
    assert tongue(words, language) == spoken


def test_a_screen_says_its_language_for_who_hears_it() -> None:
    html = RENDERER.screen(shown(at(language="en")), Look())
    assert '<main id="main" lang="en"' in html
    page = RENDERER.page(shown(at("@language")), Look())
    assert '<span lang="en">English' in page


def test_every_screen_of_the_shipped_menu_is_drawn_in_every_language_with_icons() -> None:
    the_menu = menu_of(load(find("hanbit")), "hanbit.toml")
    known = icons()
    for language in the_menu.languages:
        state = begin("v", the_menu, NOON, language=language)
        for id, screen in the_menu.screens.items():
            html = RENDERER.screen(shown(replace(state, trail=(Stop(id=id),))), Look())
            assert html.count("<h1") == 1 and said(screen.title, language).split("&")[0][:5] in html
            assert {choice.icon for choice in screen.choices} - {""} <= set(known), id


def test_a_queue_shows_figures_only_when_they_are_known() -> None:
    waiting = at("@wait", phase="queued")
    html = RENDERER.screen(shown(waiting, position=3, expect_s=100.0), Look())
    assert "<dd>3번째</dd>" in html and "<dd>2분쯤</dd>" in html
    assert 'id="place" hidden' in RENDERER.screen(shown(waiting), Look())
    assert 'id="wait" hidden' in RENDERER.screen(shown(waiting, position=2), Look())


def test_secrets_never_reach_the_page() -> None:
    state = at("waste", values=(("pin", "4711"), ("item", "chair")))
    html = RENDERER.page(shown(state), Look())
    assert "4711" not in html and 'placeholder="••••"' in html and 'value="chair" checked' in html


def test_status_counts_from_now() -> None:
    ends = StatusView(phase="over", text="x", ends=NOON.replace(minute=5))
    assert status_message(ends, "ko", NOON).left_s == 300
    assert status_message(ends, "ko", NOON.replace(hour=13)).left_s == 0, "a clock that jumped"


def test_files_have_one_hash_and_no_comments() -> None:
    files = load_files()
    marks = {re.search("-([0-9a-f]{8})[.]", address)[1] for address in files.addresses.values()}  # type: ignore[index]
    assert len(marks) == 1 and set(MODULES) < set(files.addresses)
    assert "/*" not in files.css and "url(" not in files.css and "@import" not in files.css
    assert sum(len(file.packed) for file in files.by_name.values()) < 16_000


def test_icons_are_drawings_and_nothing_else() -> None:
    for name, drawn in icons().items():
        assert re.fullmatch(r"(<(path|rect|circle)( [a-z-]+=\"[^\"<>]*\")+/>)+", drawn), name
