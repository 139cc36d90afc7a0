"""The one state machine of the visual ARS: ``step(state, input, now) -> (state, effects)``. Pure.

Keypad, touch, the agent's pushes, silence and hang-up are inputs like each other, and neither the page nor the voice
holds state: both show ``state.here``. So they can never disagree. Whoever calls ``step`` carries out the effects, in
order.

    web --called--> menu --transfer--> queued --joined--> talking --hung up--> over
     |                ^                  |                   every phase: hung up --> over
     +--              +--- no agent -----+

A tap names the number of the screen that it was made on; one for an older screen is a double tap, or crossed with a key
on its way, and only brings the page up to date. A key has no such number: one that comes within ``CROSSING_S`` of a
change by touch or by the agent was meant for the screen before, and is dropped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from ars import forms
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
    KEYED,
    LANGUAGE,
    OVER,
    SEARCH,
    TALK,
    WAIT,
    BookCallback,
    Choice,
    Contact,
    Do,
    Finish,
    JoinPage,
    Language,
    Menu,
    Say,
    Screen,
    Send,
    SendLink,
    Speak,
    Transfer,
    Words,
    is_open,
    offered,
    said,
)
from core.events import ScreenCause

Phase = Literal["web", "menu", "queued", "talking", "over"]
Values = tuple[tuple[str, str], ...]

CROSSING_S: Final = 0.5
"""A key this soon after a change that the caller's ear could not know of was meant for the screen before."""
LONGEST_TRAIL: Final = 32
"""Screens that back can return to; the oldest but the first is forgotten."""
KEPT_FORMS: Final = 3
"""Forms filled in before the call that wait for it, the newest; of one form the last."""
TAPPED: Final = frozenset({CAPTIONS, LANGUAGE, SEARCH, TALK, WAIT})
"""Screens of ours that a page's own buttons open, beside the choices of the screen."""


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """A screen on the caller's way."""

    id: str
    pushed: Screen | None = None
    """A screen that is in no menu: a card or a contact that the agent sent."""
    contact: Contact | None = None
    """The telephone on a pushed screen."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Where one visit is. ``begin`` or ``resumed`` makes the first one, only ``step`` makes others."""

    visit_id: str
    menu: Menu
    phase: Phase
    trail: tuple[Stop, ...]
    """The way back; the last one is what page and voice show. No screen is on it twice."""
    number: int = 1
    """Of the screen shown; grows with each change."""
    language: Language = "ko"
    has_number: bool = False
    """The caller can get text messages."""
    page: bool = False
    """A page is open."""
    field: int = -1
    """The form's field that the next keys fill, -1 = none."""
    keyed: str = ""
    """Keys for that field so far."""
    values: Values = ()
    """What the form holds so far, by field; may hold secrets, so it is never logged or kept."""
    errors: tuple[tuple[str, str], ...] = ()
    """Fields that were not accepted, each with the reason's key in the catalogue."""
    misses: int = 0
    """Silences and wrong keys in a row."""
    notice: str = ""
    """A line on the page about what just happened: its key in the catalogue."""
    said: Words = {}
    """The same in words of the menu (effect 'say')."""
    moved: dt.datetime | None = None
    """When touch or agent moved the screen last."""
    kept: tuple[Sent, ...] = ()
    """Forms that were filled in before the call: nobody has them yet. They hold what ``values`` holds."""
    ringing: bool = False
    """In phase 'queued': a department is being called, nobody of ours is looked for."""

    @property
    def here(self) -> Stop:
        """What is shown."""
        return self.trail[-1]

    @property
    def screen(self) -> Screen:
        """What is shown, as data."""
        return self.here.pushed or self.menu.screens[self.here.id]

    @property
    def secret(self) -> bool:
        """Whether the next keys are nobody else's business."""
        return 0 <= self.field < len(self.screen.fields) and self.screen.fields[self.field].secret

    @property
    def can_speak(self) -> bool:
        """Whether the caller's ear is ours: there is a call, and no agent in it."""
        return self.phase in ("menu", "queued")


# What comes in.


class Key(msgspec.Struct, frozen=True):
    """A key of the telephone."""

    digit: str


class Tap(msgspec.Struct, frozen=True):
    """A button of the page: a choice's digit, 0 # *, or one of ``TAPPED``."""

    number: int
    """Of the screen that the page showed."""
    choice: str


class Submit(msgspec.Struct, frozen=True):
    """The page sends its form."""

    number: int
    values: Mapping[str, str]


class Push(msgspec.Struct, frozen=True):
    """The agent puts a screen into the caller's hand."""

    stop: Stop
    values: Values = ()
    """Fields that are filled in already."""


