"""Which entries say the same, word for word or nearly. Pure.

Nearly: of the three-letter pieces of both texts most are shared (MinHash estimates how many), and the titles are much
alike. Two districts' entries on the same subject share their text but not their title's name: they are told as well,
only a person can say whether both are needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from agent_assist.hangul import squeezed
from core.store.entry import Entry

NEAR_LIMIT: Final = 100_000
"""Entries among which near copies are looked for; of later ones only exact copies are seen."""
_HASHES: Final = 64
_BANDS: Final = 16
"""Two texts that share 80 % of their pieces agree in one of 16 bands of 4 with 99.98 %, with 30 % shared with 12 %."""
_LETTERS: Final = 20_000
"""Of a text, that are compared."""
_SHORTEST: Final = 40
"""Letters of a text that nearness can be told of."""
_TEXTS_ALIKE: Final = 0.8
_TITLES_ALIKE: Final = 0.8
_SAME_TITLE_ALIKE: Final = 0.5
"""With the same title less of the text need be shared."""
_COMPARED: Final = 50
"""Entries of one band, at most, that a new one is compared with: the latest."""
_TOLD: Final = 3
"""Pairs of one entry, at most: the most alike."""
_RANDOM: Final = np.random.default_rng(20_260_302)
_FACTORS: Final = _RANDOM.integers(1, 2**32, _HASHES, dtype=np.uint32) | np.uint32(1)
_TERMS: Final = _RANDOM.integers(0, 2**32, _HASHES, dtype=np.uint32)

Signature = npt.NDArray[np.uint32]


class Duplicate(msgspec.Struct, frozen=True, kw_only=True):
    """Two entries that say the same."""

    line: int
    """Where the later one stands."""
    entry_id: str
    other_line: int
    """Where the earlier one stands; 0 = it is in the database already."""
    other_id: str
    alike: float
    """0..1; 1.0 = word for word."""


class _Known(msgspec.Struct, kw_only=True):
    entry_id: str
    line: int
    title: str
    content: bytes
    signature: Signature | None
    gone: bool = False
    """The file has the entry anew."""


class Duplicates:
    """Finds them as entries come, one after the other."""

    def __init__(self, existing: Iterable[Entry] = (), *, near: bool = True) -> None:
        self._near = near
        self._known: list[_Known] = []
        self._by_id: dict[str, int] = {}
        self._by_content: dict[bytes, list[int]] = {}
        self._by_title: dict[str, list[int]] = {}
        self._by_band: dict[int, list[int]] = {}
        for entry in existing:
            self._remember(self._look(entry, 0))

    def find(self, entry: Entry, line: int) -> tuple[Duplicate, ...]:
        """Earlier entries that say the same as this one, the most alike first; it is remembered."""
        known = self._look(entry, line)
        if (before := self._by_id.get(entry.id)) is not None:
            self._known[before].gone = True
        twin = self._twin(known)
        pairs = [(1.0, twin)] if twin is not None else self._alike(known)
        self._remember(known)
        return tuple(
            Duplicate(
                line=line, entry_id=entry.id, other_line=other.line, other_id=other.entry_id, alike=round(alike, 2)
            )
            for alike, other in sorted(pairs, key=lambda pair: -pair[0])[:_TOLD]
        )

    def forget(self, entry_id: str) -> None:
        """The entry was left out after all."""
        self._known[self._by_id[entry_id]].gone = True

    def _look(self, entry: Entry, line: int) -> _Known:
        near = self._near and len(self._known) < NEAR_LIMIT
        return _Known(
            entry_id=entry.id,
            line=line,
            title=squeezed(entry.title),
            content=_content(entry),
            signature=signature(_text(entry)) if near else None,
        )

    def _remember(self, known: _Known) -> None:
        place = len(self._known)
        self._known.append(known)
        self._by_id[known.entry_id] = place
        self._by_content.setdefault(known.content, []).append(place)
        if known.signature is not None:
            self._by_title.setdefault(known.title, []).append(place)
            for key in _bands(known.signature):
                self._by_band.setdefault(key, []).append(place)

    def _twin(self, known: _Known) -> _Known | None:
        places = self._by_content.get(known.content, [])
        return next((self._known[place] for place in places if not self._known[place].gone), None)

    def _alike(self, known: _Known) -> list[tuple[float, _Known]]:
        if known.signature is None:
            return []
        places = set(self._by_title.get(known.title, ())[-_COMPARED:])
        for key in _bands(known.signature):
            places.update(self._by_band.get(key, ())[-_COMPARED:])
        pairs = []
        for other in (self._known[place] for place in places):
            if other.gone or other.signature is None:
                continue
            alike = float(np.mean(known.signature == other.signature))
            if alike >= _bar(known.title, other.title):
                pairs.append((min(alike, 0.99), other))
        return pairs


def signature(text: str) -> Signature | None:
    """MinHash of the text's pieces of three letters; None when there are too few to tell."""
    letters = squeezed(text[: 2 * _LETTERS])[:_LETTERS]
    if len(letters) < _SHORTEST:
        return None
    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    pieces = np.unique((codes[:-2] * np.uint32(0x9E3779B1) + codes[1:-1]) * np.uint32(0x85EBCA77) + codes[2:])
    pieces = (pieces ^ (pieces >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
    signed: Signature = (pieces[None, :] * _FACTORS[:, None] + _TERMS[:, None]).min(axis=1)
    return signed


def _bands(signed: Signature) -> list[int]:
    rows = _HASHES // _BANDS
    return [hash((band, signed[band * rows : (band + 1) * rows].tobytes())) for band in range(_BANDS)]


def _bar(title: str, other: str) -> float:
    """How much of their texts two entries with these titles must share; more than all when the titles say no."""
    if title == other:
        return _SAME_TITLE_ALIKE
    return _TEXTS_ALIKE if fuzz.ratio(title, other) >= 100 * _TITLES_ALIKE else 2.0


def _text(entry: Entry) -> str:
    return "\n".join((entry.title, entry.body, *entry.procedure, entry.message))


def _content(entry: Entry) -> bytes:
    names = (entry.title, entry.category, entry.department, entry.person, entry.deputy, entry.phone)
    said = (entry.procedure, entry.body, entry.keywords, entry.excludes, entry.message, entry.links)
    return hashlib.blake2b(msgspec.msgpack.encode((names, said)), digest_size=16).digest()
