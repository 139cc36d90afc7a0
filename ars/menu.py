"""The one state machine of the visual ARS: ``step(state, input, now) -> (state, effects)``. Pure.

Keypad, touch, the agent's pushes, silence and hang-up are inputs like each other, and neither the page nor the voice
holds state: both show ``state.here``. So they can never disagree. Whoever calls ``step`` carries out the effects, in
order. What may come in stands in ``ars.inputs``, what goes out in ``ars.effects``, the state and the table of its
phases in ``ars.state``.

A tap names the number of the screen that it was made on; one for an older screen is a double tap, or crossed with a key
on its way, and only brings the page up to date. A key has no such number: one that comes within ``CROSSING_S`` of a
change by touch or by the agent was meant for the screen before, and is dropped.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from msgspec.structs import replace

from ars import forms
from ars.effects import EndCall, Hush, Read, Refresh, Show, Step
from ars.filling import accepted, keyed, submitted, wants_figures
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
    Unbooked,
    WrongCode,
)
from ars.model import (
    AGAIN,
    AGENT,
    BACK,
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
    BookCallback,
    Choice,
    Transfer,
    offered,
)
from ars.moving import back, do_all, followed, free_of_waiting, go, missed, read, show, to_agent
from ars.state import State, Stop, Values, bounded, can, in_phase, way_to
from core.events import ScreenCause

CROSSING_S: Final = 0.5
"""A key this soon after a change that the caller's ear could not know of was meant for the screen before."""
TAPPED: Final = frozenset({CAPTIONS, LANGUAGE, SEARCH, TALK, WAIT})
"""Screens of ours that a page's own buttons open, beside the choices of the screen."""


def step(state: State, event: Input, now: dt.datetime) -> Step:
    """The state after an input, and what has to be done. ``now`` is local time; it may jump."""
    after, effects = _answer(state, event, now)
    if _drawn(after) != _drawn(state) and not any(isinstance(effect, Show | Refresh) for effect in effects):
        return after, (Refresh(), *effects)
    return after, effects


def _drawn(state: State) -> tuple[object, ...]:
    """What a page draws of a screen, beside the menu's own words."""
    return state.notice, state.said, state.errors, state.values, state.keyed, state.field


def _answer(state: State, event: Input, now: dt.datetime) -> Step:
    fresh = replace(state, notice="", said={}, errors=())
    match event:
        case Key(digit=digit):
            return _key(state, fresh, digit, now)
        case Tap(number=number, choice=choice):
            return _stale(state) if number != state.number else _tap(fresh, choice, now)
        case Submit(number=number, values=values):
            return _stale(state) if number != state.number or not state.screen.fields else submitted(fresh, values, now)
        case Push(stop=stop, values=values):
            return _pushed(fresh, stop, values, now)
        case Silence():
            return _silence(fresh, now)
        case TimeUp():
            return _time_up(fresh)
        case Called(has_number=has_number):
            return _called(fresh, has_number)
        case Joined():
            return _joined(fresh)
        case NoAgent(contact=contact):
            return _no_agent(fresh, contact)
        case NotBooked(waiting=waiting, why=why):
            return _not_booked(fresh, waiting, why)
        case NotSent():
            told = replace(fresh, notice="text_failed")
            return told, (Refresh(), *read(told))
        case WrongCode():
            return replace(fresh, notice="wrong_code", misses=fresh.misses + 1), (Refresh(), Read("wrong_code"))
        case CalledBack():
            return _called_back(state, fresh)
        case BookingStands():
            return _booking_stands(state, fresh)
        case BookingOver():
            return _booking_over(state, fresh)
        case HungUp():
            return _hung_up(fresh)
        case PageSeen(open=is_there):
            return replace(state, page=is_there), ()


# Keys and taps.


def _key(state: State, fresh: State, digit: str, now: dt.datetime) -> Step:
    if state.phase in ("web", "over"):
        return state, ()
    if state.moved is not None and 0 <= (now - state.moved).total_seconds() < CROSSING_S:
        return state, ()
    quiet = (Hush(),) if state.can_speak else ()
    after, effects = _pressed(fresh, digit, "key", now)
    return after, (*quiet, *effects)


def _tap(state: State, choice: str, now: dt.datetime) -> Step:
    quiet = (Hush(),) if state.can_speak else ()
    if choice in TAPPED and choice in state.menu.screens:
        if (choice == WAIT and state.phase != "queued") or (choice == TALK and state.phase != "talking"):
            return _stale(state)
        after, effects = go(state, choice, "touch", now)
    else:
        after, effects = _pressed(state, choice, "touch", now)
    if after == state and effects == (Refresh(),):
        return _stale(state)
    if after.number != state.number:
        after = replace(after, moved=now)
    return after, (*quiet, *effects)


def _stale(state: State) -> Step:
    """For another screen than this one: nothing happens, the page is brought up to date."""
    return state, (Refresh(),)


def _pressed(state: State, digit: str, cause: ScreenCause, now: dt.datetime) -> Step:
    if digit == AGENT and not (cause == "key" and wants_figures(state)):
        return to_agent(state, state.menu.queue, cause, now)
    if digit == BACK:
        return back(state, cause)
    if digit == AGAIN:
        return replace(state, keyed=""), read(state)
    if cause == "key" and state.field >= 0:
        return keyed(state, digit, now)
    choice = next((c for c in offered(state.menu, state.screen, now) if c.digit == digit), None)
    if choice is None:
        return _stale(state) if cause == "touch" else missed(state, "no_match", now)
    return _chosen(replace(state, misses=0), choice, cause, now)


