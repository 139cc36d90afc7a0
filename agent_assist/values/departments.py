"""Names of departments, as they are written or nearly so: blanks, particles and a slip of the recogniser do not matter.

A name of five syllables may have one letter wrong, one of eight two; shorter ones must be right, for '세정과' is not
'세무과'. Where two departments are equally near, neither is meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import msgspec
from rapidfuzz.distance import Levenshtein

from agent_assist.values.candidate import Candidate

WORDS: Final = 3
"""A name may be heard in so many words: '민원 여권 과'."""
_WORD: Final = re.compile(r"[가-힣0-9A-Za-z·]+")
_SLIPS: Final = ((8, 2), (5, 1), (0, 0))
"""From so many syllables on, so many letters may be wrong."""
_PARTICLE: Final = re.compile(
    "(?:에서는|에서|에다|에도|에는|에게|에|으로|로|까지|부터|이랑|랑|하고|한테|이라고|라고|입니다|이에요|예요|이요|요|인데요|인데|이죠|죠|인가요|"
    "이|가|은|는|을|를|의|도|만|과|와|쪽|님|나)?요?"
)


class _Index(msgspec.Struct, frozen=True):
    """Department names without blanks, by how many syllables they have."""

    exact: dict[str, str]
    by_length: dict[int, tuple[tuple[str, str], ...]]
    """Syllables -> (letters, name)."""
    endings: frozenset[str]
    """Last syllables: '과', '팀', '터'."""
    longest: int


@lru_cache(maxsize=8)
def _index(names: tuple[str, ...]) -> _Index:
    exact = {"".join(name.split()): name for name in names if name.strip()}
    by_length: dict[int, list[tuple[str, str]]] = {}
    for key, name in exact.items():
        by_length.setdefault(len(key), []).append((_letters(key), name))
    return _Index(
        exact,
        {length: tuple(pairs) for length, pairs in by_length.items()},
        frozenset(key[-1] for key in exact),
        max(map(len, exact), default=0),
    )


def departments(text: str, names: tuple[str, ...]) -> Iterator[Candidate]:
    """Every department that is named; shorter ones inside longer ones too."""
    index = _index(names)
    if not index.exact:
        return
    words = list(_WORD.finditer(text))
    for first in range(len(words)):
        joined, ends = "", list[int]()
        for word in words[first : first + WORDS]:
            if len(joined) > index.longest:
                break
            before = len(joined)
            joined += word[0]
            ends += range(word.start() + 1, word.end() + 1)
            yield from _in(joined, before, words[first].start(), ends, index)


def _in(joined: str, before: int, start: int, ends: list[int], index: _Index) -> Iterator[Candidate]:
    """Names that these words begin with and that end in the last of them."""
    for length in range(min(len(joined), index.longest + 1), max(before, 1), -1):
        if joined[length - 1] not in index.endings or not _PARTICLE.fullmatch(joined, length):
            continue
        name = index.exact.get(joined[:length]) or _nearly(joined[:length], index)
        if name is not None:
            yield Candidate(start, ends[length - 1], "department", name)
            return


def _nearly(said: str, index: _Index) -> str | None:
    slips = next(slips for length, slips in _SLIPS if len(said) >= length)
    if not slips:
        return None
    letters = _letters(said)
    best, names = slips + 1, list[str]()
    for length in (len(said) - 1, len(said), len(said) + 1):
        for other, name in index.by_length.get(length, ()):
            distance = Levenshtein.distance(letters, other, score_cutoff=slips)
            if distance < best:
                best, names = distance, [name]
            elif distance == best and distance <= slips:
                names.append(name)
    return names[0] if len(names) == 1 else None


def _letters(name: str) -> str:
    return unicodedata.normalize("NFD", name)
