"""What a rule is given and what it answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

import msgspec

from ars.menu_files.finding import Level, Path, in_words
from ars.model import Do, Menu, Screen


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What a menu refers to outside of its file. None = not known here, so not checked."""

    icons: frozenset[str] | None = None
    """Names of the pictures in ``web/icons``."""
    recordings: frozenset[str] | None = None
    """Names of the files in the folder of recordings: 'main.ko.wav'."""
    today: dt.date | None = None
    """To tell holidays that are over."""


NOTHING: Final = Around()


class Flaw(NamedTuple):
    """One thing that is wrong."""

    level: Level
    code: str
    path: Path
    message: str


class Look(msgspec.Struct, frozen=True):
    """A menu as the rules see it."""

    menu: Menu
    around: Around
    own: frozenset[str]
    """Screens that the file writes."""

    def screens(self) -> Iterator[tuple[str, Screen]]:
        """Those that the file writes, in its order."""
        return ((id, screen) for id, screen in self.menu.screens.items() if id in self.own)


class Doing(NamedTuple):
    """An effect and where it is written."""

    path: Path
    do: Do
    when: Literal["choice", "submit", "show"]


def at(path: Path, says: str) -> str:
    """A message that begins with its place."""
    return f"{in_words(path)} {says}"


def error(code: str, path: Path, says: str) -> Flaw:
    """Keeps the file from being used."""
    return Flaw("error", code, path, at(path, says))


def warning(code: str, path: Path, says: str) -> Flaw:
    """Should be mended."""
    return Flaw("warning", code, path, at(path, says))


def doings(id: str, screen: Screen) -> Iterator[Doing]:
    """Every effect of a screen."""
    for place, choice in enumerate(screen.choices):
        for number, do in enumerate(choice.do):
            yield Doing(("screens", id, "choices", place, "do", number), do, "choice")
    for number, do in enumerate(screen.on_submit):
        yield Doing(("screens", id, "on_submit", number), do, "submit")
    for number, do in enumerate(screen.on_show):
        yield Doing(("screens", id, "on_show", number), do, "show")


def situations(menu: Menu, names: frozenset[str]) -> frozenset[frozenset[str]]:
    """Which of these schedules are open together at any time of a week, on holidays and on other days."""
    hours = {
        name: tuple(
            (frozenset(h.days), dt.time.fromisoformat(h.opens), dt.time.fromisoformat(h.closes))
            for h in menu.schedules[name].hours
        )
        for name in names
        if name in menu.schedules
    }
    if any(edge.tzinfo for table in hours.values() for _days, *edges in table for edge in edges):
        return frozenset()  # a mistake that another rule tells
    changes = {dt.time(0)} | {edge for table in hours.values() for _days, *edges in table for edge in edges}
    found = set()
    for holiday in (False, True) if menu.holidays else (False,):
        open_on = {name: t for name, t in hours.items() if not holiday or menu.schedules[name].on_holidays}
        for day in range(1, 8):
            for time in changes:
                found.add(frozenset(name for name, table in open_on.items() if _include(table, day, time)))
    return frozenset(found)


_Table = tuple[tuple[frozenset[int], dt.time, dt.time], ...]


def _include(table: _Table, day: int, time: dt.time) -> bool:
    return any(day in days and opens <= time < closes for days, opens, closes in table)


def levels(menu: Menu) -> Mapping[str, int]:
    """How many keys the caller must press to reach a screen from a start screen, by the shortest way.

    What follows a form belongs to it. Screens that are reached in no such way are not in it.
    """
    reached = {start.screen: 0 for start in menu.start if start.screen in menu.screens}
    nearest = list(reached)
    while nearest:
        further: list[str] = []
        for id in nearest:  # grows while it is walked: what follows a form is as near
            screen = menu.screens[id]
            if screen.then in menu.screens and screen.fields and screen.then not in reached:
                reached[screen.then] = reached[id]
                nearest.append(screen.then)
            further += [choice.go for choice in screen.choices]
        level = reached[nearest[0]] + 1
        nearest = [id for id in dict.fromkeys(further) if id in menu.screens and id not in reached]
        reached.update(dict.fromkeys(nearest, level))
    return reached
