"""Back-off language models of up to three words: modified Kneser-Ney (Chen & Goodman 1998, section 3), pruned by count.

Kept as sorted tables, so that a probability of many n-grams is a few binary searches. Natural logarithms throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from models.kaldi.fst import Ints
from models.kaldi.ngram_counts import ORDER, Counts, Words, counted, words_of

Doubles = npt.NDArray[np.float64]

FLOOR: Final = 0.1
"""Every word of the vocabulary counts as seen so often, though the text may lack it."""
MIN_COUNTS: Final = (1, 2, 2)
"""n-grams of 1, 2, 3 words seen less often are left to the shorter ones."""

_LEAST: Final = 1e-7
"""Probability mass is never taken for less, nor for nothing."""
CANNOT: Final = -99.0
"""log probability of what can't follow anything: the begin of a sentence."""


class Table(msgspec.Struct, frozen=True, eq=False):
    """n-grams of one length."""

    keys: Ints
    """Ascending."""
    logp: Doubles
    """log p(last word | the words before it)."""
    backoff: Doubles
    """log weight of the shorter history for words that do not follow this n-gram here; 0.0 where none does."""

    def find(self, keys: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """Rows of these n-grams, and whether they are there at all."""
        rows = np.searchsorted(self.keys, keys)
        known = np.zeros(len(keys), bool)
        inside = rows < len(self.keys)
        known[inside] = self.keys[rows[inside]] == keys[inside]
        return np.where(known, rows, 0), known


class NGram(msgspec.Struct, frozen=True, eq=False):
    """A language model. Every history of a longer n-gram is an n-gram itself."""

    words: Words
    tables: tuple[Table, ...]

    def logp(self, keys: Ints, order: int) -> Doubles:
        """log p(last word | history) of n-grams of that order, backing off where they are not listed."""
        table = self.tables[order - 1]
        rows, known = table.find(keys)
        found = np.full(len(keys), CANNOT)
        found[known] = table.logp[rows[known]]
        if order > 1 and not np.all(known):
            missing = keys[~known]
            found[~known] = self._backoff(self.words.history(missing), order - 1)
            found[~known] += self.logp(self.words.suffix(missing, order), order - 1)
        return found

    def _backoff(self, histories: Ints, order: int) -> Doubles:
        table = self.tables[order - 1]
        rows, known = table.find(histories)
        found = np.zeros(len(histories))
        found[known] = table.backoff[rows[known]]
        return found


def estimated(sentences: Iterable[str], vocabulary: Iterable[str], *, min_counts: Sequence[int] = MIN_COUNTS) -> NGram:
    """The language model of a text. Words of the text outside the vocabulary are passed over."""
    return from_counts(counted(sentences, vocabulary), min_counts=min_counts)


def from_counts(counts: Counts, *, min_counts: Sequence[int] = MIN_COUNTS) -> NGram:
    """The language model of counts."""
    words = counts.words
    least = np.maximum.accumulate(np.asarray(min_counts))  # else a history might be missing
    kinds = _continuations(counts)
    ngram = NGram(words, (_unigrams(words, counts.keys[0], kinds[0]),))
    for order in range(2, ORDER + 1):
        keys = counts.keys[order - 1]
        kept = counts.counts[order - 1] >= least[order - 1]
        ngram = _longer(ngram, order, keys, kinds[order - 1], kept)
    return ngram


def mixed(parts: Sequence[tuple[NGram, float]]) -> NGram:
    """Linear interpolation: p(w | h) = sum of weight x p_part(w | h) for every n-gram that any part lists.

    Weights are made to add up to 1. A word that a part does not know has probability 0 there.
    """
    total = sum(weight for _, weight in parts)
    words = words_of(word for ngram, _ in parts for word in ngram.words.words)
    recoded = [(_recoded(ngram, words), weight / total) for ngram, weight in parts]
    tables: tuple[Table, ...] = ()
    for order in range(1, ORDER + 1):
        keys = np.unique(np.concatenate([ngram.tables[order - 1].keys for ngram, _ in recoded]))
        p = sum(weight * np.exp(ngram.logp(keys, order)) for ngram, weight in recoded)
        tables = _with_backoffs(words, tables, Table(keys, np.log(np.maximum(p, 1e-40)), np.zeros(len(keys))))
    return NGram(words, tables)


def _with_backoffs(words: Words, shorter: tuple[Table, ...], table: Table) -> tuple[Table, ...]:
    """The shorter tables with the back-off weights that make p(. | h) add up to 1, and the new one behind them."""
    if not shorter:
        return (table,)
    below = shorter[-1]
    rows, _ = below.find(words.history(table.keys))
    lower = NGram(words, shorter).logp(words.suffix(table.keys, len(shorter) + 1), len(shorter))
    listed = np.bincount(rows, np.exp(table.logp), len(below.keys))
    passed = np.bincount(rows, np.exp(lower), len(below.keys))
    left = np.log(np.maximum(1 - listed, _LEAST)) - np.log(np.maximum(1 - passed, _LEAST))
    backoff = np.where(np.bincount(rows, minlength=len(below.keys)) > 0, left, 0.0)
    return (*shorter[:-1], Table(below.keys, below.logp, backoff), table)


def _continuations(counts: Counts) -> list[Ints]:
    """What Kneser-Ney counts: of shorter n-grams how many different words come before them, except at the begin of a
    sentence, where nothing can."""
    words, kinds = counts.words, [counts.counts[-1]]
    for order in range(ORDER - 1, 0, -1):
        keys = counts.keys[order - 1]
        where = np.searchsorted(keys, words.suffix(counts.keys[order], order + 1))
        kind = np.bincount(where, minlength=len(keys))
        opens = keys // words.base ** (order - 1) == 0
        kinds.insert(0, np.where(opens | (kind == 0), counts.counts[order - 1], kind))
    return kinds


def _unigrams(words: Words, keys: Ints, kinds: Ints) -> Table:
    mass = np.full(words.base, FLOOR)
    mass[keys] += kinds
    mass[0] = 0
    with np.errstate(divide="ignore"):
        logp = np.maximum(np.log(mass / mass.sum()), CANNOT)
    return Table(np.arange(words.base), logp, np.zeros(words.base))


def _longer(ngram: NGram, order: int, keys: Ints, kinds: Ints, kept: npt.NDArray[np.bool_]) -> NGram:
    """The model with n-grams of one word more: what discounts and pruned n-grams leave goes to the shorter history."""
    words, below = ngram.words, ngram.tables[-1]
    rows, there = below.find(words.history(keys))
    kept = kept & there
    total = np.bincount(rows[there], kinds[there], len(below.keys))
    discounted = np.where(kept, kinds - _discounts(kinds), 0.0)
    taken = np.bincount(rows[there], discounted[there], len(below.keys))
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(np.bincount(rows[kept], minlength=len(below.keys)) > 0, 1 - taken / total, 1.0)
    listed, home = keys[kept], rows[kept]
    lower = np.exp(ngram.logp(words.suffix(listed, order), order - 1))
    logp = np.log(discounted[kept] / total[home] + left[home] * lower)
    known = Table(below.keys, below.logp, np.log(np.maximum(left, _LEAST)))
    return NGram(words, (*ngram.tables[:-1], known, Table(listed, logp, np.zeros(len(listed)))))


def _discounts(kinds: Ints) -> Doubles:
    """What is taken off n-grams seen once, twice, more often (Chen & Goodman, equation 26)."""
    seen = [max(1, int(np.count_nonzero(kinds == times))) for times in range(5)]
    ratio = seen[1] / (seen[1] + 2 * seen[2])
    amounts = [times - (times + 1) * ratio * seen[times + 1] / seen[times] for times in (1, 2, 3)]
    bounded = np.clip(amounts, 0.4, [0.9, 1.6, 2.4])
    found: Doubles = bounded[np.clip(kinds, 1, 3) - 1]
    return found


def _recoded(ngram: NGram, words: Words) -> NGram:
    """The same model with the numbers of another vocabulary that holds all its words."""
    number = np.array([words.numbers[word] for word in ngram.words.words], np.int64)
    tables = []
    for order, table in enumerate(ngram.tables, start=1):
        keys, rest = np.zeros(len(table.keys), np.int64), table.keys
        for place in range(order):
            keys += number[ngram.words.last(rest)] * words.base**place
            rest = ngram.words.history(rest)
        by = np.argsort(keys)
        tables.append(Table(keys[by], table.logp[by], table.backoff[by]))
    return NGram(words, tuple(tables))
