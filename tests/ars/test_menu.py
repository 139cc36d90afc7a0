"""The state machine: examples a person would tell, then rules that hold whatever is thrown at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ars import state
from ars.effects import (
    Book,
    Effect,
    EndCall,
    Hush,
    Read,
    Refresh,
    SendText,
    Show,
    Speaks,
    ToContact,
    ToQueue,
    TryCode,
)
from ars.inputs import (
    BookingOver,
    BookingStands,
    Called,
    CalledBack,
    HungUp,
    Input,
    Joined,
    Key,
    NoAgent,
    NotBooked,
    NotSent,
    PageSeen,
    Push,
    Silence,
    Submit,
    Tap,
    TimeUp,
    WrongCode,
)
from ars.menu import CROSSING_S, step
from ars.model import (
    BOOKED,
    CALLBACK,
    CAPTIONS,
    CLOSED,
    CODE,
    JOIN,
    LANGUAGE,
    OVER,
    SEARCH,
    TALK,
    WAIT,
    Choice,
    Do,
    Field,
    Finish,
    Screen,
    Speak,
)
from ars.state import LONGEST_TRAIL, Sent, State, Stop, begin, resumed
from ars.view import Around, view
from tests.ars.small import small_menu

SEOUL = ZoneInfo("Asia/Seoul")
OPEN = dt.datetime(2026, 11, 26, 10, 0, tzinfo=SEOUL)
NIGHT = dt.datetime(2026, 11, 26, 22, 0, tzinfo=SEOUL)
MENU = small_menu()


def a_visit(*, now: dt.datetime = OPEN, **more: object) -> State:
    return begin("v1", MENU, now, has_number=True, **more)  # type: ignore[arg-type]


def walk(state: State, *events: Input, now: dt.datetime = OPEN) -> tuple[State, list[Effect]]:
    """Several inputs, each a second after the one before; the effects of the last one."""
    effects: tuple[Effect, ...] = ()
    for event in events:
        now += dt.timedelta(seconds=1)
        state, effects = step(state, event, now)
    return state, list(effects)


def keys(digits: str) -> list[Key]:
    return [Key(digit) for digit in digits]


# Moving.


def test_a_tap_does_what_the_key_does() -> None:
    by_key, _ = walk(a_visit(), Key("1"))
    by_tap, _ = walk(a_visit(), Tap(1, "1"))
    assert by_key.trail == by_tap.trail
    assert by_key.here.id == "documents"


def test_a_tap_silences_the_prompt_first_and_reads_the_new_screen() -> None:
    _, effects = walk(a_visit(), Tap(1, "1"))
    assert effects == [Hush(), Show("touch"), Read()]


def test_back_returns_and_stays_at_the_first_screen() -> None:
    state, effects = walk(a_visit(), Key("1"), Key("#"))
    assert state.here.id == "main"
    assert Show("key") in effects
    state, effects = walk(state, Key("#"))
    assert state.here.id == "main"
    assert effects == [Hush(), Read()]


def test_again_reads_the_screen_once_more() -> None:
    state, effects = walk(a_visit(), Key("*"))
    assert (state.number, effects) == (1, [Hush(), Read()])


def test_a_screen_on_the_way_is_returned_to_instead_of_stacked() -> None:
    state, _ = walk(a_visit(), Tap(1, "8"), Tap(2, LANGUAGE), Tap(3, CAPTIONS))
    assert [stop.id for stop in state.trail] == ["main", CAPTIONS]


def test_a_choice_is_there_only_while_its_schedule_is_open() -> None:
    lunch = OPEN.replace(hour=12, minute=30)
    state, _ = step(a_visit(), Key("1"), OPEN)
    assert step(state, Key("1"), lunch)[0].here.id == CALLBACK
    assert step(state, Key("1"), OPEN)[0].here.id == WAIT


def test_another_language_is_shown_and_read_on_the_same_screen() -> None:
    state, effects = walk(a_visit(), Key("1"), Tap(2, LANGUAGE), Tap(3, "2"))
    assert (state.language, state.here.id) == ("en", "documents")
    assert Read() in effects
    assert Speaks("en") in effects


def test_only_the_menus_languages_can_be_chosen() -> None:
    state, _ = walk(a_visit(), Tap(1, LANGUAGE), Key("3"))
    assert (state.language, state.notice) == ("ko", "no_match")


# Late, double and wrong.


def test_a_double_tap_happens_once() -> None:
    state, _ = step(a_visit(), Tap(1, "1"), OPEN)
    again, effects = step(state, Tap(1, "1"), OPEN)
    assert (again, effects) == (state, (Refresh(),))


def test_a_key_that_crossed_with_a_tap_was_meant_for_the_screen_before() -> None:
    state, _ = step(a_visit(), Tap(1, "1"), OPEN)
    soon = OPEN + dt.timedelta(seconds=CROSSING_S / 2)
    assert step(state, Key("2"), soon) == (state, ())
    assert step(state, Key("2"), OPEN + dt.timedelta(seconds=CROSSING_S))[0].here.id == "office"


def test_keys_ahead_of_the_voice_are_all_taken() -> None:
    state, _ = step(a_visit(), Key("1"), OPEN)
    assert step(state, Key("2"), OPEN)[0].here.id == "office"


def test_a_clock_that_jumps_back_swallows_no_key() -> None:
    state, _ = step(a_visit(), Tap(1, "1"), OPEN)
    assert step(state, Key("2"), OPEN - dt.timedelta(hours=1))[0].here.id == "office"


def test_wrong_keys_are_told_and_the_third_calls_a_person() -> None:
    state, effects = walk(a_visit(), Key("7"))
    assert effects == [Hush(), Refresh(), Read("no_match")]
    state, effects = walk(state, Key("7"), Key("7"))
    assert state.here.id == WAIT
    assert effects[-1] == ToQueue("")


def test_silence_is_asked_again_and_then_answered_by_a_person() -> None:
    state, effects = walk(a_visit(), Silence())
    assert effects == [Refresh(), Read("no_input")]
    state, effects = walk(state, Silence(), Silence())
    assert (state.phase, effects[-1]) == ("queued", ToQueue(""))


def test_silence_at_night_ends_the_call_in_the_end() -> None:
    state = a_visit(now=NIGHT)
    effects: list[Effect] = []
    assert state.here.id == "night"
    for _ in range(20):
        state, effects = walk(state, Silence(), now=NIGHT)
        if EndCall() in effects:
            break
    assert effects == [Read("goodbye"), EndCall()]


def test_a_page_cannot_press_what_is_not_there() -> None:
    state, effects = walk(a_visit(), Tap(1, "7"), Tap(1, "<script>"), Tap(1, "@over"))
    assert (state, effects) == (a_visit(), [Refresh()])


# A person.


@pytest.mark.parametrize(
    ("phase", "where"), [("menu", WAIT), ("queued", WAIT), ("talking", TALK), ("over", OVER), ("web", CODE)]
)
def test_zero_means_a_person_everywhere(phase: state.Phase, where: str) -> None:
    state = replace(a_visit(), phase=phase)
    after, effects = step(state, Tap(1, "0"), OPEN)
    assert after.here.id == where
    assert (ToQueue("") in effects) == (phase == "menu")


def test_zero_at_night_says_when_somebody_is_there() -> None:
    state, effects = walk(a_visit(now=NIGHT), Key("0"), now=NIGHT)
    assert state.here.id == CLOSED
    assert not any(isinstance(effect, ToQueue) for effect in effects)


def test_a_department_is_called_and_when_it_does_not_answer_the_menu_goes_on() -> None:
    state, effects = walk(a_visit(now=NIGHT), Key("1"), now=NIGHT)
    assert effects[-1] == ToContact("parking")
    state, effects = walk(state, NoAgent(contact=True), now=NIGHT)
    assert (state.phase, state.here.id) == ("menu", "night")
    assert effects == [Show("call"), Read("contact_failed")]


def test_nobody_free_offers_to_call_back() -> None:
    state, effects = walk(a_visit(), Key("0"), NoAgent())
    assert (state.phase, state.here.id) == ("menu", CALLBACK)
    assert Read("nobody_free") in effects


def test_the_agent_answers_and_the_page_says_so() -> None:
    state, effects = walk(a_visit(), Key("0"), Joined())
    assert (state.phase, state.here.id) == ("talking", TALK)
    assert effects == [Show("call")]


def test_who_fills_in_a_form_keeps_it_when_the_agent_answers() -> None:
    state, _ = walk(a_visit(), Key("2"))
    state, _ = step(replace(state, phase="queued"), Joined(), OPEN)
    assert (state.phase, state.here.id) == ("talking", "parking")


# Forms.


def test_a_form_is_checked_and_sent() -> None:
    state, _ = walk(a_visit(), Key("2"))
    state, effects = walk(state, Submit(2, {"where": "", "plate": "12가 3456", "agreed": "yes", "hack": "x"}))
    assert dict(state.errors) == {"where": "required"}
    assert effects == [Refresh()]
    state, effects = walk(state, Submit(2, {"where": "한빛대로 1", "plate": "12가 3456", "agreed": "yes"}))
    assert state.here.id == "thanks"
    sent = next(effect for effect in effects if isinstance(effect, Sent))
    assert dict(sent.values) == {"where": "한빛대로 1", "plate": "12가 3456", "picture": "", "agreed": "yes"}


def test_a_form_sent_twice_is_sent_once() -> None:
    state, _ = walk(a_visit(), Key("2"))
    form = Submit(2, {"where": "a", "plate": "b", "agreed": "yes"})
    state, _ = walk(state, form)
    assert step(state, form, OPEN) == (state, (Refresh(),))


def test_a_form_by_keys_alone() -> None:
    state, _ = walk(a_visit(), Key("3"), Key("2"), *keys("1201"), *keys("123"))
    assert dict(state.values) == {"item": "table", "day": "2026-12-01"}
    assert (state.keyed, state.secret) == ("123", True)
    state, effects = walk(state, Key("4"))
    sent = next(effect for effect in effects if isinstance(effect, Sent))
    assert dict(sent.values)["pin"] == "1234"
    assert SendText("waste", (("item", "탁자"), ("day", "2026-12-01"))) in effects
    assert state.here.id == "thanks"


def test_back_in_a_form_takes_the_keys_then_the_field_then_the_screen() -> None:
    state, _ = walk(a_visit(), Key("3"), Key("2"), *keys("12"))
    state, _ = walk(state, Key("#"))
    assert (state.keyed, state.field) == ("", 1)
    state, _ = walk(state, Key("#"))
    assert (state.field, state.values) == (0, ())
    state, _ = walk(state, Key("#"))
    assert state.here.id == "main"


def test_a_pause_ends_a_number() -> None:
    state, _ = walk(a_visit(), Key("0"), Key("1"), *keys("0311234567"), Silence())
    assert state.here.id == BOOKED


def test_a_date_that_is_none_is_asked_again() -> None:
    state, effects = walk(a_visit(), Key("3"), Key("1"), *keys("0230"))
    assert (state.field, state.keyed, effects[-1]) == (1, "", Read("no_match"))


def test_a_form_that_needs_writing_takes_no_keys() -> None:
    state, effects = walk(a_visit(), Key("2"), Key("5"))
    assert (state.here.id, state.field) == ("parking", -1)
    assert Read("no_match") in effects


def test_a_form_whose_time_is_up_is_left_with_a_word() -> None:
    state, effects = walk(a_visit(), Key("2"), TimeUp())
    assert (state.here.id, state.notice) == ("main", "time_up")
    assert Show("time") in effects


# Callback, code, text.


def test_a_callback_keeps_the_place_and_ends_the_call() -> None:
    state, effects = walk(a_visit(), Key("0"), Key("1"), Key("1"))
    assert state.here.id == BOOKED
    assert Book("") in effects
    assert effects[-1] == EndCall()


def test_a_withheld_number_cannot_be_called_back_without_being_told() -> None:
    state, effects = walk(replace(a_visit(), has_number=False), Key("0"), Key("1"), Key("1"))
    assert state.here.id == CALLBACK
    assert effects[-1] == Read("no_match")


def test_a_code_is_tried_and_asked_again_when_wrong() -> None:
    state = replace(a_visit(), trail=(Stop(id="main"), Stop(id=JOIN)), field=0)
    state, effects = walk(state, *keys("123456"))
    assert TryCode("123456") in effects
    state, effects = walk(state, WrongCode())
    assert (state.here.id, state.field, effects[-1]) == (JOIN, 0, Read("wrong_code"))


def test_a_page_that_was_opened_first_keeps_its_screen_when_the_call_comes() -> None:
    web = begin("w", MENU, OPEN, phase="web")
    web, _ = walk(web, Tap(1, "1"), Tap(2, "0"))
    assert web.here.id == CODE
    called, effects = walk(web, Called(has_number=False))
    assert (called.phase, called.here.id) == ("menu", "documents")
    assert effects == [Show("call"), Read("call_linked")]


def test_a_form_filled_in_before_the_call_is_kept_for_it() -> None:
    """Nobody would get it: so it must not say that it was received."""
    filled = {"where": "한빛대로 1", "plate": "12가 3456", "agreed": "yes"}
    web, effects = walk(begin("w", MENU, OPEN, phase="web"), Tap(1, "2"), Submit(2, filled | {"plate": "1"}))
    assert (web.here.id, web.notice, effects) == (CODE, "form_kept", [Show("touch")])
    web, _ = walk(web, Tap(web.number, "#"), Tap(web.number + 1, "2"), Submit(web.number + 2, filled))
    called, effects = walk(web, Called(has_number=True))
    sent = [effect for effect in effects if isinstance(effect, Sent)]
    assert [dict(form.values)["plate"] for form in sent] == ["12가 3456"], "of one form the last"
    assert (called.kept, called.here.id, effects[-1]) == ((), "main", Read("call_linked"))


def test_no_text_message_without_a_mobile_number() -> None:
    state, _ = walk(replace(a_visit(), has_number=False), Key("3"), Key("1"), *keys("1201"), *keys("1234"))
    assert state.notice == "no_number"


def test_a_text_message_that_did_not_go_is_told() -> None:
    state, effects = walk(a_visit(), NotSent())
    assert (state.notice, effects) == ("text_failed", [Refresh(), Read("text_failed")])


# The agent's pushes, and the end.


def test_a_pushed_card_is_shown_and_back_returns() -> None:
    card = Stop(id="@card-7", pushed=Screen(title={"ko": "여권 재발급"}))
    state, effects = walk(a_visit(), Key("0"), Joined(), Push(card))
    assert (state.here, effects) == (card, [Show("agent")])
    state, _ = walk(state, Tap(state.number, "#"))
    assert state.here.id == TALK


def test_a_pushed_form_comes_filled_in() -> None:
    state, _ = walk(a_visit(), Key("0"), Joined(), Push(Stop(id="parking"), (("where", "한빛대로 1"),)))
    assert dict(state.values) == {"where": "한빛대로 1"}


def test_hanging_up_in_the_middle_of_a_form_leaves_the_form() -> None:
    state, _ = walk(a_visit(), Key("2"), HungUp())
    assert (state.phase, state.here.id, state.notice) == ("over", "parking", "form_goes_on")
    state, effects = walk(state, Submit(state.number, {"where": "a", "plate": "b", "agreed": "yes"}))
    assert any(isinstance(effect, Sent) for effect in effects)


def test_after_a_talk_satisfaction_is_asked_for() -> None:
    state, _ = walk(a_visit(), Key("0"), Joined(), HungUp())
    assert state.here.id == "rate"
    state, _ = walk(state, Submit(state.number, {"helped": "yes"}))
    assert state.here.id == OVER


def test_without_a_talk_it_is_not() -> None:
    state, _ = walk(a_visit(), HungUp())
    assert state.here.id == OVER


# Whatever comes.

A_CHOICE = st.sampled_from([*"0123456789*#", CAPTIONS, LANGUAGE, SEARCH, TALK, WAIT, "@over", "x"])
CARD = Stop(id="@card-1", pushed=Screen(title={"ko": "카드"}))
INPUTS = st.one_of(
    st.builds(Key, st.sampled_from("0123456789*#ABCD")),
    st.builds(Tap, st.integers(1, 12), A_CHOICE),
    st.builds(lambda choice: Tap(-1, choice), A_CHOICE),
    st.builds(
        Submit,
        st.sampled_from([-1, 1, 2, 3]),
        st.dictionaries(
            st.sampled_from(["where", "plate", "agreed", "helped", "number", "code"]), st.text(max_size=12)
        ),
    ),
    st.builds(Push, st.sampled_from([CARD, Stop(id="parking"), Stop(id="office")])),
    st.builds(PageSeen, st.booleans()),
    st.sampled_from(
        [
            Silence(),
            TimeUp(),
            Joined(),
            NoAgent(),
            NoAgent(contact=True),
            NotBooked(),
            WrongCode(),
            HungUp(),
            CalledBack(),
            BookingStands(),
            BookingOver(),
        ]
    ),
    st.builds(Called, st.booleans()),
)
MOMENTS = st.sampled_from([OPEN, NIGHT, OPEN + dt.timedelta(seconds=0.2), OPEN + dt.timedelta(days=2, hours=2)])
STARTS = st.sampled_from(["web", "menu", "queued"])


def fresh(event: Input, state: State) -> Input:
    """-1 stands for the screen that is shown."""
    return replace(event, number=state.number) if isinstance(event, Tap | Submit) and event.number == -1 else event


@settings(max_examples=400)
@given(STARTS, st.lists(st.tuples(INPUTS, MOMENTS), max_size=40))
def test_page_voice_and_state_agree_whatever_the_interleaving(
    phase: state.Phase, events: Sequence[tuple[Input, dt.datetime]]
) -> None:
    state = begin("v", MENU, OPEN, phase=phase, has_number=True)
    page, ear = state.here, state.here
    for event, now in events:
        before = state
        state, effects = step(state, fresh(event, before), now)
        if any(isinstance(effect, Show) for effect in effects):
            page = state.here
        if any(isinstance(effect, Read) for effect in effects):
            ear = state.here
        assert page == state.here, "the page was not told of the new screen"
        if state.can_speak and not any(isinstance(effect, EndCall) for effect in effects) and state.here != before.here:
            assert ear == state.here, "the voice was not told of the new screen"
        assert state.number >= before.number
        assert state.here == before.here or state.number > before.number, "two screens of one number"
        ids = [stop.id for stop in state.trail]
        assert len(ids) == len(set(ids)) <= LONGEST_TRAIL
        assert all(stop.pushed or stop.id in MENU.screens for stop in state.trail)
        assert -1 <= state.field < max(1, len(state.screen.fields))


@settings(max_examples=200)
@given(st.lists(INPUTS, max_size=25), INPUTS.filter(lambda event: isinstance(event, Tap | Submit)))
def test_the_same_tap_twice_is_the_tap_once(events: list[Input], tap: Input) -> None:
    state = begin("v", MENU, OPEN, has_number=True)
    for event in events:
        state, _ = step(state, fresh(event, state), OPEN)
    named = fresh(tap, state)
    once, _ = step(state, named, OPEN)
    if once.number != state.number:
        assert step(once, named, OPEN) == (once, (Refresh(),))


@settings(max_examples=200)
@given(st.lists(INPUTS, max_size=25))
def test_every_screen_reaches_a_person(events: list[Input]) -> None:
    state = begin("v", MENU, OPEN, has_number=True)
    for event in events:
        state, _ = step(state, fresh(event, state), OPEN)
    tapped, effects = step(state, Tap(state.number, "0"), OPEN)
    where = {"menu": WAIT, "queued": WAIT, "talking": TALK, "over": OVER, "web": CODE}[state.phase]
    assert tapped.here.id == where
    if state.phase != "menu":
        return
    assert ToQueue("") in effects
    now = OPEN
    for key in "##0" * 8:  # by keys: 0 is a figure where a number is asked for, back leads out of it
        now += dt.timedelta(seconds=1)
        state, effects = step(state, Key(key), now)
        if ToQueue("") in effects:
            return
    raise AssertionError(f"no way to a person from {state.here.id}")


# Ways that are seldom gone.


def test_zero_while_a_department_rings_finds_an_agent() -> None:
    menu_open = replace(MENU, agents="")
    state = begin("v", menu_open, NIGHT, has_number=True)
    state, _ = walk(state, Key("1"), now=NIGHT)
    assert (state.phase, state.ringing) == ("queued", True)
    state, effects = walk(state, Key("0"), now=NIGHT)
    assert effects[-1] == ToQueue("")
    assert not state.ringing
    assert not any(isinstance(effect, ToQueue) for effect in walk(state, Key("0"), now=NIGHT)[1])


@pytest.mark.parametrize(("waiting", "phase"), [(True, "queued"), (False, "menu")])
def test_a_refused_booking_brings_the_caller_back_to_where_she_was(waiting: bool, phase: str) -> None:
    booked, _ = walk(a_visit(), Key("0"), Key("1"), Key("1"))
    state, effects = step(booked, NotBooked(waiting=waiting), OPEN)
    assert (state.phase, state.here.id, state.notice) == (phase, CALLBACK, "not_callable")
    assert effects == (Show("call"), Read("not_callable"))


def test_a_refused_booking_disturbs_nobody_who_talks() -> None:
    state, _ = walk(a_visit(), Key("0"), Key("1"), Key("1"), Joined())
    assert step(state, NotBooked(), OPEN)[0].here.id == TALK


def test_who_was_called_back_does_not_wait_for_it_any_more() -> None:
    booked, _ = walk(a_visit(), Key("0"), Key("1"), Key("1"))
    assert booked.here.id == BOOKED
    assert step(booked, BookingOver(), OPEN) == (booked, ()), "not while she is still on the line"
    over, _ = walk(booked, HungUp())
    assert over.here.id == BOOKED
    called, effects = step(over, BookingOver(), OPEN)
    assert (called.phase, called.here.id) == ("over", OVER)
    assert effects == (Show("call"),)
    assert step(called, BookingOver(), OPEN) == (called, ())


def test_a_callback_is_a_new_call_on_the_old_page() -> None:
    booked, _ = walk(a_visit(), Key("0"), Key("1"), Key("1"))
    assert step(booked, CalledBack(), OPEN) == (booked, ()), "not while she is still on the line"
    over, _ = walk(booked, HungUp())
    state, effects = step(over, CalledBack(), OPEN)
    assert (state.phase, state.here.id, state.notice) == ("queued", WAIT, "called_back")
    assert effects == (Show("call"), Read("called_back"))
    assert [stop.id for stop in state.trail] == ["main", WAIT]
    talking, _ = step(state, Joined(), OPEN)
    assert (talking.phase, talking.here.id) == ("talking", TALK)


def test_a_callback_does_not_take_a_form_out_of_the_callers_hand() -> None:
    writing, _ = walk(a_visit(), Push(Stop(id="parking")), HungUp())
    assert (writing.phase, writing.here.id) == ("over", "parking")
    state, effects = step(writing, CalledBack(), OPEN)
    assert (state.phase, state.here.id) == ("queued", "parking")
    assert effects == (Refresh(), Read("called_back"))


def test_a_callback_that_was_not_answered_will_be_made_again_and_the_page_says_so() -> None:
    over, _ = walk(a_visit(), Key("0"), Key("1"), Key("1"), HungUp())
    assert step(over, BookingStands(), OPEN) == (over, ()), "she reads it already"
    missed, _ = walk(over, CalledBack(), HungUp())
    assert missed.here.id == OVER
    state, effects = step(missed, BookingStands(), OPEN)
    assert (state.phase, state.here.id, state.notice) == ("over", BOOKED, "call_missed")
    assert effects == (Show("call"),)


def choosing(*do: Do, go: str = "") -> State:
    """The menu's first screen with one choice, 1."""
    screen = Screen(title={"ko": "처음"}, choices=(Choice(digit="1", label={"ko": "예"}, do=do, go=go),))
    return begin("v", replace(MENU, screens={**MENU.screens, "main": screen}), OPEN, has_number=True)


