"""Sentences of civil affairs: what a network hears, and what a language model reads."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from itertools import accumulate, islice
from typing import Final

from models.training.text.pieces import is_piece, spell, syllable_pieces
from models.training.text.saying import disfluent
from models.training.text.sources import excluded, grammar, squeezed
from models.training.text.tails import uncontracted
from models.training.text.vocabulary import MIX, vocabulary

_HEARD: Final[Mapping[str, float]] = {"basic": 0.15, "caller": 0.37, "agent": 0.1, "city": 0.05, "loose": 0.33}
"""Kinds of sentences that are spoken for the network: more loose ones, for the variety of sounds."""
_DISFLUENT: Final = 0.1
_WRITTEN_OUT: Final = 0.25
"""Of 됐어요, so many are 되었어요."""
_SPELT: Final = 0.003
"""Share of known words that are written syllable by syllable, so that the pieces have neighbours."""
_PARTED: Final = 0.006
"""Share of known words that are written as noun and particle where they can be."""
_MOST_ALIKE: Final = 3
"""Short sentences come again and again; more often than this none is spoken."""


def training_sentences(count: int, seed: int, exclude: Collection[str] = ()) -> list[str]:
    """So many sentences to be spoken; the same for the same seed.

    ``exclude``: sentences (spaces do not matter) that must not come; the test texts never do.
    """
    seen: dict[str, int] = {}
    out: list[str] = []
    for sentence in _sentences(seed, _HEARD, exclude):
        if seen.get(sentence, 0) < _MOST_ALIKE:
            seen[sentence] = seen.get(sentence, 0) + 1
            out.append(sentence)
            if len(out) == count:
                break
    return out


def lm_sentences(count: int, seed: int, exclude: Collection[str] = ()) -> Iterator[str]:
    """So many sentences for the language model, in whole words and pieces; the same for the same seed."""
    rng = random.Random(seed + 1)
    for sentence in islice(_sentences(seed, MIX, exclude), count):
        yield in_pieces(sentence, rng)


def in_pieces(sentence: str, rng: random.Random | None = None) -> str:
    """The sentence in words and pieces of the vocabulary; with ``rng`` some known words in pieces, too."""
    known = vocabulary()
    out: list[str] = []
    for word in sentence.split():
        chance = 1.0 if rng is None else rng.random()
        if chance < _SPELT:
            parts = syllable_pieces(word)
        elif chance < _SPELT + _PARTED or word not in known:
            parts = spell(word)
            if word in known and len(parts) > 2:
                parts = [word]
        else:
            parts = [word]
        out += parts if len(parts) == 1 or all(part in known or is_piece(part) for part in parts) else [word]
    return " ".join(out)


def _sentences(seed: int, mix: Mapping[str, float], exclude: Collection[str]) -> Iterator[str]:
    rng = random.Random(seed)
    rules = grammar()
    kinds, until = list(mix), list(accumulate(mix.values()))
    barred = excluded().union(map(squeezed, exclude))
    while True:
        kind = rng.choices(kinds, cum_weights=until)[0]
        sentence = rules.sentence(kind, rng)
        if not sentence:
            continue
        if "됐" in sentence and rng.random() < _WRITTEN_OUT:
            sentence = uncontracted(sentence)
        if kind in ("caller", "basic") and rng.random() < _DISFLUENT:
            sentence = disfluent(sentence, rng)
        if squeezed(sentence) not in barred:
            yield sentence
