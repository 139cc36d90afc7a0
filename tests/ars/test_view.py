"""What is drawn of a screen: words in the caller's language, secrets as dots, the status line."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ars.model import BOOKED, CAPTIONS, CODE, LANGUAGES, WAIT, Contact, Language, Screen
from ars.state import Phase, State, Stop, begin
from ars.view import NAMES, Around, View, status, view, whole_minutes
from ars.words import say
from tests.ars.small import small_menu

NOW = dt.datetime(2026, 11, 26, 10, 0)
MENU = small_menu(languages=LANGUAGES)
STATE = begin("v", MENU, NOW, has_number=True)
PHASES: tuple[Phase, ...] = ("web", "menu", "queued", "talking", "over")


def at(screen: str, **more: object) -> State:
    return replace(STATE, trail=(STATE.trail[0], Stop(id=screen)), **more)


def drawn(state: State, around: Around | None = None) -> View:
    return view(state, around or Around(), NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_has_words_in_every_language(language: Language) -> None:
    for screen in MENU.screens:
        seen = drawn(at(screen, language=language))
        assert seen.title
        assert seen.centre
        assert all(choice.label for choice in seen.choices)
        assert all(field.label for field in seen.fields)
        assert bool(seen.submit) == bool(seen.fields)
        assert seen.can_back
    assert [code for code, _ in drawn(STATE).languages] == list(LANGUAGES)
    assert all(NAMES[code] == name for code, name in drawn(STATE).languages)


def test_the_first_screen_has_no_way_back() -> None:
    assert not drawn(STATE).can_back


def test_a_secret_is_dots_also_while_it_is_keyed() -> None:
    kept = drawn(at("waste", values=(("pin", "4711"),))).fields[2]
    keyed = drawn(at("waste", field=2, keyed="47")).fields[2]
    assert (kept.value, keyed.value) == ("••••", "••")
    assert keyed.keyed_now
    assert "4711" not in repr(drawn(at("waste", values=(("pin", "4711"),))))


def test_keys_are_seen_in_their_field_as_they_come() -> None:
    fields = drawn(at("waste", field=1, keyed="12", values=(("item", "table"),))).fields
    assert fields[1].value == "12"
    assert [option.chosen for option in fields[0].options] == [False, True]
    assert not any(field.keyed_now for field in drawn(at("waste", field=1, phase="talking")).fields)


def test_a_wrong_field_says_why() -> None:
    field = drawn(at("waste", errors=(("pin", "digits"),))).fields[2]
    assert field.error == say("ko", "error.digits", shortest=4, longest=4)


def test_the_own_number_may_stay_empty_if_it_is_known() -> None:
    known, unknown = drawn(at("@callback")).fields[0], drawn(at("@callback", has_number=False)).fields[0]
    assert (known.required, known.own_number) == (False, True)
    assert (unknown.required, unknown.own_number) == (True, False)


def test_contacts_places_and_links_stand_where_the_menu_wants_them() -> None:
    seen = drawn(at("office", language="en"))
    assert seen.contact is not None
    assert (seen.contact.name, seen.contact.phone) == ("Parking department", "031-0000-2345")
    assert seen.place is not None
    assert seen.place.address == "1 Hanbit-daero, Hanbit"
    assert seen.links[0].url == "https://city.example/"


def test_a_pushed_screen_brings_its_own_contact() -> None:
    contact = Contact(name={"ko": "여권팀"}, phone="031-0000-1111")
    pushed = Stop(id="@card-1", pushed=Screen(title={"ko": "여권"}, text={"ko": "가\n\n\n\n나"}), contact=contact)
    seen = drawn(replace(STATE, trail=(*STATE.trail, pushed)))
    assert seen.contact is not None
    assert (seen.title, seen.paragraphs, seen.contact.phone) == ("여권", ("가", "나"), "031-0000-1111")


def test_what_the_menu_says_comes_before_our_own_notice() -> None:
    assert drawn(replace(STATE, notice="text_sent")).notice == say("ko", "notice.text_sent")
    assert drawn(replace(STATE, notice="text_sent", said={"ko": "보냈습니다"})).notice == "보냈습니다"


def test_the_code_is_shown_in_two_groups_on_its_screen_alone() -> None:
    around = Around(code="041387")
    assert drawn(at(CODE, phase="web"), around).code == "041 387"
    assert drawn(STATE, around).code == ""


def test_screens_of_ours_are_marked() -> None:
    assert drawn(at(CAPTIONS)).captions
    assert drawn(at(WAIT)).waiting
    assert drawn(at(BOOKED)).waiting


@given(st.just(0.0) | st.floats(0.001, 1e6))
def test_minutes_are_rounded_up(seconds: float) -> None:
    minutes = whole_minutes(seconds)
    assert seconds <= minutes * 60 <= seconds + 60
    assert (minutes == 0) == (seconds == 0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("screen", ["main", WAIT, BOOKED])
@pytest.mark.parametrize(
    "around",
    [
        Around(),
        Around(position=2),
        Around(position=2, expect_s=90),
        Around(agent="김하늘"),
        Around(contact="주차관리과"),
        Around(ends=NOW),
    ],
)
def test_the_status_line_always_has_words(phase: Phase, screen: str, around: Around, language: Language) -> None:
    line = status(at(screen, phase=phase, language=language), around)
    assert line.text
    assert "{" not in line.text
    assert (line.phase, line.ends, line.position) == (phase, around.ends, around.position)


def test_the_status_line_tells_what_is_known() -> None:
    waiting = at(WAIT, phase="queued")
    assert status(waiting, Around(position=2, expect_s=61)).text == say("ko", "status.queued", position=2, minutes=2)
    assert status(waiting, Around(position=2)).text == say("ko", "status.queued_position", position=2)
    assert status(waiting, Around(contact="주차관리과")).text == say("ko", "status.contact", contact="주차관리과")
    assert status(at(BOOKED, phase="queued"), Around(position=2)).text == say("ko", "status.booked")
    assert status(at(WAIT, phase="talking"), Around()).text == say("ko", "status.talking_unnamed")
