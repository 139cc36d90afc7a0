"""Language models: probabilities add up, files come back, mixtures mix."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from core.errors import BadInput, ModelFault
from models.kaldi import ngram_counts
from models.kaldi.fst import arcs_of, assembled, const_bytes, read_fst
from models.kaldi.lexicon import vocabulary_of
from models.kaldi.ngram import NGram, estimated, mixed
from models.kaldi.ngram_counts import counted, words_of
from models.kaldi.ngram_fst import from_fst, to_fst
from tests.fakes.kaldi_files import perplexity, score
from tests.models.kaldi.small_model import SENTENCES

TEXT = (*SENTENCES, *SENTENCES[1:3], "여권 분실 안내해 주세요", "여권 재발급")
WORDS = frozenset(" ".join(TEXT).split()) | {"등본"}


def sums(ngram: NGram) -> list[float]:
    """Sum of p(w | h) over all words, for every pair of words as a history."""
    base = ngram.words.base
    histories = [one * base + other for one, other in product(range(base), range(2, base))]
    return [float(np.exp(ngram.logp(history * base + np.arange(1, base), 3)).sum()) for history in histories]


@pytest.mark.parametrize("least", [(1, 1, 1), (1, 2, 2), (1, 3, 1)])
def test_probabilities_add_up(least: tuple[int, ...]) -> None:
    """After every history, seen or not, pruned or not; a word that the text lacks has its share."""
    ngram = estimated(TEXT, WORDS, min_counts=least)
    assert sums(ngram) == pytest.approx([1.0] * len(sums(ngram)))
    unseen = ngram.words.numbers["등본"]
    assert 0 < float(np.exp(ngram.logp(np.array([unseen]), 1))[0]) < 0.01


def test_counts_stream_and_pass_unknown_words_over() -> None:
    """A word that is not in the vocabulary breaks n-grams, no count goes through it."""
    counts = counted(iter(["가 나 가", "가 X 나"]), ["가", "나"])
    ga, na = counts.words.numbers["가"], counts.words.numbers["나"]
    bigrams = dict(zip(counts.keys[1].tolist(), counts.counts[1].tolist(), strict=True))
    base = counts.words.base
    assert bigrams == {ga: 2, ga * base + na: 1, na * base + ga: 1, ga * base + 1: 1, na * base + 1: 1}


def test_seen_text_is_likelier() -> None:
    """Than the same words in another order; and score leaves out what it cannot predict."""
    ngram = estimated(TEXT, WORDS)
    assert perplexity(ngram, SENTENCES) < perplexity(ngram, (" ".join(reversed(s.split())) for s in SENTENCES))
    assert score(ngram, ["여권 재발급"])[1] == 3
    assert score(ngram, ["여권 X 재발급"])[1] == 1
    assert score(ngram, []) == (0.0, 0)


def test_gr_fst_and_back() -> None:
    """The same probabilities from the file as from the tables."""
    vocabulary = vocabulary_of([*sorted(WORDS), "[unk]"])
    ngram = estimated(TEXT, WORDS, min_counts=(1, 1, 1))
    fst = read_fst(const_bytes(to_fst(ngram, vocabulary)))
    back = from_fst(fst, vocabulary)
    assert score(back, TEXT)[0] == pytest.approx(score(ngram, TEXT)[0], rel=1e-6)
    assert score(back, reversed(TEXT))[0] == pytest.approx(score(ngram, TEXT)[0], rel=1e-6)
    assert "[unk]" not in estimated(TEXT, vocabulary.words).words.numbers
    again = to_fst(back, vocabulary)
    assert (again.states, len(again.arcs)) == (fst.states, len(fst.arcs))
    with pytest.raises(BadInput, match="no pronunciation of 1 words"):
        to_fst(ngram, vocabulary_of(WORDS - {"여권"}))


def test_mixed_lies_between() -> None:
    """Each part keeps its sentences likely, probabilities still add up, words of either are known."""
    one, other = estimated(SENTENCES[:3], WORDS), estimated(["등본 떼러 왔어요"] * 3, {"등본", "떼러", "왔어요"})
    both = mixed([(one, 3.0), (other, 1.0)])
    assert sums(both) == pytest.approx([1.0] * len(sums(both)))
    assert perplexity(one, SENTENCES[:3]) < perplexity(both, SENTENCES[:3]) < 2 * perplexity(one, SENTENCES[:3])
    assert perplexity(both, ["등본 떼러 왔어요"]) < one.words.base
    halves = mixed([(one, 1.0), (one, 1.0)])
    assert score(halves, SENTENCES)[0] == pytest.approx(score(one, SENTENCES)[0])


def test_what_is_no_language_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two back-off arcs, or too many words: one line."""
    finals = np.zeros(2, np.float32)
    twice = assembled(0, finals, [0, 0], arcs_of([0, 0], [0, 0], 0.0, [1, 1]))
    with pytest.raises(ModelFault, match="no back-off language model"):
        from_fst(twice, vocabulary_of(["가"]))
    nowhere = assembled(0, finals, [0], arcs_of([1], [1], 0.0, [1]))
    with pytest.raises(ModelFault, match="not made by us"):
        from_fst(nowhere, vocabulary_of(["가"]))
    monkeypatch.setattr(ngram_counts, "ORDER", 32)
    with pytest.raises(BadInput, match="4 words is too large; at most"):
        words_of(["가", "나"] * 3_000)
