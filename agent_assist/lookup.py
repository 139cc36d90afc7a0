"""The search box: what an agent types, letter by letter -> entries. No analyser, one pass over short strings.

Best first: the title begins so, a word of it begins so, telephone digits, 초성 (ㅇㄱ -> 여권), a keyword, the middle of
the title, people and category. All typed words must be found somewhere in the entry.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Sequence
from typing import Final

import msgspec

from agent_assist.hangul import composed, initials, is_initials, squeezed
from core.store.contract import Entry

_QUERY_LIMIT: Final = 100
_NUMBER: Final = re.compile(r"[\d\-. ]{3,}")


class Hit(msgspec.Struct, frozen=True):
    """An entry found for typed letters."""

    document: int
    """Place of the entry in the database."""
    score: float
    """0..1, by where the letters were found."""
    words: tuple[str, ...]
    """The pieces of the title that match, as it has them."""


_MARK: Final = "\x1f"
"""Stands before whatever a typed word may begin."""


class _Line(msgspec.Struct, frozen=True):
    """What can be found of one entry, squeezed, in strings that are searched whole."""

    title: str
    starts: str
    """The title from each of its words on, each after a mark."""
    initials: str
    """The title in 초성, after a mark."""
    keywords: str
    """Each after a mark."""
    people: str
    """Department, person in charge, deputy."""
    category: str
    phone: str
    """Digits."""

    @property
    def all(self) -> str:
        return _MARK.join((self.starts, self.initials, self.keywords, self.people, self.category, self.phone))


class Lookup:
    """Immutable; documents are places in ``entries``."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._titles = tuple(entry.title for entry in entries)
        self._lines = tuple(_line(entry) for entry in entries)
        # One string an entry: a word that is not in it is not in any of its fields, which settles most entries at once.
        self._all = tuple(line.all for line in self._lines)

    def find(self, query: str, limit: int) -> list[Hit]:
        """The best ``limit`` entries for what stands in the box; none for an empty box."""
        query = composed(query)[:_QUERY_LIMIT]
        parts = [part for word in query.split() if (part := squeezed(word))]
        if not parts or limit <= 0:
            return []
        whole = "".join(parts)
        digits = whole if _NUMBER.fullmatch(query.strip()) and whole.isdecimal() else ""
        found = [(_score(self._lines[at], parts, whole), at) for at in self._with_all([digits] if digits else parts)]
        best = heapq.nsmallest(limit, found, key=lambda item: (-item[0], len(self._titles[item[1]]), item[1]))
        return [Hit(at, score, _marked(self._titles[at], parts)) for score, at in best]

    def _with_all(self, parts: Sequence[str]) -> list[int]:
        first, *others = sorted(parts, key=len, reverse=True)
        found = [at for at, text in enumerate(self._all) if first in text]
        return [at for at in found if all(part in self._all[at] for part in others)]


def _line(entry: Entry) -> _Line:
    words = entry.title.split()
    title = squeezed(entry.title)
    return _Line(
        title=title,
        starts="".join(_MARK + squeezed("".join(words[at:])) for at in range(len(words))),
        initials=_MARK + initials(title),
        keywords="".join(_MARK + squeezed(keyword) for keyword in entry.keywords),
        people=squeezed(f"{entry.department}{entry.person}{entry.deputy}"),
        category=squeezed(entry.category),
        phone="".join(char for char in entry.phone if char.isdecimal()),
    )


def _score(line: _Line, parts: Sequence[str], whole: str) -> float:
    """The entry has all parts somewhere; the worst placed of them counts."""
    return 1.0 if line.title.startswith(whole) else min(_place(line, part) for part in parts)


def _place(line: _Line, part: str) -> float:
    begins = _MARK + part
    if begins in line.starts:
        return 0.95
    if part in line.phone:
        return 0.9
    if begins in line.initials:
        return 0.85
    if begins in line.keywords:
        return 0.8
    if part in line.title:
        return 0.75
    if part in line.initials:
        return 0.7
    return 0.65 if part in line.people else 0.6


def _marked(title: str, parts: Sequence[str]) -> tuple[str, ...]:
    letters = [(letter, at) for at, char in enumerate(title) for letter in squeezed(char)]
    plain = "".join(letter for letter, _ in letters)
    first = initials(plain)
    words: list[str] = []
    for part in ["".join(parts), *parts]:
        place = (first if is_initials(part) else plain).find(part)
        if place >= 0:
            words.append(title[letters[place][1] : letters[place + len(part) - 1][1] + 1])
            if len(part) == sum(map(len, parts)):
                break
    return tuple(dict.fromkeys(words))
