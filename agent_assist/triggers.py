"""Keywords of entries, found in what a caller said: '등본' in '등본을 떼려고요', not in '등본인'.

Two Aho-Corasick automata (all keywords at once, one pass each): one over the utterance's content morphemes, for which
'여권을 재발급' and '여권 재발급' are the same, and one over its letters without spaces, for keywords that the analyser
cuts differently alone than in a sentence. A find in the letters counts only where morphemes begin and end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from agent_assist import terms
from agent_assist.hangul import squeezed
from agent_assist.korean import Analyser, Morpheme

_GAP: Final = "\x1f"
_SHORTEST: Final = 2
"""A keyword of one letter ('물') is too short to open a card by itself; the index has it all the same."""
_FOLLOWERS: Final = frozenset("JEXV")
"""First letters of the tags that may follow a word as its ending: particle, ending, suffix, copula or verb."""


class Trigger(msgspec.Struct, frozen=True):
    """A keyword that the caller said."""

    keyword: str
    """As the entry has it."""
    documents: tuple[int, ...]
    """Entries that have it."""
    start: int
    end: int
    """Where its words stand in the text, without the particle that follows."""


class Triggers:
    """All keywords of a database. Immutable, any thread."""

    def __init__(self, keywords: Sequence[Iterable[str]], analyser: Analyser) -> None:
        """``keywords[document]``: the keywords of one entry."""
        owners: dict[str, list[int]] = {}
        for document, words in enumerate(keywords):
            for keyword in dict.fromkeys(words):
                if len(squeezed(keyword)) >= _SHORTEST:
                    owners.setdefault(keyword, []).append(document)
        self._keywords = tuple(owners)
        self._documents = tuple(tuple(documents) for documents in owners.values())
        self._letters = _Automaton((squeezed(keyword), at) for at, keyword in enumerate(self._keywords))
        self._morphemes = _Automaton(
            (_line(found)[0], at)
            for at, found in enumerate(analyser.each(self._keywords))
            if sum(len(m.form) for m in found if m.kind) >= _SHORTEST
        )

    def __len__(self) -> int:
        return len(self._keywords)

    def find(self, text: str, morphemes: Sequence[Morpheme]) -> list[Trigger]:
        """Keywords in ``text``, whose ``morphemes`` these are; each keyword once, in the order of their first place."""
        first: dict[int, tuple[int, int]] = {}
        line, places = _line(morphemes)
        for at, start, end in self._morphemes.find(line):
            first.setdefault(at, (places[start + 1][0], places[end - 2][1]))
        letters, origins = _letters(text)
        begins = {m.start for m in morphemes}
        ends = {m.end for m, after in zip(morphemes, [*morphemes[1:], None], strict=True) if _may_end(m, after)}
        for at, start, end in self._letters.find(letters):
            span = (origins[start], origins[end - 1] + 1)
            if span[0] in begins and span[1] in ends:
                first.setdefault(at, span)
        ordered = sorted(first.items(), key=lambda item: (item[1], item[0]))
        return [Trigger(self._keywords[at], self._documents[at], *span) for at, span in ordered]


class _Automaton:
    """Patterns with their numbers; several may be spelt alike."""

    def __init__(self, patterns: Iterable[tuple[str, int]]) -> None:
        self._numbers: dict[str, list[int]] = {}
        for pattern, number in patterns:
            if pattern:
                self._numbers.setdefault(pattern, []).append(number)
        self._patterns = list(self._numbers)
        self._automaton = AhoCorasick(self._patterns, matchkind=MatchKind.Standard)

    def find(self, line: str) -> Iterable[tuple[int, int, int]]:
        """Number, start, end of every find, overlapping ones too."""
        for pattern, start, end in self._automaton.find_matches_as_indexes(line, overlapping=True):
            for number in self._numbers[self._patterns[pattern]]:
                yield number, start, end


def _line(morphemes: Sequence[Morpheme]) -> tuple[str, list[tuple[int, int]]]:
    """Content morphemes as '␟n등본␟v떼␟', and for each letter of it the place in the text that it stands for."""
    line, places = _GAP, [(0, 0)]
    for morpheme in morphemes:
        if (term := terms.morpheme_term(morpheme)) is not None:
            line += term + _GAP
            places.extend([(morpheme.start, morpheme.end)] * (len(term) + 1))
    return (line, places) if len(line) > 1 else ("", [])


def _letters(text: str) -> tuple[str, list[int]]:
    """The text squeezed, and where each of its letters stands in the text."""
    letters: list[str] = []
    origins: list[int] = []
    for at, char in enumerate(text):
        for letter in squeezed(char):
            letters.append(letter)
            origins.append(at)
    return "".join(letters), origins


def _may_end(morpheme: Morpheme, after: Morpheme | None) -> bool:
    """Whether a keyword may end with this morpheme: before a space, an ending, or another noun ('등본발급')."""
    if after is None or after.start > morpheme.end:
        return True
    return after.tag[0] in _FOLLOWERS or after.tag in {"NNG", "NNP", "NNB"}
