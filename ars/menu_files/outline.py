"""A menu as trees: what a caller meets in which order, each screen drawn once and named elsewhere. Pure.

A screen stands where fewest keys lead to it; every other way to it only refers there. So loops end, and a picture of
the menu is as large as the menu.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

import msgspec

from ars.model import (
    BookCallback,
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
    said,
)

MarkKind = Literal[
    "form", "photo", "paid", "transfer", "callback", "message", "contact", "place", "link", "search", "speak", "finish"
]
Why = Literal["start", "satisfaction", "pushable", "unreachable"]
Mark = tuple[MarkKind, str]
"""Something particular, and which: ('form', '4') has four fields, ('transfer', '주차관리과') connects there."""

DEEPEST: Final = 40
"""Levels that are drawn; what lies deeper is named only. No menu that can be used comes near."""
THEN: Final = "→"
"""Stands for the key where a sent form leads on."""

_Edge = tuple[str, int]
"""A screen's id, and which of its choices; -1 = after its form."""


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the tree."""

    kind: Literal["screen", "again", "ours", "deed"]
    """A screen; one that stands elsewhere; one that every menu has; a choice that shows no other screen."""
    key: str
    """The key that leads here; '' = the tree begins here."""
    title: str
    """Of the screen, or the choice's label."""
    id: str = ""
    label: str = ""
    """What stands on the key, where that differs from the title."""
    only: str = ""
    """The schedule in which the way here is open, with a '-' before it: in which it is closed; '' = always."""
    marks: tuple[Mark, ...] = ()
    children: tuple[Node, ...] = ()


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """What begins in one way."""

    why: Why
    when: str
    """The schedule of a start, '' = always."""
    roots: tuple[Node, ...]


def outline(menu: Menu, language: Language = "ko") -> tuple[Tree, ...]:
    """The trees: starts in their order, then what only the agent, the end of a talk or nobody brings."""
    return tuple(_Outline(menu, language).trees())


def own_screens(menu: Menu) -> list[str]:
    """Ids of the menu's own screens."""
    return [id for id in menu.screens if not id.startswith("@")]


class _Outline:
    def __init__(self, menu: Menu, language: Language) -> None:
        self._menu = menu
        self._language = language
        self._places: dict[str, _Edge | None] = {}

    def trees(self) -> Iterator[Tree]:
        menu = self._menu
        starts = [(start.screen, start.when) for start in menu.start if start.screen in menu.screens]
        self._spread([screen for screen, _when in starts])
        drawn = set()
        for screen, when in starts:
            if screen not in drawn:
                drawn.add(screen)
                yield Tree(why="start", when=when, roots=(self._root(screen),))
        others: tuple[tuple[Why, Iterable[str]], ...] = (
            ("pushable", menu.pushable),
            ("satisfaction", (menu.satisfaction,)),
            ("unreachable", own_screens(menu)),
        )
        for why, ids in others:
            roots = tuple(self._roots(ids))
            if roots:
                yield Tree(why=why, when="", roots=roots)

    def _spread(self, roots: list[str]) -> None:
        """Give every screen that these lead to its place, the nearest first."""
        self._places.update(dict.fromkeys(root for root in roots if root not in self._places))
        waiting = list(roots)
        for id in waiting:  # grows while it is walked
            for edge, target in _ways(id, self._menu.screens[id]):
                if target in self._menu.screens and target not in self._places and not target.startswith("@"):
                    self._places[target] = edge
                    waiting.append(target)

    def _roots(self, ids: Iterable[str]) -> Iterator[Node]:
        """Those that stand nowhere yet."""
        for id in ids:
            if id in self._menu.screens and id not in self._places and not id.startswith("@"):
                self._spread([id])
                yield self._root(id)

    def _root(self, id: str) -> Node:
        return self._screen(id, "", "", "", (), 0)

    def _screen(self, id: str, key: str, label: str, only: str, marks: tuple[Mark, ...], depth: int) -> Node:
        screen = self._menu.screens[id]
        title = self._said(screen.title)
        return Node(
            kind="screen",
            key=key,
            title=title,
            id=id,
            label=label if label != title else "",
            only=only,
            marks=(*self._marks(screen), *marks),
            children=tuple(self._children(id, screen, depth + 1)),
        )

    def _children(self, id: str, screen: Screen, depth: int) -> Iterator[Node]:
        for place, choice in enumerate(screen.choices):
            only = choice.when or (f"-{choice.unless}" if choice.unless else "")
            marks = tuple(self._deeds(choice.do))
            label = self._said(choice.label)
            if choice.go:
                yield self._to(choice.go, (id, place), choice.digit, label, only, marks, depth)
            else:
                yield Node(kind="deed", key=choice.digit, title=label, only=only, marks=marks)
        if screen.then:
            yield self._to(screen.then, (id, -1), THEN, "", "", (), depth)

    def _to(
        self, target: str, edge: _Edge, key: str, label: str, only: str, marks: tuple[Mark, ...], depth: int
    ) -> Node:
        screen = self._menu.screens.get(target)
        if screen is not None and self._places.get(target) == edge and depth < DEEPEST:
            return self._screen(target, key, label, only, marks, depth)
        title = f"{target}?" if screen is None else self._said(screen.title)
        kind: Literal["ours", "again"] = "ours" if target.startswith("@") else "again"
        shown = label if label != title else ""
        return Node(kind=kind, key=key, title=title, id=target, label=shown, only=only, marks=marks)

    def _marks(self, screen: Screen) -> Iterator[Mark]:
        if screen.paid:
            yield "paid", ""
        if screen.fields:
            yield "form", str(len(screen.fields))
        if any(field.kind == "photo" for field in screen.fields):
            yield "photo", ""
        if screen.contact:
            yield "contact", self._contact(screen.contact)
        if screen.place:
            yield "place", ""
        if screen.links:
            yield "link", ""
        if screen.search:
            yield "search", ""
        yield from self._deeds((*screen.on_submit, *screen.on_show))

    def _deeds(self, dos: tuple[Do, ...]) -> Iterator[Mark]:
        for do in dos:
            match do:
                case Transfer(contact=contact) if contact:
                    yield "transfer", self._contact(contact)
                case Transfer(queue=queue):
                    yield "transfer", queue
                case BookCallback():
                    yield "callback", ""
                case Send() | SendLink():
                    yield "message", ""
                case Speak(language=language):
                    yield "speak", language
                case Finish():
                    yield "finish", ""
                case Say() | JoinPage():
                    pass

    def _contact(self, id: str) -> str:
        return self._said(self._menu.contacts[id].name) if id in self._menu.contacts else f"{id}?"

    def _said(self, words: Words) -> str:
        return " ".join(said(words, self._language).split())


def _ways(id: str, screen: Screen) -> Iterator[tuple[_Edge, str]]:
    if screen.then:
        yield (id, -1), screen.then
    for place, choice in enumerate(screen.choices):
        if choice.go:
            yield (id, place), choice.go
