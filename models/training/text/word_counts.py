"""How often a grammar says each word, computed instead of sampled: the expected number in one expansion.

An expansion is a string of words, but its parts are pieces of words too: in ``{paper:을/를}`` the particle is glued to
the noun. So what is known of a part is: the single words that it may be (it has no space), and else the word that it
begins with, the word that it ends with, and those in between. Gluing parts glues the end of one to the beginning of the
next.

Tables of a million words are not copied: what is known is kept as tables with weights, and added up where it must be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec

Share = dict[str, float]
"""Probability, or expected number, by string. Never changed once it is in a :class:`Words`."""
Tables = tuple[tuple[float, Share], ...]
"""A sum: tables, each with its weight."""

_RARE: Final = 1e-7
"""Forms rarer than this in their place are not worth the time of making them."""
_SMALL: Final = 3000
"""Tables of fewer words are copied rather than listed."""
_EMPTY: Final[Share] = {"": 1.0}
_EMPTY_ID: Final = id(_EMPTY)


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What a part of a grammar says."""

    whole: Tables
    """It is this one word (or '')."""
    first: Tables
    """It has a space, and begins with this (which may be '')."""
    inner: Tables
    """Expected number of whole words within it."""
    last: Tables
    """It has a space, and ends with this."""

    def counts(self) -> Share:
        """Expected number of every word."""
        out = dict(_sum((*self.whole, *self.first, *self.inner, *self.last)))
        out.pop("", None)
        return out


def literal(text: str) -> Words:
    """A text as it stands."""
    words = text.split(" ")
    tables = [(1.0, {word: 1.0}) if word else (1.0, _EMPTY) for word in words]
    if len(words) == 1:
        return Words(whole=(tables[0],), first=(), inner=(), last=())
    return Words(whole=(), first=(tables[0],), inner=tuple(tables[1:-1]), last=(tables[-1],))


def either(branches: Iterable[tuple[float, Words]]) -> Words:
    """One of these, with these probabilities."""
    parts = list(branches)
    return Words(
        whole=_merged((weight * value, table) for weight, words in parts for value, table in words.whole),
        first=_merged((weight * value, table) for weight, words in parts for value, table in words.first),
        inner=_merged((weight * value, table) for weight, words in parts for value, table in words.inner),
        last=_merged((weight * value, table) for weight, words in parts for value, table in words.last),
    )


def both(parts: Sequence[Words]) -> Words:
    """All of these, glued."""
    out = parts[0]
    for part in parts[1:]:
        out = Words(
            whole=_cross(out.whole, part.whole),
            first=_merged((*out.first, *_cross(out.whole, part.first))),
            inner=_merged((*out.inner, *part.inner, *_cross(out.last, part.first))),
            last=_merged((*part.last, *_cross(out.last, part.whole))),
        )
    return out


def mapped(words: Words, tails: Words, put: Callable[[str, str], str]) -> Words:
    """The last word with a particle or an ending put on it; of a tail of several words it is the first that is put."""
    reached = _total(words.whole) + _total(words.last)
    return Words(
        whole=_put(words.whole, tails.whole, put),
        first=_merged((*words.first, *_put(words.whole, tails.first, put))),
        inner=_merged((*words.inner, *tails.inner, *_put(words.last, tails.first, put))),
        last=_merged((*((reached * value, table) for value, table in tails.last), *_put(words.last, tails.whole, put))),
    )


def _put(heads: Tables, tails: Tables, put: Callable[[str, str], str]) -> Tables:
    if not heads or not tails:
        return ()
    out: Share = {}
    known = out.get
    chances = list(_sum(tails).items())
    most = max((chance for _, chance in chances), default=0.0)
    for head, share in _sum(heads).items():
        if head and share * most >= _RARE:
            for tail, chance in chances:
                value = share * chance
                if value >= _RARE:
                    word = put(head, tail)
                    out[word] = known(word, 0.0) + value
    return ((1.0, out),) if out else ()


def _cross(left: Tables, right: Tables) -> Tables:
    if not left or not right:
        return ()
    if _is_empty_word(right):
        return tuple((value * right[0][0], table) for value, table in left)
    if _is_empty_word(left):
        return tuple((value * left[0][0], table) for value, table in right)
    out: Share = {}
    chances = _sum(right)
    for a, share in _sum(left).items():
        for b, chance in chances.items():
            out[a + b] = out.get(a + b, 0.0) + share * chance
    return ((1.0, out),) if out else ()


def _is_empty_word(tables: Tables) -> bool:
    return len(tables) == 1 and tables[0][1] is _EMPTY


def _total(tables: Tables) -> float:
    return sum(weight * sum(table.values()) for weight, table in tables)


def _sum(tables: Tables) -> Share:
    if len(tables) == 1 and tables[0][0] == 1.0:
        return tables[0][1]
    out: Share = {}
    for weight, table in _merged(tables):
        if out:
            known = out.get
            for word, value in table.items():
                out[word] = known(word, 0.0) + weight * value
        else:
            out = {word: weight * value for word, value in table.items()}
    return out


def _merged(tables: Iterable[tuple[float, Share]]) -> Tables:
    """The same sum in fewer terms: a table listed once, the small ones added up."""
    weights: dict[int, float] = {}
    large: dict[int, Share] = {_EMPTY_ID: _EMPTY}
    small: Share = {}
    known = small.get
    for weight, table in tables:
        if len(table) < _SMALL and table is not _EMPTY:
            for word, value in table.items():
                small[word] = known(word, 0.0) + weight * value
        else:
            weights[id(table)] = weights.get(id(table), 0.0) + weight
            large[id(table)] = table
    out = tuple((weights[key], table) for key, table in large.items() if key in weights)
    return (*out, (1.0, small)) if small else out
