"""Words and sentences of the recordings in a model's lexicon and n-gram, beside those that it has.

A word of the transcripts is listed with everything that neighbours do to it. Words seen once are also spelt in syllable
pieces, so that the n-gram learns how words that it does not know are made up. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from models.kaldi.lexicon import UNKNOWN
from models.kaldi.ngram import NGram, estimated, mixed
from models.kaldi.phones import Pronunciation
from models.korean.lexicon import lexicon as pronounced
from models.training.people.transcript import Unreadable, spoken
from models.training.text.pieces import syllable_pieces

_LONGEST_WORD: Final = 12
"""Syllables; in a text, longer ones are sentences without spaces."""
_OFTEN: Final = 2
_ALL: Final = (1, 1, 1)
"""Of so little text every n-gram is kept."""
_SENTENCE: Final = re.compile(r"[.?!\n]|\s{2,}|,(?=\s*\")|\";?")

Lexicon = Mapping[str, Sequence[Pronunciation]]


class Mixture(msgspec.Struct, frozen=True, kw_only=True):
    """How much each text counts in the language model."""

    transcripts: float = 0.5
    """Against the model's own n-gram."""
    text: float = 0.3
    """Of the domain's text against both."""


def words_of(sentences: Iterable[str]) -> Counter[str]:
    """How often each word comes."""
    return Counter(word for sentence in sentences for word in sentence.split())


def widened_lexicon(base: Lexicon, transcripts: Counter[str], text: Counter[str]) -> dict[str, list[Pronunciation]]:
    """The model's lexicon with the words of the transcripts, and those of the text that come twice at least."""
    domain = {word for word, count in text.items() if count >= _OFTEN and len(word) <= _LONGEST_WORD}
    more = pronounced(sorted(domain | set(transcripts)), frequent=set(transcripts))
    found = {word: list(ways) for word, ways in base.items()}
    for word, ways in more.items():
        found[word] = list(dict.fromkeys([*found.get(word, ()), *ways]))
    return found


def widened_ngram(
    base: NGram, transcripts: Sequence[str], text: Sequence[str], lexicon: Lexicon, mixture: Mixture
) -> NGram:
    """The model's n-gram mixed with those of the transcripts and of the text."""
    counts = words_of(transcripts)
    often = {word for word, count in counts.items() if count >= _OFTEN}
    theirs = list(_spellings(transcripts, lexicon, (set(lexicon), often, set())))
    parts = [(_of(theirs), mixture.transcripts), (base, 1 - mixture.transcripts)]
    if text:
        domain = list(_spellings(text, lexicon, (set(lexicon), often)))
        parts = [(ngram, weight * (1 - mixture.text)) for ngram, weight in parts] + [(_of(domain), mixture.text)]
    return mixed(parts)


def domain_sentences(path: Path) -> list[str]:
    """Sentences of a text of the domain as they would be spoken; what can't be read aloud is left out.

    A line a sentence, or running text, or a table (.csv) such as an exported consultation database.
    """
    found = []
    for part in _SENTENCE.split(path.read_text(encoding="utf-8-sig", errors="replace").replace("&nbsp;", " ")):
        try:
            found.append(spoken(part))
        except Unreadable:
            continue
    return found


def _spellings(sentences: Iterable[str], lexicon: Lexicon, kept: Sequence[set[str]]) -> Iterator[str]:
    """Every sentence once for each set of words that are kept whole, others in pieces."""
    for sentence in sentences:
        spelt = dict.fromkeys(" ".join(_spelt(word, lexicon, whole) for word in sentence.split()) for whole in kept)
        yield from (one for one in spelt if all(word in lexicon for word in one.split()))


def _spelt(word: str, lexicon: Lexicon, whole: set[str]) -> str:
    if word in whole:
        return word
    pieces = syllable_pieces(word)
    return " ".join(pieces) if all(piece in lexicon for piece in pieces) else word


def _of(sentences: Sequence[str]) -> NGram:
    """Of a small text: over its own words only, for each word of a vocabulary takes probability from those it saw."""
    vocabulary = {word for sentence in sentences for word in sentence.split()} - {UNKNOWN}
    return estimated(sentences, vocabulary, min_counts=_ALL)