class Silence(msgspec.Struct, frozen=True):
    """Nothing came in time after a prompt, or after a key of a number."""


class TimeUp(msgspec.Struct, frozen=True):
    """A form's minutes are over."""


class Called(msgspec.Struct, frozen=True):
    """A page that was opened first has got its call."""

    has_number: bool


class Joined(msgspec.Struct, frozen=True):
    """An agent, or a department, and the caller hear each other."""


class NoAgent(msgspec.Struct, frozen=True):
    """Nobody could take the call, or the department did not answer."""

    contact: bool = False


class NotBooked(msgspec.Struct, frozen=True):
    """That number cannot be called back."""

    waiting: bool = False
    """The caller still waits for an agent; else she is back in the menu."""


class WrongCode(msgspec.Struct, frozen=True):
    """No page shows that code."""


class HungUp(msgspec.Struct, frozen=True):
    """The call is over."""


class PageSeen(msgspec.Struct, frozen=True):
    """A page opened, or the last one is lost."""

    open: bool


Input = (
    Key | Tap | Submit | Push | Silence | TimeUp | Called | Joined | NoAgent | NotBooked | WrongCode | HungUp | PageSeen
)


# What goes out, to be carried out in this order.


class Show(msgspec.Struct, frozen=True):
    """Another screen: tell page and desk."""

    cause: ScreenCause


class Refresh(msgspec.Struct, frozen=True):
    """The same screen with other values or another notice: tell the page."""


class Hush(msgspec.Struct, frozen=True):
    """Stop the prompt at once."""


class Read(msgspec.Struct, frozen=True):
    """Read the screen to the caller, after a notice if there is one."""

    notice: str = ""
    said: Words = {}


class ToQueue(msgspec.Struct, frozen=True):
    """Find an agent of this queue."""

    queue: str


class ToContact(msgspec.Struct, frozen=True):
    """Call this contact of the menu."""

    contact: str


class SendText(msgspec.Struct, frozen=True):
    """Send this message of the menu."""

    message: str
    values: Values = ()
    """Of the form just sent, in the caller's words; secret ones are not among them."""


class SendVisitLink(msgspec.Struct, frozen=True):
    """Send the link of the page."""


class Book(msgspec.Struct, frozen=True):
    """Keep the place and call back; '' = the number that calls."""

    number: str


class TryCode(msgspec.Struct, frozen=True):
    """Bring the page that shows this code to this call."""

    code: str


class Sent(msgspec.Struct, frozen=True):
    """A form is complete."""

    stop: Stop
    screen: Screen
    values: Values


class EndCall(msgspec.Struct, frozen=True):
    """Let the prompt end, then hang up."""


Effect = Show | Refresh | Hush | Read | ToQueue | ToContact | SendText | SendVisitLink | Book | TryCode | Sent | EndCall
Step = tuple[State, tuple[Effect, ...]]


def begin(
    visit_id: str,
    menu: Menu,
    now: dt.datetime,
    *,
    phase: Phase = "menu",
    language: Language = "ko",
    has_number: bool = False,
) -> State:
    """A visit at the menu's first screen. With phase 'queued' the caller is waiting already."""
    start = next((s.screen for s in menu.start if is_open(menu, s.when, now)), menu.start[-1].screen)
    trail = (Stop(id=start), Stop(id=WAIT)) if phase == "queued" else (Stop(id=start),)
    state = State(visit_id=visit_id, menu=menu, phase=phase, trail=trail, language=language, has_number=has_number)
    return replace(state, field=_first_field(state))


def resumed(
    visit_id: str, menu: Menu, now: dt.datetime, *, screen: str, language: Language, has_number: bool, number: int
) -> State:
    """The visit of a talk that a node before us began, as far as it is known: on that screen, its form empty."""
    state = begin(visit_id, menu, now, phase="talking", language=language, has_number=has_number)
    trail = _way_to(state.trail, Stop(id=screen)) if screen in menu.screens else state.trail
    state = replace(state, trail=trail, number=number)
    return replace(state, field=_first_field(state))


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
            return _stale(state) if number != state.number or not state.screen.fields else _submit(fresh, values, now)
        case Push(stop=stop, values=values):
            return _pushed(fresh, stop, values, now)
        case Silence():
            return _silence(fresh, now)
        case TimeUp():
            return _time_up(fresh)
        case Called(has_number=has_number):
            return _called(fresh, has_number, now)
        case Joined():
            return _joined(fresh, now)
        case NoAgent(contact=contact):
            return _no_agent(fresh, contact, now)
        case NotBooked(waiting=waiting):
            return _not_booked(fresh, waiting)
        case WrongCode():
            return replace(fresh, notice="wrong_code", misses=fresh.misses + 1), (Refresh(), Read("wrong_code"))
        case HungUp():
            return _hung_up(fresh, now)
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
        after, effects = _go(state, choice, "touch", now)
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
    if digit == AGENT and not _wants_digits(state, cause):
        return _to_agent(state, state.menu.queue, cause, now)
    if digit == BACK:
        return _back(state, cause)
    if digit == AGAIN:
        return replace(state, keyed=""), _read(state)
    if cause == "key" and state.field >= 0:
        return _filled(state, digit, now)
    choice = next((c for c in offered(state.menu, state.screen, now) if c.digit == digit), None)
    if choice is None:
        return _stale(state) if cause == "touch" else _missed(state, "no_match", now)
    return _chosen(replace(state, misses=0), choice, cause, now)


