"""Which calls spoke of what within the last minutes, and what they said. Bounded; forgets by itself."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from agent_assist.radar.settings import RadarSettings

Key = tuple[str, str]
"""A term and a district, '' = anywhere."""
HALF_LIFE: Final = timedelta(hours=3)
"""Of what was before the window: the past of today."""
_QUOTES: Final = 3
"""Texts kept of one call."""
_FORGOTTEN: Final = 0.05


class Past:
    """A sum that fades: calls before the window."""

    __slots__ = ("_at", "_sum")

    def __init__(self) -> None:
        self._sum = 0.0
        self._at: datetime | None = None

    def add(self, amount: float, at: datetime) -> None:
        """Some more, as of that time."""
        self._sum = self.sum(at) + amount
        self._at = at if self._at is None else max(at, self._at)

    def sum(self, at: datetime) -> float:
        """What is left of it."""
        if self._at is None or at <= self._at:
            return self._sum
        return self._sum * math.pow(0.5, (at - self._at) / HALF_LIFE)


class _Term:
    __slots__ = ("calls", "past")

    def __init__(self) -> None:
        self.calls: dict[str, datetime] = {}
        """Call -> when it first spoke of it; the oldest first."""
        self.past = Past()


class _Call:
    __slots__ = ("at", "keys", "texts")

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.keys: set[Key] = set()
        self.texts: list[tuple[str, frozenset[str]]] = []


class Live:
    """The window. Time never runs backwards in it: what comes late counts as of now."""

    def __init__(self, settings: RadarSettings) -> None:
        self._settings = settings
        self._terms: dict[Key, _Term] = {}
        self._calls: dict[str, _Call] = {}
        self._all_past = Past()
        self.now: datetime | None = None
        self.dropped = 0
        """Terms and calls that found no room."""

    def __len__(self) -> int:
        return len(self._terms)

    @property
    def calls(self) -> int:
        """Calls within the window."""
        return len(self._calls)

    def move(self, at: datetime, frozen: Collection[Key] = ()) -> None:
        """To that time. The past of ``frozen`` keys is not fed: a burst is not what is usual."""
        self.now = at if self.now is None else max(at, self.now)
        edge = self.now - self._settings.window
        for call_id in _before(((call_id, call.at) for call_id, call in self._calls.items()), edge):
            call = self._calls.pop(call_id)
            self._all_past.add(1, call.at)
            for key in call.keys:
                self._leave(key, call_id, frozen)

    def _leave(self, key: Key, call_id: str, frozen: Collection[Key]) -> None:
        term = self._terms[key]
        spoken = term.calls.pop(call_id)
        if key not in frozen:
            term.past.add(1, spoken)

    def tidy(self) -> None:
        """Forget what nobody has spoken of for long. Now and then."""
        assert self.now is not None
        gone = [key for key, term in self._terms.items() if not term.calls and term.past.sum(self.now) < _FORGOTTEN]
        for key in gone:
            del self._terms[key]

    def add(self, call_id: str, text: str, terms: Collection[str], district: str) -> list[Key]:
        """The keys that this call had not spoken of before. ``move`` comes first."""
        assert self.now is not None
        call = self._calls.get(call_id)
        if call is None:
            if len(self._calls) >= self._settings.most_calls:
                self.dropped += 1
                return []
            call = self._calls[call_id] = _Call(self.now)
        if len(call.texts) < _QUOTES:
            call.texts.append((text[: 4 * self._settings.quote_length], frozenset(terms)))
        places = ("", district) if district else ("",)
        return [key for term in terms for place in places if self._count(call, call_id, key := (term, place))]

    def _count(self, call: _Call, call_id: str, key: Key) -> bool:
        if key in call.keys:
            return False
        term = self._terms.get(key)
        if term is None and len(self._terms) >= self._settings.most_live:
            self.dropped += 1
            return False
        if len(call.keys) >= self._settings.most_terms_of_call:
            self.dropped += 1
            return False
        if term is None:
            term = self._terms[key] = _Term()
        assert self.now is not None
        term.calls[call_id] = self.now
        call.keys.add(key)
        return True

    def of(self, key: Key) -> dict[str, datetime]:
        """The calls within the window that spoke of it, and since when."""
        term = self._terms.get(key)
        return term.calls if term is not None else {}

    def districts(self, calls: Iterable[str], terms: Collection[str]) -> dict[str, int]:
        """How many of these calls named which district beside these terms."""
        named: dict[str, int] = {}
        for call_id in calls:
            call = self._calls.get(call_id)
            places = {place for term, place in call.keys if place and term in terms} if call is not None else set()
            for place in places:
                named[place] = named.get(place, 0) + 1
        return named

    def texts(self, calls: Iterable[str]) -> Iterator[tuple[str, frozenset[str]]]:
        """What these calls said, and the terms in it."""
        for call_id in calls:
            call = self._calls.get(call_id)
            if call is not None:
                yield from call.texts

    def past(self, key: Key) -> tuple[float, float]:
        """Calls before the window, faded: those that spoke of it, and all."""
        assert self.now is not None
        term = self._terms.get(key)
        return (term.past.sum(self.now) if term is not None else 0.0), self._all_past.sum(self.now)


def _before(calls: Iterable[tuple[str, datetime]], edge: datetime) -> list[str]:
    """The ids up to that time; they are in the order of time."""
    found: list[str] = []
    for call_id, at in calls:
        if at >= edge:
            break
        found.append(call_id)
    return found