def test_a_choice_that_ends_the_call_says_goodbye_and_nothing_after_it() -> None:
    _, effects = walk(choosing(Finish()), Key("1"))
    assert [effect for effect in effects if isinstance(effect, Read | EndCall)] == [Read("goodbye"), EndCall()]


def test_the_last_screen_is_heard_before_the_call_ends() -> None:
    _, effects = walk(choosing(Finish(), go="thanks"), Key("1"))
    assert effects == [Hush(), Show("key"), Read(), EndCall()]
    thanks = replace(MENU.screens["thanks"], on_show=(Finish(),))
    state = replace(a_visit(), menu=replace(MENU, screens={**MENU.screens, "documents": thanks}))
    assert walk(state, Key("1"))[1] == [Hush(), Show("key"), Read(), EndCall()]


def test_a_choice_may_change_the_language_and_the_screen() -> None:
    state, _ = walk(choosing(Speak(language="en"), go="documents"), Key("1"))
    assert (state.language, state.here.id) == ("en", "documents")


def test_a_page_on_the_web_cannot_take_another_page_by_guessing_its_code() -> None:
    web = replace(begin("w", MENU, OPEN, phase="web"), trail=(Stop(id="main"), Stop(id=JOIN)))
    state, effects = step(web, Submit(1, {"code": "123456"}), OPEN)
    assert not any(isinstance(effect, TryCode) for effect in effects)
    assert state.notice == "call_first"