def _chosen(state: State, choice: Choice, cause: ScreenCause, now: dt.datetime) -> Step:
    after, effects = do_all(state, choice.do, (), cause, now)
    moved = after.number != state.number and any(isinstance(do, Transfer | BookCallback) for do in choice.do)
    if choice.go and not moved:  # a transfer may have moved the caller already
        after, more = go(after, choice.go, cause, now)
        return after, followed(effects, more)
    if after.number != state.number:
        return after, effects
    if EndCall() in effects:  # goodbye was said, nothing is offered any more
        return after, (*effects, Refresh())
    return after, (*effects, Refresh(), *read(after))


# Silence, and the agent's pushes.


def _silence(state: State, now: dt.datetime) -> Step:
    if state.field >= 0:
        left_out = state.phase == "menu" and forms.may_be_silent(state.screen.fields[state.field])
        if state.keyed or left_out:
            return accepted(state, state.keyed, now)
    if state.phase != "menu":
        return state, ()
    return missed(state, "no_input", now)


def _time_up(state: State) -> Step:
    if not state.screen.minutes or not state.screen.fields:
        return state, ()
    return show(replace(state, notice="time_up"), state.trail[:-1] or state.trail, "time")


def _pushed(state: State, stop: Stop, values: Values, now: dt.datetime) -> Step:
    trail = tuple(earlier for earlier in state.trail if earlier.id != stop.id) or state.trail[:1]
    longer = (*trail, stop) if trail[-1].id != stop.id else (*trail[:-1], stop)
    after, effects = show(state, bounded(longer), "agent", values)
    return replace(after, moved=now), effects


# What the call brings. What cannot happen in a phase changes nothing: it was overtaken by something else.


def _called(state: State, has_number: bool) -> Step:
    if not can(state, "called"):
        return state, ()
    trail = tuple(stop for stop in state.trail if stop.id not in (CODE, JOIN)) or state.trail[:1]
    linked = replace(in_phase(state, "called"), has_number=has_number, notice="call_linked", kept=())
    after, effects = show(linked, trail, "call")
    return after, (*state.kept, *effects)


def _joined(state: State) -> Step:
    if not can(state, "join"):
        return state, ()
    joined = replace(in_phase(state, "join"), misses=0, notice="joined", ringing=False)
    if state.here.id == CAPTIONS or state.screen.fields or state.screen.search:
        return replace(joined, trail=free_of_waiting(state.trail)), (Refresh(),)
    return show(joined, way_to(free_of_waiting(state.trail), Stop(id=TALK)), "call")


def _no_agent(state: State, contact: bool) -> Step:
    if not can(state, "give_up"):
        return state, ()
    notice = "contact_failed" if contact else "nobody_free"
    given_up = replace(in_phase(state, "give_up"), misses=0, notice=notice, ringing=False)
    trail = free_of_waiting(state.trail)
    if contact:
        return show(given_up, trail, "call")
    wanted = CALLBACK if state.menu.wait.callback else CLOSED
    return show(given_up, way_to(trail, Stop(id=wanted)), "call")


def _not_booked(state: State, waiting: bool, why: Unbooked) -> Step:
    """Back to the form, and to what the caller did before: she has not lost her place."""
    if not can(state, "unbook"):  # somebody answered meanwhile, or she hung up
        return state, ()
    before = replace(state if waiting else in_phase(state, "unbook"), notice=why)
    return show(before, way_to(free_of_waiting(state.trail), Stop(id=CALLBACK)), "call")


def _called_back(state: State, fresh: State) -> Step:
    """A new call on the old page: what she did on it stays."""
    if not can(state, "call_back"):
        return state, ()
    again = replace(in_phase(fresh, "call_back"), misses=0, notice="called_back", ringing=False)
    trail = _without_the_end(state.trail)
    if state.here.id == CAPTIONS or (state.screen.fields and trail[-1:] == state.trail[-1:]):
        kept = replace(again, trail=trail, field=forms.first_keyed(state.screen))
        return kept, (Refresh(), *read(kept))
    return show(again, way_to(trail, Stop(id=WAIT)), "call")


def _booking_stands(state: State, fresh: State) -> Step:
    """She did not pick up: the page says that we call again."""
    if state.phase != "over" or state.here.id != OVER:
        return state, ()
    return show(replace(fresh, notice="call_missed"), way_to(_without_the_end(state.trail), Stop(id=BOOKED)), "call")


def _booking_over(state: State, fresh: State) -> Step:
    """Who still reads that she will be called must not wait for it."""
    if state.phase != "over" or state.here.id != BOOKED:
        return state, ()
    return show(fresh, way_to(_without_the_end(state.trail), Stop(id=OVER)), "call")


def _without_the_end(trail: tuple[Stop, ...]) -> tuple[Stop, ...]:
    """The trail without what was true only for the call before."""
    return tuple(stop for stop in free_of_waiting(trail) if stop.id not in (CALLBACK, OVER)) or trail[:1]


def _hung_up(state: State) -> Step:
    if not can(state, "hang_up"):
        return state, ()
    over = replace(in_phase(state, "hang_up"), keyed="", field=-1, ringing=False)
    if state.screen.fields and state.here.id != JOIN:
        return replace(over, notice="form_goes_on"), (Refresh(),)
    if state.here.id in (CAPTIONS, BOOKED):
        return over, (Refresh(),)
    asked = state.menu.satisfaction if state.phase == "talking" else ""
    return show(over, way_to(free_of_waiting(state.trail), Stop(id=asked or OVER)), "call")
