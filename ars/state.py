"""Where one visit is: the screens on its way, what its form holds, how far its call is. Pure.

How far the call is, is a table; ``in_phase`` is the one place that moves it::

    web --called--> menu --transfer--> queued --join--> talking --hang_up--> over --call_back--> queued
                      ^                  |               (hang_up: from wherever there is a call)
                      +----- give_up ----+
"""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from ars import forms
from ars.model import WAIT, Contact, Language, Menu, Screen, Words, is_open
from core.errors import IllegalStep

Phase = Literal["web", "menu", "queued", "talking", "over"]
PhaseEvent = Literal["called", "transfer", "book", "unbook", "give_up", "join", "hang_up", "call_back"]
Values = tuple[tuple[str, str], ...]
"""What a form holds, by field."""

LONGEST_TRAIL: Final = 32
"""Screens that back can return to; the oldest but the first is forgotten."""

PHASES: Final[dict[tuple[Phase, PhaseEvent], Phase]] = {
    ("web", "called"): "menu",
    ("menu", "transfer"): "queued",
    ("queued", "transfer"): "queued",  # an agent instead of a department that rings
    ("menu", "book"): "queued",
    ("queued", "book"): "queued",
    ("queued", "unbook"): "menu",
    ("queued", "give_up"): "menu",
    ("menu", "join"): "talking",  # somebody answered in the very moment in which we gave up
    ("queued", "join"): "talking",
    ("talking", "join"): "talking",
    ("menu", "hang_up"): "over",
    ("queued", "hang_up"): "over",
    ("talking", "hang_up"): "over",
    ("over", "call_back"): "queued",  # a new call on the old page
}
"""What is missing cannot happen."""


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """A screen on the caller's way."""

    id: str
    pushed: Screen | None = None
    """A screen that is in no menu: a card or a contact that the agent sent."""
    contact: Contact | None = None
    """The telephone on a pushed screen."""


class Sent(msgspec.Struct, frozen=True):
    """A form is complete."""

    stop: Stop
    screen: Screen
    values: Values


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


def can(state: State, event: PhaseEvent) -> bool:
    """Whether the call can get there from where it is."""
    return (state.phase, event) in PHASES


def in_phase(state: State, event: PhaseEvent) -> State:
    """The state with the call one step further. Raises ``IllegalStep`` where the table knows no way."""
    try:
        return replace(state, phase=PHASES[state.phase, event])
    except KeyError:
        raise IllegalStep("visit", state.phase, event) from None


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
    return replace(state, field=forms.first_keyed(state.screen))


def resumed(
    visit_id: str, menu: Menu, now: dt.datetime, *, screen: str, language: Language, has_number: bool, number: int
) -> State:
    """The visit of a talk that a node before us began, as far as it is known: on that screen, its form empty."""
    state = begin(visit_id, menu, now, phase="talking", language=language, has_number=has_number)
    trail = way_to(state.trail, Stop(id=screen)) if screen in menu.screens else state.trail
    state = replace(state, trail=trail, number=number)
    return replace(state, field=forms.first_keyed(state.screen))


def way_to(trail: tuple[Stop, ...], stop: Stop) -> tuple[Stop, ...]:
    """The trail that ends at ``stop``: one that is on it already is returned to."""
    for place, earlier in enumerate(trail):
        if earlier.id == stop.id and earlier.pushed is None:
            return (*trail[:place], stop)
    return bounded((*trail, stop))


def bounded(trail: tuple[Stop, ...]) -> tuple[Stop, ...]:
    """Without the oldest but the first, if it has grown too long."""
    return trail if len(trail) <= LONGEST_TRAIL else (trail[0], *trail[2:])


def without(values: Values, field: str) -> Values:
    """The values of the other fields."""
    return tuple(pair for pair in values if pair[0] != field)
