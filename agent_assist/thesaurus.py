"""What citizens say -> what offices write: the shipped words, with a city's own over them. Immutable, any thread.

A phrase is known by its words in their order, whatever particles, endings and adverbs stand between them:
'물이 안 나오다' is also '물도 통 안 나오는데요'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from agent_assist.korean import NOUNS, VERBS, Analyser, Morpheme
from agent_assist.lay_words import NOUNS as LAY_NOUNS
from agent_assist.lay_words import PHRASES as LAY_PHRASES
from agent_assist.lay_words import VERBS as LAY_VERBS
from core.store.knowledge import Synonym

_KEPT: Final = NOUNS | VERBS | {"VX", "MAG", "MM", "NP", "NNB"}
"""Tags of the words by which a phrase is known."""
_PASSED: Final = frozenset({"하", "되"})
"""Words that, as adverbs do, may stand within a phrase and mean nothing there."""
_GAP: Final = 2
"""At most so many words may stand between two words of a phrase."""


class Phrase(msgspec.Struct, frozen=True):
    """A lay phrase that was said."""

    office: tuple[str, ...]
    """What an office calls it."""
    start: int
    end: int
    """Place in the text, from its first word to its last."""


class Phrases:
    """Many phrases at once, each with what it stands for."""

    def __init__(self, phrases: Mapping[tuple[str, ...], Sequence[str]]) -> None:
        """``phrases``: by the words that they are known by (:func:`known_by`)."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        for key, office in phrases.items():
            if key:
                self._by_first.setdefault(key[0], []).append((key[1:], _unique(office)))

    def find(self, morphemes: Sequence[Morpheme]) -> Iterator[Phrase]:
        """Those in what was said."""
        kept = [morpheme for morpheme in morphemes if morpheme.tag in _KEPT]
        for at, first in enumerate(kept):
            for rest, office in self._by_first.get(first.form, ()):
                last = _follow(kept, at + 1, rest)
                if last is not None:
                    yield Phrase(office, first.start, kept[last].end)


class Thesaurus:
    """``office`` for a word, ``phrases`` for what only several words together mean."""

    def __init__(self, analyser: Analyser, synonyms: Sequence[Synonym] = ()) -> None:
        """``synonyms`` of the city: those in force add to the shipped ones, those off take the pair away."""
        words = {f"n{word}": list(office) for word, office in LAY_NOUNS.items()}
        words |= {f"v{stem}": list(office) for stem, office in LAY_VERBS.items()}
        phrases: dict[tuple[str, ...], list[str]] = {}
        for said, office in LAY_PHRASES.items():
            phrases.setdefault(known_by(analyser.morphemes(said)), []).extend(office)
        for synonym in synonyms:
            forms = analyser.morphemes(synonym.lay)
            for table, key in _places(synonym.lay, forms):
                target = words if table == "word" else phrases
                _change(target, key, synonym)  # type: ignore[arg-type]
        self._words: Mapping[str, tuple[str, ...]] = {term: _unique(office) for term, office in words.items() if office}
        self.phrases = Phrases({key: office for key, office in phrases.items() if office}).find
        """The lay phrases in what was said."""

    def office(self, term: str) -> tuple[str, ...]:
        """Nouns that an office uses for this term ('n동사무소', 'v떼')."""
        return self._words.get(term, ())


def _follow(kept: Sequence[Morpheme], at: int, rest: Sequence[str]) -> int | None:
    """Place of the phrase's last word, None if it is another phrase."""
    last = at - 1
    for form in rest:
        passed = 0
        while at < len(kept) and kept[at].form != form:
            if passed == _GAP or not (kept[at].tag == "MAG" or kept[at].form in _PASSED):
                return None
            passed, at = passed + 1, at + 1
        if at == len(kept):
            return None
        last, at = at, at + 1
    return last


def known_by(morphemes: Sequence[Morpheme]) -> tuple[str, ...]:
    """The words that make a phrase."""
    return tuple(morpheme.form for morpheme in morphemes if morpheme.tag in _KEPT)


def _places(lay: str, forms: Sequence[Morpheme]) -> Iterator[tuple[str, object]]:
    """Where a city's word belongs: a noun as it is written, a verb by its stem, a phrase by its words."""
    known = known_by(forms)
    if " " in lay.strip() or len(known) > 1:
        yield "phrase", known
    if " " not in lay.strip():
        verb = lay.endswith("다") and (not known or any(m.tag in VERBS for m in forms))
        yield "word", f"v{lay[:-1]}" if verb else f"n{lay.lower()}"


def _change(table: dict[object, list[str]], key: object, synonym: Synonym) -> None:
    words = table.setdefault(key, [])
    if synonym.state == "in_force":
        words.extend(synonym.office)
    elif synonym.state == "off":
        words[:] = [word for word in words if word not in synonym.office]


def _unique(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
