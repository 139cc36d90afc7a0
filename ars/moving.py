"""How a visit moves: to another screen, back, to a person; and what a menu's effects do. Pure.

Used by ``ars.menu`` (keys, taps and what the call brings) and ``ars.filling`` (forms).
"""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from ars import forms
from ars.effects import (
    Book,
    Effect,
    EndCall,
    Read,
    Refresh,
    SendText,
    SendVisitLink,
    Show,
    Speaks,
    Step,
    ToContact,
    ToQueue,
    TryCode,
)
from ars.model import (
    BOOKED,
    CALLBACK,
    CLOSED,
    CODE,
    LANGUAGE,
    OVER,
    TALK,
    WAIT,
    BookCallback,
    Do,
    Finish,
    JoinPage,
    Say,
    Send,
    SendLink,
    Speak,
    Transfer,
    is_open,
    said,
)
from ars.state import State, Stop, Values, in_phase, way_to, without
from core.events import ScreenCause

# To a screen.


def go(state: State, target: str, cause: ScreenCause, now: dt.datetime) -> Step:
    """Show another screen; one that is on the way already is returned to."""
    after, effects = show(state, way_to(state.trail, Stop(id=target)), cause)
    there = after.number
    after, more = do_all(after, after.screen.on_show, (), cause, now)
    if after.number == there and EndCall() in more:
        more = tuple(effect for effect in more if effect != Read("goodbye"))  # its own words are the goodbye
    return after, (*effects, *more)


def show(state: State, trail: tuple[Stop, ...], cause: ScreenCause, values: Values = ()) -> Step:
    """The last screen of the trail, its form with these values; read, where the caller's ear is ours."""
    after = replace(state, trail=trail, number=state.number + 1, keyed="", values=values, errors=())
    after = replace(after, field=forms.first_keyed(after.screen))
    return after, (Show(cause), *read(after))


def read(state: State, notice: str = "") -> tuple[Effect, ...]:
    """The screen in the caller's ear, while it is ours."""
    return (Read(notice or state.notice, state.said),) if state.can_speak else ()


def back(state: State, cause: ScreenCause) -> Step:
    """What was keyed goes first, then the field before, then the screen."""
    if state.keyed:
        return replace(state, keyed=""), (Refresh(), *read(state))
    before = forms.keyed_before(state.screen, state.field)
    if cause == "key" and before >= 0:
        after = replace(state, field=before, values=without(state.values, state.screen.fields[before].id))
        return after, (Refresh(), *read(after))
    if len(state.trail) == 1:
        return state, read(state) or (Refresh(),)
    return show(replace(state, misses=0), state.trail[:-1], cause)


def missed(state: State, notice: str, now: dt.datetime) -> Step:
    """A silence or a wrong key: said again, and after some times a person is called."""
    if state.phase != "menu":
        return replace(state, notice=notice if notice == "no_match" else ""), (Refresh(), *read(state, notice))
    once_more = replace(state, misses=state.misses + 1, notice=notice)
    if once_more.misses < state.menu.tries:
        return once_more, (Refresh(), *read(once_more, notice))
    if is_open(state.menu, state.menu.agents, now) and state.here.id not in (CLOSED, CALLBACK):
        return to_agent(replace(once_more, misses=0, notice="to_agent"), state.menu.queue, "time", now)
    if state.here.id == CLOSED or once_more.misses >= 2 * state.menu.tries:
        return once_more, (Read("goodbye"), EndCall())
    return go(once_more, CLOSED, "time", now)


def free_of_waiting(trail: tuple[Stop, ...]) -> tuple[Stop, ...]:
    """The trail without the screens that are true only while the caller waits."""
    return tuple(stop for stop in trail if stop.id not in (WAIT, BOOKED)) or trail[:1]


# To a person.


