"""The voice twin: the words of each screen, in each language, and what is rendered ahead."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ars.model import CLOSED, JOIN, KEYED, LANGUAGES, WAIT, Choice, Field, Language, Screen, Words, offered
from ars.state import State, Stop, begin
from ars.view import Around
from ars.voice import HOW_TO_JOIN, Speech, all_pieces, callback_offer, digits, place_in_queue, speech
from ars.words import say
from tests.ars.small import small_menu

NOW = dt.datetime(2026, 11, 26, 10, 0)
MENU = small_menu(languages=LANGUAGES)
NOWHERE = Around()
STATE = begin("v", MENU, NOW, has_number=True)


def texts(spoken: Speech) -> list[str]:
    return [piece.text for piece in spoken]


def at(screen: str, field: int = -1, language: Language = "ko", **more: object) -> State:
    return replace(STATE, trail=(Stop(id=screen),), field=field, language=language, **more)


def keyed(screen: Screen) -> list[int]:
    """Where keys may be in a form, and nowhere."""
    return [-1, *(place for place, field in enumerate(screen.fields) if field.kind in KEYED)]


def test_a_menu_is_its_words_its_choices_and_the_keys_of_everybody() -> None:
    words = speech(STATE, NOWHERE, NOW)
    choices = MENU.screens["main"].choices
    assert words[0].name == "main"
    assert len(words) == 1 + len(choices) + 1
    assert texts(words)[1] == say("ko", "voice.choice", label="민원서류", digit="1")
    assert texts(words)[-1] == say("ko", "voice.keys")


def test_a_choice_that_is_closed_is_not_read() -> None:
    lunch = NOW.replace(hour=12, minute=30)
    assert texts(speech(at("documents"), NOWHERE, NOW)) != texts(speech(at("documents"), NOWHERE, lunch))


def test_what_costs_money_says_so_before_anything_else() -> None:
    assert texts(speech(at("waste", 0), NOWHERE, NOW))[0] == MENU.screens["waste"].fee["ko"]


def test_the_fee_is_said_also_where_the_first_field_is_for_the_page() -> None:
    form = Screen(
        title={"ko": "신청"},
        paid=True,
        fee={"ko": "1,000원입니다."},
        fields=(
            Field(id="note", label={"ko": "메모"}, required=False),
            Field(id="pin", label={"ko": "번호"}, kind="digits", shortest=4, longest=4),
            Field(id="day", label={"ko": "날짜"}, kind="date"),
        ),
    )
    menu = replace(MENU, screens={**MENU.screens, "form": form})
    first = texts(speech(at("form", 1, menu=menu), NOWHERE, NOW))
    assert first[:3] == ["1,000원입니다.", "신청.", "번호."]
    assert texts(speech(at("form", 2, menu=menu), NOWHERE, NOW))[0] == "날짜."


def test_a_form_is_asked_field_by_field() -> None:
    assert texts(speech(at("waste", 0), NOWHERE, NOW))[2:] == [
        "무엇을 버리시나요?",
        *(say("ko", "voice.choice", label=label, digit=digit) for digit, label in enumerate(("의자", "탁자"), 1)),
    ]
    assert texts(speech(at("waste", 1), NOWHERE, NOW)) == ["버리시는 날.", say("ko", "voice.date")]
    assert texts(speech(at("waste", 2), NOWHERE, NOW)) == ["비밀번호.", say("ko", "voice.digits", count=4)]


def test_a_field_that_may_stay_empty_says_how() -> None:
    form = Screen(
        title={"ko": "신청"}, fields=(Field(id="n", label={"ko": "번호"}, kind="digits", longest=4, required=False),)
    )
    menu = replace(MENU, screens={**MENU.screens, "form": form})
    assert texts(speech(at("form", 0, menu=menu), NOWHERE, NOW))[-1] == say("ko", "voice.optional")


def test_a_form_for_the_page_alone_says_so() -> None:
    assert texts(speech(at("parking"), NOWHERE, NOW))[-1] == say("ko", "voice.form_by_page")


def test_a_contact_is_read_figure_by_figure() -> None:
    assert any("0 3 1, 0 0 0 0, 2 3 4 5" in text for text in texts(speech(at("office"), NOWHERE, NOW)))
    assert digits("120") == "1 2 0"


def test_who_waits_hears_her_place_once_it_is_known() -> None:
    waiting = at(WAIT, phase="queued")
    assert len(speech(waiting, NOWHERE, NOW)) > 1
    told = speech(waiting, Around(position=3, expect_s=61.0), NOW)
    assert texts(told) == [say("ko", "voice.position", position=3, minutes=2)]
    assert told == place_in_queue(waiting, Around(position=3, expect_s=61.0))
    assert texts(place_in_queue(waiting, Around(position=1))) == [
        say("ko", "voice.position_unknown", position=1, minutes=0)
    ]


def test_who_gets_no_link_hears_the_menu_first_and_then_how_to_join() -> None:
    main = MENU.screens["main"]
    joining = replace(main, choices=(*main.choices, Choice(digit="9", label={"ko": "화면과 잇기"}, go=JOIN)))
    landline = replace(STATE, has_number=False, menu=replace(MENU, screens={**MENU.screens, "main": joining}))
    said = texts(speech(landline, NOWHERE, NOW, notice=HOW_TO_JOIN))
    assert said == [*texts(speech(landline, NOWHERE, NOW)), say("ko", "voice.how_to_join", keys="9")]
    nowhere = replace(STATE, has_number=False)
    assert speech(nowhere, NOWHERE, NOW, notice=HOW_TO_JOIN) == speech(nowhere, NOWHERE, NOW), "no key leads there"


def test_goodbye_is_all_that_is_said() -> None:
    assert texts(speech(at(CLOSED), NOWHERE, NOW, notice="goodbye")) == [say("ko", "notice.goodbye")]


def test_words_of_the_menu_come_instead_of_a_notice() -> None:
    words: Words = {"ko": "잠시만요", "en": "One moment"}
    assert texts(speech(STATE, NOWHERE, NOW, notice="text_sent", words=words))[0] == "잠시만요"
    assert texts(speech(STATE, NOWHERE, NOW, notice="text_sent"))[0] == say("ko", "notice.text_sent")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_spoken_on_every_screen(language: Language) -> None:
    for screen_id, screen in MENU.screens.items():
        for field in keyed(screen):
            pieces = speech(at(screen_id, field, language), NOWHERE, NOW)
            assert pieces
            for piece in pieces:
                assert piece.language == language
                assert piece.text.strip() == piece.text != ""
                assert "{" not in piece.text
                assert "·" not in piece.text
    assert callback_offer(at("main", language=language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_rendered_ahead_is_what_will_be_said(language: Language) -> None:
    pieces = set(all_pieces(at("main", language=language), NOW))
    for screen_id, screen in MENU.screens.items():
        for field in keyed(screen):
            assert set(speech(at(screen_id, field, language), NOWHERE, NOW)) <= pieces
    assert set(callback_offer(at("main", language=language))) <= pieces


@given(st.text(min_size=3, max_size=20), st.integers(1, 99), st.floats(1, 9999))
def test_nothing_of_a_caller_is_rendered_ahead(value: str, position: int, expect_s: float) -> None:
    hers = replace(
        STATE, values=(("where", value),), keyed=value, notice="wrong_code", said={"ko": value}, visit_id=value
    )
    assert all_pieces(hers, NOW) == all_pieces(STATE, NOW)


@given(st.lists(st.sampled_from(MENU.screens["main"].choices), max_size=9))
def test_as_many_choices_are_read_as_the_page_shows(choices: list[Choice]) -> None:
    screen = replace(MENU.screens["main"], choices=tuple(choices))
    state = at("main", menu=replace(MENU, screens={**MENU.screens, "main": screen}))
    assert len(speech(state, NOWHERE, NOW)) == 2 + len(offered(MENU, screen, NOW))
