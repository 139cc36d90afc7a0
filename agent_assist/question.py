"""What a caller said -> what to ask the index. Each word becomes a slot with everything it may stand for."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec
import numpy as np

from agent_assist import terms
from agent_assist.asking import asks
from agent_assist.entry_index import EntryIndex
from agent_assist.everyday import COMMON, ELSEWHERE
from agent_assist.hangul import composed
from agent_assist.korean import NUMBERS, Analyser, Morpheme
from agent_assist.meaning import SIZE, Floats, meaning
from agent_assist.thesaurus import Phrase, Phrases, Thesaurus, known_by
from core.contacts.addresses import addresses
from core.contacts.plates import plates

TEXT_LIMIT: Final = 1_000
"""Characters of one utterance that are looked at: its last ones. Twenty seconds of speech have some 150."""
_UNKNOWN: Final = 0.8
"""How telling a word is that the database does not have, next to the rarest that it has."""

_SPOKEN_NUMBER: Final = re.compile(r"(?<!\S)[공영일이삼사오육칠팔구십백천만억]{3,}|\d[\d\-]{4,}")
"""'공일공에', '이십일일이요': a number read out is never a topic. Two syllables may be a word: 이사, 오이."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """How much each kind of evidence counts, next to a noun that was said as it is written (1.0)."""

    verb: float = 0.7
    adverb: float = 0.5
    compound: float = 0.5
    """Nouns said as one name, where the entry has that name; beside their own weights."""
    office: float = 0.9
    """What an office calls it, next to what the caller called it."""
    common: float = 0.4
    """A word heard in calls about anything; times the weight of its kind."""
    pair: float = 0.5
    written: float = 0.5
    similar: float = 0.5
    """A word used in the same company; times its likeness."""
    similar_from: float = 0.35
    misheard: float = 0.8
    """A word that the database does not have, taken for one that sounds alike; times its likeness squared."""
    misheard_from: float = 0.75
    heard: float = 0.6
    """A word whose sound another word, as written, begins with; times its likeness squared."""


class Slot(msgspec.Struct, frozen=True):
    """One thing said, with the terms that it may mean. An entry earns the best of them, not their sum."""

    options: tuple[tuple[int, float], ...]
    """Term of the index, weight."""
    start: int
    end: int
    """Place in the text; end = 0 for what is not shown as a reason."""
    counts: bool = True
    """Whether it is one of the things said, of which an entry should have as many as possible."""


class Question(msgspec.Struct, frozen=True):
    """An utterance, ready to ask."""

    text: str
    slots: tuple[Slot, ...]
    morphemes: tuple[Morpheme, ...]
    words: int
    """Words with a topic of their own in them, known to the database or not."""
    unknown: int
    """Those of them that the database has nothing like."""
    sense: Floats
    """What it is about, as a vector; the longer, the more telling words were said."""
    asks: bool
    """Whether it is a question or a wish, not only a topic."""
    elsewhere: bool
    """Whether it asks for what no office does: the repair of a washing machine, a pizza, tomorrow's lottery numbers."""
    terms: tuple[str, ...]
    """Its words with a topic of their own: 'n등본', 'v떼'."""


