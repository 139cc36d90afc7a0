"""The search box: what an agent types, letter by letter -> entries. No analyser, one pass over short strings.

Best first: title begins so, a word of the title begins so, keyword, 초성 (ㅇㄱ -> 여권), title contains it, department,
person, telephone digits. All typed words must be found somewhere in the entry.
"""

from __future__ import annotations

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


class _Line(msgspec.Struct, frozen=True):
    title: str
    starts: tuple[str, ...]
    """The title squeezed, from each of its words on."""
    initials: str
    keywords: tuple[str, ...]
    people: str
    phone: str
    category: str


class Lookup:
    """Immutable; documents are places in ``entries``."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._titles = tuple(entry.title for entry in entries)
        self._lines = tuple(_line(entry) for entry in entries)

    def find(self, query: str, limit: int) -> list[Hit]:
        """The best ``limit`` entries for what stands in the box; none for an empty box."""
        query = composed(query)[:_QUERY_LIMIT]
        digits = "".join(char for char in query if char.isdecimal()) if _NUMBER.fullmatch(query.strip()) else ""
        parts = [part for word in query.split() if (part := squeezed(word))]
        if not parts:
            return []
        found: list[tuple[float, int]] = []
        for document, line in enumerate(self._lines):
            score = _score(line, parts, digits)
            if score > 0:
                found.append((score, document))
        found.sort(key=lambda item: (-item[0], len(self._titles[item[1]]), item[1]))
        return [Hit(at, score, _marked(self._titles[at], parts)) for score, at in found[:limit]]


def _line(entry: Entry) -> _Line:
    words = entry.title.split()
    title = squeezed(entry.title)
    return _Line(
        title=title,
        starts=tuple(squeezed(" ".join(words[at:])) for at in range(len(words))),
        initials=initials(title),
        keywords=tuple(squeezed(keyword) for keyword in entry.keywords),
        people=squeezed(f"{entry.department}{entry.person}{entry.deputy}"),
        phone="".join(char for char in entry.phone if char.isdecimal()),
        category=squeezed(entry.category),
    )


def _score(line: _Line, parts: Sequence[str], digits: str) -> float:
    if digits and digits in line.phone:
        return 0.9
    whole = "".join(parts)
    if line.title.startswith(whole):
        return 1.0
    worth = 1.0
    for part in parts:
        worth = min(worth, _part(line, part))
        if worth == 0:
            return 0.0
    return worth


def _part(line: _Line, part: str) -> float:
    if any(start.startswith(part) for start in line.starts):
        return 0.95
    if is_initials(part):
        return 0.85 if line.initials.startswith(part) else 0.7 if part in line.initials else 0.0
    if any(keyword.startswith(part) for keyword in line.keywords):
        return 0.8
    if part in line.title:
        return 0.75
    if part in line.people:
        return 0.65
    if part in line.category or any(part in keyword for keyword in line.keywords):
        return 0.6
    return 0.0


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
