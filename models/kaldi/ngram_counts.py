"""Counting word sequences of a text, in numpy: a million words take about a second, memory grows with different
n-grams only.

An n-gram is one 64-bit number: its words' numbers as digits to the base of the vocabulary's size, the oldest word
first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Final

import msgspec
import numpy as np

from core.errors import BadInput
from models.kaldi.fst import Ints
from models.kaldi.lexicon import UNKNOWN

BOS: Final = "<s>"
EOS: Final = "</s>"
ORDER: Final = 3
"""Longest n-gram."""

_BATCH: Final = 50_000


class Words(msgspec.Struct, frozen=True):
    """A vocabulary as numbers: 0 begins a sentence, 1 ends it."""

    words: tuple[str, ...]
    numbers: dict[str, int]

    @property
    def base(self) -> int:
        """How many, the two marks among them."""
        return len(self.words)

    def history(self, keys: Ints) -> Ints:
        """The n-grams without their last words."""
        return keys // self.base

    def last(self, keys: Ints) -> Ints:
        """Their last words."""
        return keys % self.base

    def suffix(self, keys: Ints, order: int) -> Ints:
        """n-grams of ``order`` words without their first words."""
        rest: Ints = keys % self.base ** (order - 1)
        return rest


def words_of(vocabulary: Iterable[str]) -> Words:
    """All but '[unk]', which no language model predicts. ``BadInput`` for more words than a trigram's number can hold
    (2 million)."""
    words = tuple(dict.fromkeys((BOS, EOS, *sorted(set(vocabulary) - {UNKNOWN}))))
    if len(words) ** ORDER >= 2**63:
        raise BadInput(f"a vocabulary of {len(words)} words is too large; at most {int(2 ** (63 / ORDER))}")
    return Words(words, {word: number for number, word in enumerate(words)})


class Counts(msgspec.Struct, frozen=True, eq=False):
    """How often each n-gram was seen."""

    words: Words
    keys: tuple[Ints, ...]
    """For 1, 2, 3 words: the n-grams, ascending."""
    counts: tuple[Ints, ...]


def counted(sentences: Iterable[str], vocabulary: Iterable[str]) -> Counts:
    """Counts of a text, streamed. n-grams with a word that is not in the vocabulary are left out."""
    words = words_of(vocabulary)
    nothing = np.zeros(0, np.int64)
    totals = [(nothing, nothing)] * ORDER
    source = iter(sentences)
    while batch := list(islice(source, _BATCH)):
        numbers, lengths = encoded(words, batch)
        for order in range(1, ORDER + 1):
            keys, counts = np.unique(grams(words, numbers, lengths, order), return_counts=True)
            totals[order - 1] = _sum(totals[order - 1], (keys, counts))
    return Counts(words, tuple(keys for keys, _ in totals), tuple(counts for _, counts in totals))


def encoded(words: Words, sentences: Sequence[str]) -> tuple[Ints, Ints]:
    """All words' numbers one after the other, marks at both ends of each sentence, -1 for unknown words; and the
    sentences' lengths with their marks."""
    find = words.numbers.get
    rows = [[0, *(find(word, -1) for word in sentence.split()), 1] for sentence in sentences]
    lengths = np.array([len(row) for row in rows], np.int64)
    return np.fromiter(chain.from_iterable(rows), np.int64, int(lengths.sum())), lengths


def grams(words: Words, numbers: Ints, lengths: Ints, order: int) -> Ints:
    """Every n-gram of that order within the sentences."""
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    count = max(0, len(numbers) - order + 1)
    whole = sentence[:count] == sentence[order - 1 :]
    keys = np.zeros(count, np.int64)
    for offset in range(order):
        column = numbers[offset : offset + count]
        keys = keys * words.base + column
        whole = whole & (column >= 0)
    found: Ints = keys[whole]
    return found


def _sum(one: tuple[Ints, Ints], other: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    keys, where = np.unique(np.concatenate([one[0], other[0]]), return_inverse=True)
    return keys, np.bincount(where, np.concatenate([one[1], other[1]])).astype(np.int64)
