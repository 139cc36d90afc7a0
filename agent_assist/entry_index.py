"""The consultation database as an index: which terms an entry has, with its title and keywords counting more.

Building analyses each distinct word once, not each text: 2,645 real entries have 168,000 words but 54,000 distinct
ones, and measured on real questions the hits are the same as with whole sentences analysed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from agent_assist import terms
from agent_assist.korean import Analyser
from agent_assist.meaning import meaning
from agent_assist.postings import Floats, Ints, Postings
from agent_assist.senses import Senses
from agent_assist.sounds import Sounds
from core.store.entry import Entry

TITLE_WEIGHT: Final = 3.0
KEYWORD_WEIGHT: Final = 2.0
BODY_WEIGHT: Final = 1.0
_BODY_LIMIT: Final = 20_000
"""Characters of a body that count for the search; what comes later says nothing new about the topic."""

_SEVERAL: Final = 3
"""Entries that must have a word before a misheard one is taken for it."""

_Fields: TypeAlias = tuple[tuple[list[str], float], ...]


class EntryIndex:
    """Immutable. ``document`` numbers are places in ``entries``."""

    def __init__(self, entries: Sequence[Entry], analyser: Analyser) -> None:
        self.entries = tuple(entries)
        self.vocabulary: dict[str, int] = {}
        fields = [_fields(entry) for entry in self.entries]
        of_word = self._analysed({word for parts in fields for words, _ in parts for word in words}, analyser)
        documents = [_document(parts, of_word) for parts in fields]
        channel_of = np.array([terms.CHANNELS[term[0]] for term in self.vocabulary], dtype=np.int8)
        self.postings = Postings(documents, channel_of)
        topical = dict(self._topical(fields, of_word))
        self.sounds = Sounds((term[1:], number) for term, number in topical.items() if term[0] == "n")
        content = channel_of == terms.MORPHEME
        titles = [_of_title(parts, of_word, content) for parts in fields]
        self.senses = Senses(topical, titles, self.postings, meaning(analyser).place)

    @property
    def nbytes(self) -> int:
        """Memory of the arrays."""
        return self.postings.nbytes + self.senses.nbytes

    def _topical(self, fields: Sequence[_Fields], of_word: Mapping[str, Ints]) -> Iterator[tuple[str, int]]:
        """Words that a call may be about: of a title or keyword, or in several entries. A word that stands once in
        some body is rather a slip itself than what a caller meant."""
        named = {
            int(number)
            for titles, keywords, _ in fields
            for words in (titles[0], keywords[0])
            for word in words
            for number in of_word[word]
        }
        for term, number in self.vocabulary.items():
            if term[0] in "nv" and (number in named or self.postings.frequency(number) >= _SEVERAL):
                yield term, number

    def _analysed(self, words: set[str], analyser: Analyser) -> dict[str, Ints]:
        vocabulary = self.vocabulary
        of_word: dict[str, Ints] = {}
        ordered = sorted(words)
        for word, morphemes in zip(ordered, analyser.each(ordered), strict=True):
            numbers = [vocabulary.setdefault(term, len(vocabulary)) for term in terms.terms(word, morphemes)]
            of_word[word] = np.array(numbers, dtype=np.int32)
        return of_word


def _fields(entry: Entry) -> _Fields:
    return (
        (_words(entry.title), TITLE_WEIGHT),
        (_words(" ".join(entry.keywords)), KEYWORD_WEIGHT),
        (
            _words(f"{entry.category} {entry.department} {' '.join(entry.procedure)} {entry.body[:_BODY_LIMIT]}"),
            BODY_WEIGHT,
        ),
    )


def _words(text: str) -> list[str]:
    """A word that many entries have is one object in memory while building."""
    return [sys.intern(word) for word in terms.words(text)]


def _of_title(fields: _Fields, of_word: Mapping[str, Ints], content: NDArray[np.bool_]) -> Ints:
    """The distinct morphemes of title and keywords."""
    parts = [of_word[word] for words, _ in fields[:2] for word in words]
    numbers = np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int32)
    return np.asarray(numbers[content[numbers]], np.int32)


def _document(fields: _Fields, of_word: dict[str, Ints]) -> tuple[Ints, Floats]:
    parts = [of_word[word] for words, _ in fields for word in words]
    if not parts:
        return np.empty(0, np.int32), np.empty(0, np.float32)
    weights = np.repeat(
        np.array([weight for words, weight in fields for _ in words], dtype=np.float32), [len(part) for part in parts]
    )
    numbers, places = np.unique(np.concatenate(parts), return_inverse=True)
    return numbers.astype(np.int32), np.bincount(places, weights=weights).astype(np.float32)