def test_silence_leaves_out_what_is_not_required() -> None:
    fields = (
        Field(id="n", label={"ko": "번호"}, kind="digits", longest=4, required=False),
        Field(id="ok", label={"ko": "동의"}, kind="consent", required=False),
    )
    form = Screen(title={"ko": "신청"}, fields=fields, then="thanks")
    state = replace(a_visit(), menu=replace(MENU, screens={**MENU.screens, "documents": form}))
    state, _ = walk(state, Key("1"), Silence())
    assert (state.field, state.values, state.misses) == (1, (("n", ""),), 0)
    state, effects = walk(state, Silence())
    assert effects[-1] == Read("no_input"), "silence is no consent"
    state, _ = walk(state, Key("2"))
    assert state.here.id == "thanks"


def test_a_text_message_gets_answers_in_words_and_no_secrets() -> None:
    _, effects = walk(a_visit(), Key("3"), Key("1"), *keys("1201"), *keys("1234"))
    texts = [effect for effect in effects if isinstance(effect, SendText)]
    assert texts == [SendText("waste", (("item", "의자"), ("day", "2026-12-01")))]


def test_a_talk_goes_on_where_it_was_after_a_restart() -> None:
    state = resumed("v", MENU, OPEN, screen="waste", language="en", has_number=True, number=1200)
    assert (state.phase, state.here.id, state.field, state.number) == ("talking", "waste", 0, 1200)
    assert [stop.id for stop in state.trail] == ["main", "waste"]
    gone = resumed("v", MENU, OPEN, screen="@card-7", language="ko", has_number=True, number=1)
    assert (gone.here.id, gone.field) == ("main", -1)


@settings(max_examples=300)
@given(STARTS, st.lists(st.tuples(INPUTS, MOMENTS), max_size=30))
def test_the_page_is_told_of_all_that_it_draws(phase: state.Phase, events: Sequence[tuple[Input, dt.datetime]]) -> None:
    state = begin("v", MENU, OPEN, phase=phase, has_number=True)
    for event, now in events:
        before = state
        state, effects = step(state, fresh(event, before), now)
        told = any(isinstance(effect, Show | Refresh) for effect in effects)
        same = replace(view(before, Around(), now), phase=state.phase) == view(state, Around(), now)
        assert told or same, "something else would be drawn, and the page does not know"


@settings(max_examples=200)
@given(st.lists(INPUTS, max_size=25))
def test_words_that_end_a_call_are_the_last_ones(events: list[Input]) -> None:
    state = begin("v", MENU, NIGHT, has_number=True)
    for event in events:
        state, effects = step(state, fresh(event, state), NIGHT)
        if EndCall() in effects:
            assert not any(isinstance(effect, Read) for effect in effects[effects.index(EndCall()) :])
