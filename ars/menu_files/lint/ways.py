"""Where things lead: names that are nothing, screens that nobody reaches, keys that are given twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, Final

from ars.menu_files.finding import Path, nearest
from ars.menu_files.lint.rule import Flaw, Look, doings, error, situations, warning
from ars.model import (
    BOOKED,
    CLOSED,
    CODE,
    OURS,
    OVER,
    TALK,
    WAIT,
    BookCallback,
    Choice,
    Menu,
    Screen,
    Send,
    Transfer,
)

_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LED_TO: Final = frozenset({WAIT, TALK, CODE, CLOSED, OVER, BOOKED})
"""Screens that a transfer or a booked call leads to."""


def unknown_targets(look: Look) -> Iterator[Flaw]:
    """A name that is no screen, schedule, contact, place or message."""
    menu = look.menu
    for path, name, kind in _named(look):
        known: Mapping[str, Any] = getattr(menu, f"{kind}s")
        if name not in known:
            yield error("unknown-target", path, f"names '{name}', which is no {kind}{nearest(name, known)}")


def _named(look: Look) -> Iterator[tuple[Path, str, str]]:
    """Everything that the file names: where, what, and what it should be."""
    menu = look.menu
    for place, start in enumerate(menu.start):
        yield ("start", place, "screen"), start.screen, "screen"
        yield from _if_given(("start", place, "when"), start.when, "schedule")
    yield from _if_given(("agents",), menu.agents, "schedule")
    yield from _if_given(("satisfaction",), menu.satisfaction, "screen")
    for place, id in enumerate(menu.pushable):
        yield ("pushable", place), id, "screen"
    for id, contact in menu.contacts.items():
        yield from _if_given(("contacts", id, "place"), contact.place, "place")
    for id, screen in look.screens():
        here: Path = ("screens", id)
        yield from _if_given((*here, "then"), screen.then, "screen")
        yield from _if_given((*here, "contact"), screen.contact, "contact")
        yield from _if_given((*here, "place"), screen.place, "place")
        for place, choice in enumerate(screen.choices):
            spot: Path = (*here, "choices", place)
            yield from _if_given((*spot, "go"), choice.go, "screen")
            yield from _if_given((*spot, "when"), choice.when, "schedule")
            yield from _if_given((*spot, "unless"), choice.unless, "schedule")
        for path, do, _when in doings(id, screen):
            match do:
                case Send(message=message):
                    yield (*path, "message"), message, "message"
                case Transfer(contact=called) if called:
                    yield (*path, "contact"), called, "contact"


def _if_given(path: Path, name: str, kind: str) -> Iterator[tuple[Path, str, str]]:
    if name:
        yield path, name, kind


def names(look: Look) -> Iterator[Flaw]:
    """Names must be plain, and '@' is ours."""
    menu = look.menu
    for section in ("screens", "schedules", "contacts", "places", "messages"):
        for id in getattr(menu, section):
            if section == "screens" and id.startswith("@"):
                if id not in OURS:
                    says = f"begins with '@', which is kept for minwon's own screens{nearest(id, OURS)}"
                    yield error("reserved-id", (section, id), says)
            elif not _ID.fullmatch(id):
                yield error("bad-id", (section, id), "must be named with small letters, digits, '-' and '_'")


def unreachable(look: Look) -> Iterator[Flaw]:
    """A screen that no caller can ever see."""
    menu = look.menu
    waiting = [*(start.screen for start in menu.start), menu.satisfaction, *menu.pushable, *OURS]
    reached = set(waiting)
    while waiting:
        screen = menu.screens.get(waiting.pop())
        if screen is None:
            continue
        new = {choice.go for choice in screen.choices} | ({screen.then} if screen.fields else set())
        waiting += new - reached
        reached |= new
    for id, _screen in look.screens():
        if id not in reached and not id.startswith("@"):
            yield error("unreachable", ("screens", id), "is shown to nobody: no choice, form or list leads to it")


def digits(look: Look) -> Iterator[Flaw]:
    """One key for two choices that are there at the same time; a choice that never is."""
    for id, screen in look.screens():
        path: Path = ("screens", id, "choices")
        for place, choice in enumerate(screen.choices):
            if (choice.when or choice.unless) and not _ever(look.menu, choice):
                yield warning("never-offered", (*path, place), "is never offered: its 'when' and 'unless' exclude it")
        if len({choice.digit for choice in screen.choices}) == len(screen.choices):
            continue
        for (first, one), (second, other) in combinations(enumerate(screen.choices), 2):
            if one.digit == other.digit and _ever(look.menu, one, other):
                says = f"is {other.digit}, as is that of choices[{first + 1}]; both can be offered at the same time"
                yield error("duplicate-digit", (*path, second, "digit"), says)


def _ever(menu: Menu, *choices: Choice) -> bool:
    """Whether there is a time at which all of these are offered."""
    used = frozenset(name for c in choices for name in (c.when, c.unless) if name)
    if not used:
        return True
    unknown = used - menu.schedules.keys()  # told by another rule; nothing is known of them here
    if unknown:
        return not any(one.when and one.when == other.unless for one in choices for other in choices)
    return any(all(is_offered(choice, now) for choice in choices) for now in situations(menu, used))


def is_offered(choice: Choice, now: frozenset[str]) -> bool:
    """Whether a choice is there while these schedules are open."""
    return (not choice.when or choice.when in now) and choice.unless not in now


def starts(look: Look) -> Iterator[Flaw]:
    """There is always a screen to begin with, and one that leads on."""
    chain = look.menu.start
    if chain[-1].when:
        says = "is for some hours only; the last start must be without 'when', for all the others"
        yield error("start-conditional", ("start", len(chain) - 1), says)
    for place, start in enumerate(chain[:-1]):
        if not start.when:
            yield error("start-hidden", ("start", place), "is without 'when', so the starts below it are never used")
            break
    for id in dict.fromkeys(start.screen for start in chain):
        screen = look.menu.screens.get(id)
        if screen is not None and not _leads_on(screen):
            says = "starts a call but has no choice, form, contact or link: while no agent is there it leads nowhere"
            yield error("no-way", ("screens", id), says)


def _leads_on(screen: Screen) -> bool:
    return bool(screen.choices or screen.fields or screen.contact or screen.links or screen.search)


def agents_hours(look: Look) -> Iterator[Flaw]:
    """Who connects callers must say when somebody is there."""
    menu = look.menu
    if not menu.agents and any(start.when for start in menu.start):
        says = "is not given although there are opening hours: callers will be queued day and night"
        yield warning("no-agents-hours", ("agents",), says)


def endless(look: Look) -> Iterator[Flaw]:
    """An effect of showing a screen that shows that same screen."""
    for id, screen in look.screens():
        for path, do, when in doings(id, screen):
            if when == "show" and id in _LED_TO and isinstance(do, Transfer | BookCallback):
                yield error("endless", path, f"leads to '{id}' again when '{id}' is shown")


def situation_screens(look: Look) -> Iterator[Flaw]:
    """'You are waiting' is shown to who waits, and to nobody else."""
    for id, screen in look.screens():
        ways = [(("screens", id, "choices", place, "go"), choice.go) for place, choice in enumerate(screen.choices)]
        for path, target in [*ways, (("screens", id, "then"), screen.then)]:
            booked = target == BOOKED and not any(isinstance(do, BookCallback) for do in screen.on_submit)
            if target in (WAIT, TALK) or booked:
                do = "book_callback" if booked else "transfer"
                says = f"names '{target}', which shows what is not so; let do = [{{ do = \"{do}\" }}] bring it about"
                yield error("situation-screen", path, says)


RULES: Final = (situation_screens, unknown_targets, names, unreachable, digits, starts, agents_hours, endless)
