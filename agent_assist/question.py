"""What a caller said -> what to ask the index. Each word becomes a slot with everything it may stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from agent_assist import terms
from agent_assist.entry_index import EntryIndex
from agent_assist.everyday import COMMON
from agent_assist.hangul import composed
from agent_assist.korean import NUMBERS, Analyser, Morpheme
from agent_assist.lay_words import office_words, phrases

TEXT_LIMIT: Final = 1_000
"""Characters of one utterance that are looked at: its last ones. Twenty seconds of speech have some 150."""


_SPOKEN_NUMBER: Final = re.compile(r"(?<!\S)[공영일이삼사오육칠팔구십백천만억]{3,}|\d[\d\-]{4,}")
"""'공일공에', '이십일일이요': a number read out is never a topic. Two syllables may be a word: 이사, 오이."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """How much each kind of evidence counts, next to a noun that was said as it is written (1.0)."""

    verb: float = 0.7
    adverb: float = 0.5
    compound: float = 0.5
    """Nouns said as one name, where the entry has that name; beside their own weights."""
    office: float = 0.6
    """What an office calls it, next to what the caller called it."""
    common: float = 0.4
    """A word heard in calls about anything; times the weight of its kind."""
    pair: float = 0.5
    written: float = 0.5
    similar: float = 0.5
    """A word used in the same company; times its likeness squared."""
    similar_from: float = 0.6
    misheard: float = 0.8
    """A word that the database does not have, taken for one that sounds alike; times its likeness squared."""
    misheard_from: float = 0.75


class Slot(msgspec.Struct, frozen=True):
    """One thing said, with the terms that it may mean. An entry earns the best of them, not their sum."""

    options: tuple[tuple[int, float], ...]
    """Term of the index, weight."""
    start: int
    end: int
    """Place in the text; end = 0 for what is not shown as a reason."""


class Question(msgspec.Struct, frozen=True):
    """An utterance, ready to ask."""

    text: str
    slots: tuple[Slot, ...]
    morphemes: tuple[Morpheme, ...]
    words: int
    """Words with a topic of their own in them, known to the database or not."""
    unknown: int
    """Those of them that the database has nothing like."""


class Questioner:
    """Makes questions for one index."""

    def __init__(self, index: EntryIndex, analyser: Analyser, weights: Weights) -> None:
        self._index = index
        self._analyser = analyser
        self._weights = weights

    def ask(self, text: str) -> Question:
        """The question in ``text``; without slots when nothing in it is known."""
        text = composed(text)[-TEXT_LIMIT:]
        numbers = [match.span() for match in _SPOKEN_NUMBER.finditer(text)]
        morphemes = [
            morpheme
            for morpheme in self._analyser.morphemes(text, tolerant=True)
            if not any(start <= morpheme.start < end for start, end in numbers)
        ]
        slots: list[Slot] = []
        words = unknown = 0
        for morpheme in morphemes:
            if (term := terms.morpheme_term(morpheme)) is None:
                continue
            options = self._options(morpheme, term)
            if options:
                slots.append(Slot(options, morpheme.start, morpheme.end))
            if not _common(morpheme):
                words += 1
                unknown += not options
        for compound in terms.compounds(morphemes):
            if options := self._named(compound.form.lower()):
                slots.append(Slot(options, compound.start, compound.end))
        slots.extend(self._phrases(text))
        slots.extend(self._pairs(text, morphemes))
        return Question(text, tuple(slots), tuple(morphemes), words, unknown)

    def _options(self, morpheme: Morpheme, term: str) -> tuple[tuple[int, float], ...]:
        weights, vocabulary = self._weights, self._index.vocabulary
        own = {"noun": 1.0, "verb": weights.verb, "adverb": weights.adverb}[morpheme.kind or "noun"]
        if _common(morpheme):
            own *= weights.common
        options: dict[int, float] = {}
        if (number := vocabulary.get(term)) is not None:
            options[number] = own
        for office in office_words(term):
            if (number := vocabulary.get("n" + office)) is not None:
                options[number] = max(options.get(number, 0.0), own * weights.office)
        for similar in self._analyser.similar(morpheme.form, morpheme.tag):
            if similar.score < weights.similar_from:
                break
            other = terms.morpheme_term(Morpheme(similar.form, similar.tag, 0, 0))
            if other is not None and (number := vocabulary.get(other)) is not None:
                options.setdefault(number, own * weights.similar * similar.score**2)
        if term not in vocabulary and term[0] == "n":
            for number, likeness in self._index.sounds.like(term[1:], weights.misheard_from):
                options[number] = max(options.get(number, 0.0), own * weights.misheard * likeness**2)
        return tuple(options.items())

    def _named(self, compound: str) -> tuple[tuple[int, float], ...]:
        """Nouns said in one breath, as one name, and what an office calls that."""
        vocabulary, weights = self._index.vocabulary, self._weights
        wanted = {compound: weights.compound, **dict.fromkeys(office_words("n" + compound), weights.office)}
        return tuple((vocabulary["n" + name], weight) for name, weight in wanted.items() if "n" + name in vocabulary)

    def _phrases(self, text: str) -> Iterator[Slot]:
        for words in phrases(text):
            options = tuple(
                (number, self._weights.office)
                for word in words
                if (number := self._index.vocabulary.get("n" + word)) is not None
            )
            if options:
                yield Slot(options, 0, 0)

    def _pairs(self, text: str, morphemes: Sequence[Morpheme]) -> list[Slot]:
        wanted: dict[str, float] = {}
        for morpheme in morphemes:
            if (term := terms.morpheme_term(morpheme)) is not None:
                for pair in terms.pairs(term[1:]):
                    wanted["p" + pair] = wanted.get("p" + pair, 0.0) + self._weights.pair
        for word in terms.words(_SPOKEN_NUMBER.sub(" ", text)):
            for pair in terms.pairs(word):
                wanted["w" + pair] = wanted.get("w" + pair, 0.0) + self._weights.written
        vocabulary = self._index.vocabulary
        return [Slot(((vocabulary[term], weight),), 0, 0) for term, weight in wanted.items() if term in vocabulary]


def _common(morpheme: Morpheme) -> bool:
    return morpheme.form in COMMON or morpheme.tag in NUMBERS