def _wants_digits(state: State, cause: ScreenCause) -> bool:
    """Whether 0 is a figure here: a number is being keyed."""
    if cause != "key" or state.field < 0:
        return False
    return state.screen.fields[state.field].kind in ("digits", "phone", "date")


def _chosen(state: State, choice: Choice, cause: ScreenCause, now: dt.datetime) -> Step:
    after, effects = _do_all(state, choice.do, (), cause, now)
    moved = after.number != state.number and any(isinstance(do, Transfer | BookCallback) for do in choice.do)
    if choice.go and not moved:  # a transfer may have moved the caller already
        after, more = _go(after, choice.go, cause, now)
        return after, _followed(effects, more)
    if after.number != state.number:
        return after, effects
    if EndCall() in effects:  # goodbye was said, nothing is offered any more
        return after, (*effects, Refresh())
    return after, (*effects, Refresh(), *_read(after))


def _followed(effects: tuple[Effect, ...], more: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """What is done, then what is shown. A call that ends does so after the last words, which are its goodbye."""
    if EndCall() not in effects:
        return (*effects, *more)
    return (*(effect for effect in effects if effect not in (Read("goodbye"), EndCall())), *more, EndCall())


# Moving.


def _go(state: State, target: str, cause: ScreenCause, now: dt.datetime) -> Step:
    """Show another screen; one that is on the way already is returned to."""
    after, effects = _show(state, _way_to(state.trail, Stop(id=target)), cause)
    there = after.number
    after, more = _do_all(after, after.screen.on_show, (), cause, now)
    if after.number == there and EndCall() in more:
        more = tuple(effect for effect in more if effect != Read("goodbye"))  # its own words are the goodbye
    return after, (*effects, *more)


def _way_to(trail: tuple[Stop, ...], stop: Stop) -> tuple[Stop, ...]:
    for place, earlier in enumerate(trail):
        if earlier.id == stop.id and earlier.pushed is None:
            return (*trail[:place], stop)
    longer = (*trail, stop)
    return longer if len(longer) <= LONGEST_TRAIL else (longer[0], *longer[2:])


def _show(state: State, trail: tuple[Stop, ...], cause: ScreenCause, values: Values = ()) -> Step:
    after = replace(state, trail=trail, number=state.number + 1, keyed="", values=values, errors=(), field=-1)
    after = replace(after, field=_first_field(after))
    return after, (Show(cause), *_read(after))


def _read(state: State, notice: str = "") -> tuple[Effect, ...]:
    """The screen in the caller's ear, while it is ours."""
    return (Read(notice or state.notice, state.said),) if state.can_speak else ()


def _back(state: State, cause: ScreenCause) -> Step:
    if state.keyed:
        return replace(state, keyed=""), (Refresh(), *_read(state))
    before = _field_before(state)
    if cause == "key" and before >= 0:
        after = replace(state, field=before, values=_without(state.values, state.screen.fields[before].id))
        return after, (Refresh(), *_read(after))
    if len(state.trail) == 1:
        return state, _read(state) or (Refresh(),)
    return _show(replace(state, misses=0), state.trail[:-1], cause)


def _missed(state: State, notice: str, now: dt.datetime) -> Step:
    """A silence or a wrong key: said again, and after some times a person is called."""
    if state.phase != "menu":
        return replace(state, notice=notice if notice == "no_match" else ""), (Refresh(), *_read(state, notice))
    missed = replace(state, misses=state.misses + 1, notice=notice)
    if missed.misses < state.menu.tries:
        return missed, (Refresh(), *_read(missed, notice))
    if is_open(state.menu, state.menu.agents, now) and state.here.id not in (CLOSED, CALLBACK):
        return _to_agent(replace(missed, misses=0, notice="to_agent"), state.menu.queue, "time", now)
    if state.here.id == CLOSED or missed.misses >= 2 * state.menu.tries:
        return missed, (Read("goodbye"), EndCall())
    return _go(missed, CLOSED, "time", now)


# A person.


def _to_agent(state: State, queue: str, cause: ScreenCause, now: dt.datetime) -> Step:
    match state.phase:
        case "web":
            return _go(state, CODE, cause, now)
        case "queued" if not state.ringing:
            return _go(state, WAIT, cause, now)
        case "talking":
            return _go(state, TALK, cause, now)
        case "over":
            return _go(state, OVER, cause, now)
    if not is_open(state.menu, state.menu.agents, now):
        return _go(state, CLOSED, cause, now)
    after, effects = _go(replace(state, phase="queued", misses=0, ringing=False), WAIT, cause, now)
    return after, (*effects, ToQueue(queue))


def _to_contact(state: State, contact: str, cause: ScreenCause, now: dt.datetime) -> Step:
    if state.phase == "menu":
        after, effects = _go(
            replace(state, phase="queued", misses=0, notice="connecting", ringing=True), WAIT, cause, now
        )
        return after, (*effects, ToContact(contact))
    if state.phase == "web":
        return _go(state, CODE, cause, now)
    return replace(state, notice="ask_agent" if state.phase == "talking" else "call_yourself"), (Refresh(),)


# Effects of the menu.


def _do_all(state: State, dos: tuple[Do, ...], values: Values, cause: ScreenCause, now: dt.datetime) -> Step:
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
            return _to_contact(state, contact, cause, now)
        case Transfer(queue=queue):
            return _to_agent(state, queue or state.menu.queue, cause, now)
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
            return _show(changed, here, cause)
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
    after, effects = _go(replace(state, phase="queued", notice="booked"), BOOKED, cause, now)
    return after, (Book(number), *effects, EndCall())


def _not_booked(state: State, waiting: bool) -> Step:
    """Back to the form, and to what the caller did before: she has not lost her place."""
    if state.phase != "queued":  # somebody answered meanwhile, or she hung up
        return state, ()
    before = replace(state, phase="queued" if waiting else "menu", notice="not_callable")
    return _show(before, _way_to(_free_of_waiting(state.trail), Stop(id=CALLBACK)), "call")


# Forms.


def _submit(state: State, values: Mapping[str, str], now: dt.datetime) -> Step:
    """The page's form, whole. What is not accepted stays in the form, with the reasons beside it."""
    accepted, errors = forms.check_all(state.screen, values, now.date(), own=state.has_number)
    if errors:
        return replace(state, values=accepted, errors=errors, notice="check_form"), (Refresh(),)
    quiet = (Hush(),) if state.can_speak else ()
    after, effects = _form_done(replace(state, values=accepted), "touch", now)
    if after.number != state.number:
        after = replace(after, moved=now)
    return after, (*quiet, *effects)


def _form_done(state: State, cause: ScreenCause, now: dt.datetime) -> Step:
    stop, screen, values = state.here, state.screen, state.values
    if state.phase == "web" and not stop.id.startswith("@"):
        return _form_kept(state, Sent(stop, screen, values), cause)
    done = (Sent(stop, screen, values),)
    after = replace(state, notice="form_sent", misses=0, field=-1, keyed="")
    after, effects = _do_all(after, screen.on_submit, values, cause, now)
    if after.number != state.number:
        return after, (*done, *effects)
    if any(isinstance(effect, TryCode) for effect in effects):
        again = replace(after, notice="", values=(), number=state.number + 1)
        return replace(again, field=_first_field(again)), (*done, *effects)
    if screen.then:
        after, more = _go(after, screen.then, cause, now)
    elif len(after.trail) > 1:
        after, more = _show(after, after.trail[:-1], cause)
    else:
        after, more = _show(after, after.trail, cause)
    return after, (*done, *_followed(effects, more))


def _form_kept(state: State, form: Sent, cause: ScreenCause) -> Step:
    """Before the call nobody would get the form: it waits, and the page says how to call."""
    kept = (*(earlier for earlier in state.kept if earlier.stop.id != form.stop.id), form)
    waiting = replace(state, kept=kept[-KEPT_FORMS:], notice="form_kept", misses=0)
    return _show(waiting, _way_to(state.trail[:-1] or state.trail, Stop(id=CODE)), cause)


def _filled(state: State, digit: str, now: dt.datetime) -> Step:
    """A key for the form's present field."""
    field = state.screen.fields[state.field]
    keyed = state.keyed + digit
    if forms.is_whole(field, keyed):
        return _accept(state, keyed, now)
    return replace(state, keyed=keyed, misses=0), (Refresh(),)


def _accept(state: State, keyed: str, now: dt.datetime) -> Step:
    field = state.screen.fields[state.field]
    value, error = forms.from_keys(field, keyed, now.date(), own=state.has_number) if keyed else ("", "")
    if error:
        return _missed(replace(state, keyed=""), "no_match", now)
    after = replace(state, keyed="", misses=0, values=(*_without(state.values, field.id), (field.id, value)))
    following = _field_after(after, state.field)
    if following >= 0:
        after = replace(after, field=following)
        return after, (Refresh(), *_read(after))
    return _form_done(after, "key", now)


def _first_field(state: State) -> int:
    """The first field for keys; -1 when the form needs something that no key can give, or there is none."""
    fields = state.screen.fields
    if any(field.required and field.kind not in KEYED for field in fields):
        return -1
    return _field_after(state, -1)


def _field_after(state: State, place: int) -> int:
    fields = state.screen.fields
    return next((i for i in range(place + 1, len(fields)) if fields[i].kind in KEYED), -1)


def _field_before(state: State) -> int:
    fields = state.screen.fields
    return next((i for i in range(state.field - 1, -1, -1) if fields[i].kind in KEYED), -1)


def _without(values: Values, field: str) -> Values:
    return tuple(pair for pair in values if pair[0] != field)


# What the call brings.


def _pushed(state: State, stop: Stop, values: Values, now: dt.datetime) -> Step:
    trail = tuple(earlier for earlier in state.trail if earlier.id != stop.id) or state.trail[:1]
    longer = (*trail, stop) if trail[-1].id != stop.id else (*trail[:-1], stop)
    if len(longer) > LONGEST_TRAIL:
        longer = (longer[0], *longer[2:])
    after, effects = _show(state, longer, "agent", values)
    return replace(after, moved=now), effects


def _silence(state: State, now: dt.datetime) -> Step:
    if state.field >= 0:
        left_out = state.phase == "menu" and forms.may_be_silent(state.screen.fields[state.field])
        if state.keyed or left_out:
            return _accept(state, state.keyed, now)
    if state.phase != "menu":
        return state, ()
    return _missed(state, "no_input", now)


def _time_up(state: State) -> Step:
    if not state.screen.minutes or not state.screen.fields:
        return state, ()
    return _show(replace(state, notice="time_up"), state.trail[:-1] or state.trail, "time")


def _called(state: State, has_number: bool, now: dt.datetime) -> Step:
    if state.phase != "web":
        return state, ()
    trail = tuple(stop for stop in state.trail if stop.id not in (CODE, JOIN)) or state.trail[:1]
    after, effects = _show(
        replace(state, phase="menu", has_number=has_number, notice="call_linked", kept=()), trail, "call"
    )
    return after, (*state.kept, *effects)


def _joined(state: State, now: dt.datetime) -> Step:
    joined = replace(state, phase="talking", misses=0, notice="joined", ringing=False)
    if state.here.id == CAPTIONS or state.screen.fields or state.screen.search:
        return replace(joined, trail=_free_of_waiting(state.trail)), (Refresh(),)
    return _show(joined, _way_to(_free_of_waiting(state.trail), Stop(id=TALK)), "call")


def _no_agent(state: State, contact: bool, now: dt.datetime) -> Step:
    if state.phase != "queued":
        return state, ()
    back = replace(state, phase="menu", misses=0, notice="contact_failed" if contact else "nobody_free", ringing=False)
    trail = _free_of_waiting(state.trail)
    if contact:
        return _show(back, trail, "call")
    wanted = CALLBACK if state.menu.wait.callback else CLOSED
    return _show(back, _way_to(trail, Stop(id=wanted)), "call")


def _hung_up(state: State, now: dt.datetime) -> Step:
    if state.phase == "over":
        return state, ()
    over = replace(state, phase="over", keyed="", field=-1, ringing=False)
    if state.screen.fields and state.here.id != JOIN:
        return replace(over, notice="form_goes_on"), (Refresh(),)
    if state.here.id in (CAPTIONS, BOOKED):
        return over, (Refresh(),)
    asked = state.menu.satisfaction if state.phase == "talking" else ""
    return _show(over, _way_to(_free_of_waiting(state.trail), Stop(id=asked or OVER)), "call")


def _free_of_waiting(trail: tuple[Stop, ...]) -> tuple[Stop, ...]:
    return tuple(stop for stop in trail if stop.id not in (WAIT, BOOKED)) or trail[:1]
