"""What a caller said -> what to ask the index. Each word becomes a slot with everything it may stand for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec
from rapidfuzz import fuzz, process

from agent_assist import terms
from agent_assist.entry_index import EntryIndex
from agent_assist.everyday import COMMON
from agent_assist.hangul import composed, jamo
from agent_assist.korean import Analyser, Morpheme

TEXT_LIMIT: Final = 1_000
"""Characters of one utterance that are looked at: its last ones. Twenty seconds of speech have some 150."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """How much each kind of evidence counts, next to a noun that was said as it is written (1.0)."""

    verb: float = 0.7
    adverb: float = 0.5
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
        self._misheard = lru_cache(maxsize=4096)(self._sounding_like)

    def ask(self, text: str) -> Question:
        """The question in ``text``; without slots when nothing in it is known."""
        text = composed(text)[-TEXT_LIMIT:]
        morphemes = self._analyser.morphemes(text, tolerant=True)
        slots: list[Slot] = []
        words = unknown = 0
        for morpheme in morphemes:
            if (term := terms.morpheme_term(morpheme)) is None:
                continue
            options = self._options(morpheme, term)
            if options:
                slots.append(Slot(options, morpheme.start, morpheme.end))
            if morpheme.form not in COMMON:
                words += 1
                unknown += not options
        slots.extend(self._pairs(text, morphemes))
        return Question(text, tuple(slots), tuple(morphemes), words, unknown)

    def _options(self, morpheme: Morpheme, term: str) -> tuple[tuple[int, float], ...]:
        weights, vocabulary = self._weights, self._index.vocabulary
        own = {"noun": 1.0, "verb": weights.verb, "adverb": weights.adverb}[morpheme.kind or "noun"]
        if morpheme.form in COMMON:
            own *= weights.common
        options: dict[int, float] = {}
        if (number := vocabulary.get(term)) is not None:
            options[number] = own
        for similar in self._analyser.similar(morpheme.form, morpheme.tag):
            if similar.score < weights.similar_from:
                break
            other = terms.morpheme_term(Morpheme(similar.form, similar.tag, 0, 0))
            if other is not None and (number := vocabulary.get(other)) is not None:
                options.setdefault(number, own * weights.similar * similar.score**2)
        if term not in vocabulary and term[0] == "n" and len(term) > 2:
            for number, likeness in self._misheard(term):
                options[number] = max(options.get(number, 0.0), own * weights.misheard * likeness**2)
        return tuple(options.items())

    def _sounding_like(self, term: str) -> tuple[tuple[int, float], ...]:
        found = process.extract(
            jamo(term[1:]),
            self._index.noun_jamo,
            scorer=fuzz.ratio,
            score_cutoff=100 * self._weights.misheard_from,
            limit=4,
        )
        return tuple((self._index.vocabulary[self._index.nouns[at]], likeness / 100) for _, likeness, at in found)

    def _pairs(self, text: str, morphemes: Sequence[Morpheme]) -> list[Slot]:
        wanted: dict[str, float] = {}
        for morpheme in morphemes:
            if (term := terms.morpheme_term(morpheme)) is not None:
                for pair in terms.pairs(term[1:]):
                    wanted["p" + pair] = wanted.get("p" + pair, 0.0) + self._weights.pair
        for word in terms.words(text):
            for pair in terms.pairs(word):
                wanted["w" + pair] = wanted.get("w" + pair, 0.0) + self._weights.written
        vocabulary = self._index.vocabulary
        return [Slot(((vocabulary[term], weight),), 0, 0) for term, weight in wanted.items() if term in vocabulary]