class Questioner:
    """Makes questions for one index."""

    def __init__(self, index: EntryIndex, analyser: Analyser, thesaurus: Thesaurus, weights: Weights) -> None:
        self._index = index
        self._thesaurus = thesaurus
        self._elsewhere = Phrases({known_by(analyser.morphemes(phrase)): () for phrase in ELSEWHERE})
        self._place = meaning(analyser).of
        self._analyser = analyser
        self._weights = weights

    def ask(self, text: str) -> Question:
        """The question in ``text``; without slots when nothing in it is known."""
        text = composed(text)[-TEXT_LIMIT:]
        told = _told(text)
        morphemes = [
            morpheme
            for morpheme in self._analyser.morphemes(text, tolerant=True)
            if not any(start <= morpheme.start < end for start, end in told)
        ]
        slots: list[Slot] = []
        topics: list[str] = []
        words = unknown = 0
        for morpheme in morphemes:
            if (term := terms.morpheme_term(morpheme)) is None:
                continue
            options = self._options(morpheme, term)
            if options:
                slots.append(Slot(options, morpheme.start, morpheme.end))
            if not _common(morpheme):
                topics.append(term)
                words += 1
                unknown += not options
        for compound in terms.compounds(morphemes):
            if options := self._named(compound.form.lower()):
                slots.append(Slot(options, compound.start, compound.end))
        phrases = tuple(self._thesaurus.phrases(morphemes))
        slots.extend(self._said(phrases))
        slots.extend(self._heard(text, morphemes))
        slots.extend(self._pairs(_without(text, told), morphemes))
        return Question(
            text=text,
            slots=tuple(slots),
            morphemes=tuple(morphemes),
            words=words,
            unknown=unknown,
            sense=self._sense(morphemes, phrases),
            asks=asks(morphemes),
            elsewhere=next(self._elsewhere.find(morphemes), None) is not None,
            terms=tuple(dict.fromkeys(topics)),
        )

    def _options(self, morpheme: Morpheme, term: str) -> tuple[tuple[int, float], ...]:
        weights, vocabulary = self._weights, self._index.vocabulary
        own = self._own(morpheme)
        options: dict[int, float] = {}
        if (number := vocabulary.get(term)) is not None:
            options[number] = own
        for office in self._thesaurus.office(term):
            if (number := vocabulary.get("n" + office)) is not None:
                options[number] = max(options.get(number, 0.0), own * weights.office)
        for number, likeness in self._index.senses.like(term, weights.similar_from):
            options.setdefault(number, own * weights.similar * likeness)
        if term not in vocabulary and term[0] == "n":
            for number, likeness in self._index.sounds.like(term[1:], weights.misheard_from):
                options[number] = max(options.get(number, 0.0), own * weights.misheard * likeness**2)
        return tuple(options.items())

    def _named(self, compound: str) -> tuple[tuple[int, float], ...]:
        """Nouns said in one breath, as one name, and what an office calls that."""
        vocabulary, weights = self._index.vocabulary, self._weights
        wanted = {compound: weights.compound, **dict.fromkeys(self._thesaurus.office("n" + compound), weights.office)}
        return tuple((vocabulary["n" + name], weight) for name, weight in wanted.items() if "n" + name in vocabulary)

    def _own(self, morpheme: Morpheme) -> float:
        weights = self._weights
        own = {"noun": 1.0, "verb": weights.verb, "adverb": weights.adverb}[morpheme.kind or "noun"]
        return own * weights.common if _common(morpheme) else own

    def _said(self, phrases: Iterable[Phrase]) -> Iterator[Slot]:
        for phrase in phrases:
            options = tuple(
                (number, self._weights.office)
                for word in phrase.office
                if (number := self._index.vocabulary.get("n" + word)) is not None
            )
            if options:
                yield Slot(options, phrase.start, phrase.end, counts=False)

    def _heard(self, text: str, morphemes: Sequence[Morpheme]) -> Iterator[Slot]:
        """Written words that begin with the sound of a word of the database, which the analyser took for others."""
        index, weights = self._index, self._weights
        for start, end in terms.spans(text):
            inside = [m for m in morphemes if start <= m.start < end and m.kind == "noun"]
            known = {number for m in inside if (number := index.vocabulary.get("n" + m.form.lower())) is not None}
            sure = any(len(m.form) > 1 and "n" + m.form.lower() in index.vocabulary for m in inside)
            options = tuple(
                (number, weights.heard * likeness**2)
                for number, likeness in index.sounds.heard(text[start:end].lower())
                if number not in known and (likeness == 1 or not sure)
            )
            if options:
                yield Slot(options, start, end, counts=False)

    def _sense(self, morphemes: Iterable[Morpheme], phrases: Iterable[Phrase]) -> Floats:
        """The sum of what each word, and what an office calls it, is about: the rarer in the database, the more."""
        weight: dict[str, float] = {}
        for morpheme in morphemes:
            if (term := terms.morpheme_term(morpheme)) is not None:
                own = self._rarity(term) * self._own(morpheme)
                weight[term] = max(weight.get(term, 0.0), own)
                self._add(weight, self._thesaurus.office(term), own)
        for phrase in phrases:
            known = [word for word in phrase.office if "n" + word in self._index.vocabulary]
            self._add(weight, known, max((self._rarity("n" + word) for word in known), default=0.0))
        sense = np.zeros(SIZE, np.float32)
        for term, share in weight.items():
            if (place := self._place(term)) is not None:
                sense += np.float32(share) * place
        return sense

    def _add(self, weight: dict[str, float], office: Sequence[str], own: float) -> None:
        for word in office:
            share = self._weights.office * own / math.sqrt(len(office))
            weight["n" + word] = max(weight.get("n" + word, 0.0), share)

    def _rarity(self, term: str) -> float:
        """How telling a word is: nobody knows of one that the database does not have."""
        number = self._index.vocabulary.get(term)
        if number is None:
            return _UNKNOWN * math.log(self._index.postings.size + 1)
        return float(self._index.postings.idf[number])

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


def _common(morpheme: Morpheme) -> bool:
    return morpheme.form in COMMON or morpheme.tag in NUMBERS


def _told(text: str) -> list[tuple[int, int]]:
    """Where a number, an address or a number plate is told: an answer, no topic."""
    spans = [match.span() for match in _SPOKEN_NUMBER.finditer(text)]
    return spans + [(each.start, each.end) for found in (addresses(text), plates(text)) for each in found]


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
