"""The search box: what an agent types, letter by letter -> entries. No analyser; every entry is one line of keys.

Best first: the title begins so, a word of it begins so, telephone digits, 초성 (ㅇㄱ -> 여권, also 여ㄱ), a keyword,
the middle of the title, people and category. All typed words must be found somewhere in the entry. What finds too
little is read again as if the keyboard had been switched wrongly (``keyboard``), then with a slip forgiven (``typos``).

Texts are compared as keys, a bar at each syllable: '여권' is '|du|rnjs|'. So the syllable that is still being typed
(여구, 여궈) is a beginning of the one that it will be, and a search for '아' finds no half of '강'.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Final, TypeAlias

import msgspec

from agent_assist.hangul import composed, initials
from agent_assist.keyboard import hangul, keys, latin
from agent_assist.typos import Typos
from core.store.entry import Entry

_QUERY_LIMIT: Final = 100
_CUT: Final = 4 * _QUERY_LIMIT
"""What is looked at of a query at all: a Mac needs three characters for a syllable."""
_NUMBER: Final = re.compile(r"[\d\-. ]{3,}")
_OTHER: Final = re.compile(r"[\W_]+")
_LEVEL: Final = re.compile(r"\s*>\s*")
_CONSONANTS: Final = frozenset("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
_TYPO: Final = 0.55
"""Score of an entry that has the words but for a slip; below all that has them."""
_LOOKED_AT: Final = 3000
"""Entries with a common word that are looked at closely, besides those whose title or a word of it begins so."""
_ENOUGH: Final = 300
"""Entries with several common words that are told from each other."""
_TYPED_WORDS: Final = 8
"""More are not looked for."""
_FIELD: Final = "\x1f"


class Hit(msgspec.Struct, frozen=True):
    """An entry found for typed letters."""

    document: int
    """Place of the entry in the database."""
    score: float
    """0..1, by where the letters were found."""
    words: tuple[str, ...]
    """The pieces of the title (NFC) that match, as it has them."""


class Part(msgspec.Struct, frozen=True):
    """One typed word."""

    needles: tuple[str, ...]
    """In keys, for whatever may still follow in its last syllable; two when its last letter may begin a syllable of
    its own (밝 on the way to 발급). None when a lone consonant stands before its end."""
    first: str
    """The first letters of its syllables, where there are no needles: 'ㅇㄱ'."""
    pattern: re.Pattern[str]
    """The same in keys, lone consonants standing for syllables."""


def _key(char: str) -> str:
    """A character's keys; a Latin letter is not the Korean one on the same key (``_readings`` knows that they are)."""
    return f"`{char}" if char.isascii() and char.isalpha() else keys(char)


class _Keys(dict[int, str]):
    """For ``str.translate``: a bar before each character's keys."""

    def __missing__(self, code: int) -> str:
        text = self[code] = "|" + _key(chr(code))
        return text


_KEYS: Final = _Keys()
_Found: TypeAlias = tuple[dict[int, float], Sequence[Part]]


class _Layer:
    """One field of all entries, in one string, one line an entry."""

    def __init__(self, lines: Iterable[str]) -> None:
        kept = list(lines)
        self.text = "\n" + "\n".join(kept) + "\n"
        self._starts: list[int] = []
        at = 1
        for line in kept:
            self._starts.append(at)
            at += len(line) + 1
        self._starts.append(at)

    def having(self, needle: str) -> Iterator[int]:
        """Lines that have it, from the top."""
        find, starts = self.text.find, self._starts
        at = find(needle)
        while at >= 0:
            line = bisect_right(starts, at + 1) - 1  # a needle may begin with the line break before its line
            if line >= len(starts) - 1:
                return
            yield line
            at = find(needle, starts[line + 1] - 1)

    def line(self, number: int) -> str:
        return self.text[self._starts[number] : self._starts[number + 1] - 1]