def to_agent(state: State, queue: str, cause: ScreenCause, now: dt.datetime) -> Step:
    """0, a transfer, or nothing heard for long: what that means in each phase."""
    match state.phase:
        case "web":
            return go(state, CODE, cause, now)
        case "queued" if not state.ringing:
            return go(state, WAIT, cause, now)
        case "talking":
            return go(state, TALK, cause, now)
        case "over":
            return go(state, OVER, cause, now)
    if not is_open(state.menu, state.menu.agents, now):
        return go(state, CLOSED, cause, now)
    after, effects = go(replace(in_phase(state, "transfer"), misses=0, ringing=False), WAIT, cause, now)
    return after, (*effects, ToQueue(queue))


def to_contact(state: State, contact: str, cause: ScreenCause, now: dt.datetime) -> Step:
    """A department's telephone, while nobody else is called."""
    if state.phase == "menu":
        ringing = replace(in_phase(state, "transfer"), misses=0, notice="connecting", ringing=True)
        after, effects = go(ringing, WAIT, cause, now)
        return after, (*effects, ToContact(contact))
    if state.phase == "web":
        return go(state, CODE, cause, now)
    return replace(state, notice="ask_agent" if state.phase == "talking" else "call_yourself"), (Refresh(),)


# What a menu's effects do.


def do_all(state: State, dos: tuple[Do, ...], values: Values, cause: ScreenCause, now: dt.datetime) -> Step:
    """One after the other. ``values``: of the form just sent."""
    effects: list[Effect] = []
    for do in dos:
        state, more = _do(state, do, values, cause, now)
        effects += more
    return state, tuple(effects)


def _do(state: State, do: Do, values: Values, cause: ScreenCause, now: dt.datetime) -> Step:
    match do:
        case Say(text=text):
            return replace(state, said=text), ()
        case Transfer(contact=contact) if contact:
            return to_contact(state, contact, cause, now)
        case Transfer(queue=queue):
            return to_agent(state, queue or state.menu.queue, cause, now)
        case Send(message=message):
            return _texted(state, SendText(message, _in_words(state, values)))
        case SendLink():
            return _texted(state, SendVisitLink())
        case BookCallback():
            return _booked(state, dict(values).get("number", ""), cause, now)
        case JoinPage() if state.phase in ("web", "over"):  # only a call may have another page, or it would be stolen
            return replace(state, notice="call_first"), ()
        case JoinPage():
            return state, (TryCode(dict(values).get("code", "")),)
        case Speak(language=language):
            changed = replace(state, language=language, number=state.number + 1)
            here = changed.trail[:-1] if changed.here.id == LANGUAGE and len(changed.trail) > 1 else changed.trail
            after, effects = show(changed, here, cause)
            return after, (Speaks(language), *effects)
        case Finish():
            return state, (Read("goodbye"), EndCall()) if state.can_speak else ()


def _in_words(state: State, values: Values) -> Values:
    """Values of the form as its caller read them: an answer's label instead of its name, nothing secret."""
    known = {field.id: field for field in state.screen.fields if not field.secret}
    labels = {(f.id, o.value): said(o.label, state.language) for f in known.values() for o in f.options}
    return tuple((name, labels.get((name, value), value)) for name, value in values if name in known)


def _texted(state: State, effect: Effect) -> Step:
    if not state.has_number:
        return replace(state, notice="no_number"), ()
    return replace(state, notice="text_sent"), (effect,)


def _booked(state: State, number: str, cause: ScreenCause, now: dt.datetime) -> Step:
    if not state.can_speak:
        return replace(state, notice="call_first"), ()
    if not number and not state.has_number:
        return replace(state, notice="no_number"), ()
    after, effects = go(replace(in_phase(state, "book"), notice="booked"), BOOKED, cause, now)
    return after, (Book(number), *effects, EndCall())


def followed(effects: tuple[Effect, ...], more: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """What is done, then what is shown. A call that ends does so after the last words, which are its goodbye."""
    if EndCall() not in effects:
        return (*effects, *more)
    return (*(effect for effect in effects if effect not in (Read("goodbye"), EndCall())), *more, EndCall())