class Lookup:
    """Immutable; documents are places in ``entries``."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        # Short titles first: what is found first is then what is shown first, and a search may stop early.
        self._order = sorted(range(len(entries)), key=lambda at: (len(entries[at].title), at))
        ordered = [entries[at] for at in self._order]
        self._titles = [composed(entry.title) for entry in ordered]
        words = [_marked_words(title) for title in self._titles]
        self._words = _Layer(map(_in_keys, words))
        self._first = _Layer(f"{initials(title)}{_FIELD}{initials(title.replace('^', ''))}" for title in words)
        self._all = _Layer(_FIELD.join(map(_in_keys, _fields(entry))) for entry in ordered)
        self._categories = [_path(entry.category) for entry in ordered]
        self._departments = [composed(entry.department) for entry in ordered]
        self._typos = Typos(
            [_squeezed(word) for word in (*entry.title.split(), *entry.keywords, entry.department)] for entry in ordered
        )
        self._within = lru_cache(maxsize=64)(self._filtered)

    def find(self, query: str, limit: int, *, category: str = "", department: str = "") -> list[Hit]:
        """The best ``limit`` entries for what stands in the box, of one category (path, with what is below it) and
        department where given; none for an empty box without these, with them the first by title."""
        if limit <= 0:
            return []
        query = composed(query[:_CUT])[:_QUERY_LIMIT].strip()
        only = self._within(_path(category), composed(department)) if category or department else None
        if not query:
            listed = sorted(only or (), key=lambda line: (self._titles[line], line))[:limit]
            return [Hit(self._order[line], 1.0, ()) for line in listed]
        found: dict[int, tuple[float, Sequence[Part]]] = {}
        for look in (self._exact, self._forgiven):
            for reading in _readings(query):
                if len(found) < limit and (words := _typed(reading)):
                    scores, parts = look(words, limit, only)
                    for line, score in scores.items():
                        found.setdefault(line, (score, parts))
        best = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
        return [Hit(self._order[line], score, _marked(self._titles[line], parts)) for line, (score, parts) in best]

    def has(self, document: int, *, category: str = "", department: str = "") -> bool:
        """Whether an entry lies in that category and department."""
        return not (category or department) or document in self._documents(_path(category), composed(department))

    def _documents(self, category: str, department: str) -> frozenset[int]:
        return frozenset(self._order[line] for line in self._within(category, department))

    def _filtered(self, category: str, department: str) -> frozenset[int]:
        below = category + ">"
        return frozenset(
            line
            for line, (path, name) in enumerate(zip(self._categories, self._departments, strict=True))
            if (not category or path == category or path.startswith(below)) and (not department or name == department)
        )

    def _exact(self, words: Sequence[str], limit: int, only: frozenset[int] | None) -> _Found:
        """Lines that have all words, with their scores; the worst placed word counts."""
        parts = [_part(word) for word in words]
        found: dict[int, float] = {}
        for lines, score in self._beginnings(parts, words):
            for line in islice((line for line in lines if only is None or line in only), limit):
                found.setdefault(line, score)
            if len(found) >= limit:
                return found, parts
        rarest, *others = sorted(parts, key=lambda part: -max(map(len, (part.first, *part.needles))))
        most = _ENOUGH if others else _LOOKED_AT
        placed: dict[int, float] = {}
        for line in self._candidates(rarest, only):
            score = min(self._place(line, part) for part in (rarest, *others))
            if score:
                placed[line] = score
                if len(placed) >= most:
                    break
        return {**placed, **found}, parts

    def _beginnings(self, parts: Sequence[Part], words: Sequence[str]) -> Iterator[tuple[Iterator[int], float]]:
        """Where the best ones are, however common the word: titles that begin so, then words of titles."""
        for whole in _part("".join(words)).needles[:1]:
            yield self._all.having(f"\n{whole}|"), 1.0
            yield self._all.having(f"\n{whole}"), 0.97
        if len(parts) > 1:
            return
        for needle in parts[0].needles[:1]:
            begins = f"|^{needle}"
            yield self._words.having(begins + "|"), 0.95
            yield self._words.having(begins), 0.92
        if first := parts[0].first:
            like = parts[0].pattern.search
            yield (at for at in self._first.having("\n^" + first) if like(self._all.line(at))), 0.9

    def _candidates(self, part: Part, only: frozenset[int] | None) -> Iterator[int]:
        """Lines that may have it."""
        if only is not None and len(only) <= _LOOKED_AT:
            return iter(sorted(only))
        lines = chain(*map(self._all.having, part.needles)) if part.needles else self._first.having(part.first)
        return lines if only is None else (line for line in lines if line in only)

    def _place(self, line: int, part: Part) -> float:
        """How well an entry has a word, 0 = not at all."""
        if part.first:
            first = self._first.line(line)
            if part.first not in first or not part.pattern.search(self._all.line(line).partition(_FIELD)[0]):
                return 0.0
            return 0.85 if "^" + part.first in first else 0.7
        text = self._all.line(line)
        if not any(needle in text for needle in part.needles):
            return 0.0
        title, keywords, people, _category, phone = text.split(_FIELD)
        words = self._words.line(line)
        best = 0.6
        for needle in part.needles:
            begins = f"|^{needle}"
            if begins in words:
                best = max(best, 0.95 if begins + "|" in words else 0.92)
            elif needle in phone:
                best = max(best, 0.9)
            elif begins in keywords:
                best = max(best, 0.8)
            elif needle in title:
                best = max(best, 0.75 if needle + "|" in title else 0.68)
            elif needle in people or needle in keywords:
                best = max(best, 0.65)
        return best

    def _forgiven(self, words: Sequence[str], limit: int, only: frozenset[int] | None) -> _Found:
        """Lines that have all words, where those that stand nowhere (else the longest one) may have a slip."""
        parts = {word: _part(word) for word in words}
        wrong = [word for word in parts if next(self._candidates(parts[word], None), None) is None]
        wrong = wrong or [max(words, key=len)]
        found: dict[int, float] | None = None
        instead: list[Part] = []
        for word in wrong:
            here: dict[int, float] = {}
            for known, likeness, lines in self._typos.like(word):
                instead.append(_part(known))
                for line in lines:
                    here.setdefault(line, _TYPO * likeness)
            found = here if found is None else {at: min(score, here[at]) for at, score in found.items() if at in here}
        rest = [part for word, part in parts.items() if word not in wrong]
        kept = (
            (line, score)
            for line, score in sorted((found or {}).items(), key=lambda item: (-item[1], item[0]))
            if (only is None or line in only) and all(self._place(line, part) for part in rest)
        )
        return dict(islice(kept, limit)), [*instead, *rest]


def _squeezed(text: str) -> str:
    """As ``hangul.squeezed``, for whole databases."""
    return _OTHER.sub("", composed(text).lower())


def _marked_words(title: str) -> str:
    """'여권 발급' -> '^여권^발급'."""
    return "".join(f"^{part}" for word in _OTHER.split(composed(title).lower()) if (part := word))


def _in_keys(text: str) -> str:
    """'^여권' -> '|^|du|rnjs|'."""
    return text.translate(_KEYS) + "|" if text else ""


def _path(category: str) -> str:
    return _LEVEL.sub(">", composed(category).strip())


def _readings(query: str) -> list[str]:
    """As typed; as if Korean had been on; as if it had been off."""
    return list(dict.fromkeys((query, hangul(query), latin(query).lower())))


def _typed(reading: str) -> list[str]:
    return [word for piece in reading.split() if (word := _squeezed(piece))][:_TYPED_WORDS]


def _fields(entry: Entry) -> tuple[str, ...]:
    """What can be found of an entry: title, keywords, people, category, telephone."""
    return (
        _squeezed(entry.title),
        "".join(f"^{_squeezed(word)}" for word in entry.keywords),
        _squeezed(f"{entry.department}{entry.person}{entry.deputy}"),
        _squeezed(entry.category),
        "".join(filter(str.isdecimal, entry.phone)),
    )


@lru_cache(maxsize=512)
def _part(word: str) -> Part:
    """A squeezed word as it is looked for."""
    lone = [char in _CONSONANTS for char in word]
    typed = [_key(char) for char in word]
    whole = "|" + "|".join(typed)
    needles: tuple[str, ...] = () if any(lone[:-1]) else (whole,)
    last = typed[-1]
    if needles and "가" <= word[-1] <= "힣" and (ord(word[-1]) - 0xAC00) % 28:
        needles = (whole, f"{whole[:-1]}|{last[-1]}")
    pattern = "".join(
        rf"\|{re.escape(text)}{'[^|]*' if alone or at == len(typed) - 1 else ''}"
        for at, (text, alone) in enumerate(zip(typed, lone, strict=True))
    )
    return Part(needles, "" if needles else initials(word), re.compile(pattern))


def _marked(title: str, parts: Sequence[Part]) -> tuple[str, ...]:
    """The pieces of a title that match."""
    letters = [(letter, at) for at, char in enumerate(title) for letter in _squeezed(char)]
    line, offsets = "", []
    for letter, at in letters:
        offsets.append((len(line), at))
        line += letter.translate(_KEYS)
    places = [start for start, _ in offsets]
    spans: list[tuple[int, int]] = []
    for part in parts:
        patterns = [part.pattern, *(re.compile(re.escape(needle)) for needle in part.needles[1:])]
        match = next((match for pattern in patterns if (match := pattern.search(line + "|"))), None)
        if match and offsets:
            first, last = bisect_right(places, match.start()) - 1, bisect_right(places, match.end() - 1) - 1
            spans.append((offsets[first][1], offsets[last][1] + 1))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(dict.fromkeys(title[start:end] for start, end in joined))
