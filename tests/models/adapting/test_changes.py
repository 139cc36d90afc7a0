"""Changes to a language model: probabilities still add up to 1 in every state, and say what was asked for."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import ModelFault
from models.adapting.changes import Group, with_classes, with_free, with_phrases
from models.adapting.grammar import Grammar, closed, opened, relabelled
from models.kaldi.fst import NEVER, Fst
from models.kaldi.lexicon import Vocabulary, vocabulary_of
from models.kaldi.ngram import estimated
from models.kaldi.ngram_fst import from_fst, to_fst
from tests.models.kaldi.small_model import SENTENCES

WORDS = sorted({word for sentence in SENTENCES for word in sentence.split()})
NEW = ("도로과로", "도로과", "재생")


def model() -> tuple[Grammar, Vocabulary]:
    """The small language model, and a vocabulary with room for new words."""
    ngram = estimated(SENTENCES, WORDS, min_counts=(1, 1, 1))
    return opened(to_fst(ngram, vocabulary_of(WORDS))), vocabulary_of([*WORDS, *NEW])


def p(fst: Fst, sentence: str, vocabulary: Vocabulary) -> float:
    """The probability of a sentence, backing off as the decoder does."""
    arcs = {
        (source, label): (cost, target)
        for source, (label, _, cost, target) in zip(fst.sources.tolist(), fst.arcs.tolist(), strict=True)
    }
    state, total = fst.start, 0.0
    for label in [*(vocabulary.numbers[word] for word in sentence.split()), -1]:
        while (state, label) not in arcs and not (label < 0 and fst.finals[state] != NEVER):
            if (state, 0) not in arcs:
                return 0.0
            cost, state = arcs[state, 0]
            total += cost
        cost, state = arcs[state, label] if label >= 0 else (float(fst.finals[state]), state)
        total += cost
    return float(np.exp(-total))


def sums(fst: Fst, words: int) -> list[float]:
    """For every state: p(end) and p(word) of all words, backing off where they are not listed."""
    arcs = {
        (source, label): (cost, target)
        for source, (label, _, cost, target) in zip(fst.sources.tolist(), fst.arcs.tolist(), strict=True)
    }

    def likely(state: int, label: int) -> float:
        here = arcs[state, label][0] if label and (state, label) in arcs else None
        if not label and fst.finals[state] != NEVER:
            here = float(fst.finals[state])
        if here is not None:
            return float(np.exp(-here))
        cost, shorter = arcs.get((state, 0), (np.inf, state))
        return float(np.exp(-cost)) * likely(shorter, label) if shorter != state else 0.0

    return [sum(likely(state, label) for label in range(words + 1)) for state in range(fst.states)]


def test_words_of_a_class_share_with_its_members() -> None:
    """A new department is expected where the two others are, and followed by what follows them."""
    grammar, words = model()
    number = words.numbers
    before = closed(grammar)
    assert sums(before, len(words.words)) == pytest.approx([1.0] * before.states)
    groups = [
        Group((number["교통행정과로"], number["주차관리과로"]), (number["도로과로"],)),
        Group((number["교통행정과"], number["주차관리과"]), (number["도로과"],)),
    ]
    after = closed(with_classes(grammar, groups))
    assert sums(after, len(words.words)) == pytest.approx([1.0] * after.states, abs=1e-6)
    old = p(before, "교통행정과로 연결해 주세요", words)
    new = [p(after, f"{name} 연결해 주세요", words) for name in ("교통행정과로", "주차관리과로", "도로과로")]
    assert new == pytest.approx([old * 2 / 3] * 3, rel=0.05)
    assert p(after, "도로과 담당자 부탁드립니다", words) > 100 * p(after, "도로과 연결해 담당자", words)
    assert p(after, "네", words) == pytest.approx(p(before, "네", words), rel=1e-3)
    with pytest.raises(ModelFault, match="models adapt"):
        from_fst(after, words)


def test_a_limit_of_arcs_keeps_the_likeliest_places() -> None:
    """All others back off: still a language model."""
    grammar, words = model()
    number = words.numbers
    group = Group((number["교통행정과로"], number["주차관리과로"]), (number["도로과로"],))
    limited = with_classes(grammar, [group], most_arcs=1)
    assert len(limited.label) == len(grammar.label) + 1
    after = closed(limited)
    assert sums(after, len(words.words)) == pytest.approx([1.0] * after.states, abs=1e-6)
    assert p(after, "도로과로 연결해 주세요", words) > 0
    assert len(with_classes(grammar, []).label) == len(grammar.label)


def test_free_words_and_phrases() -> None:
    """A free word may stand anywhere; a phrase makes its words likelier one after the other, known words too."""
    grammar, words = model()
    number = words.numbers
    free = with_free(grammar, {number["재생"]: 1.0})
    once = closed(free)
    assert sums(once, len(words.words)) == pytest.approx([1.0] * once.states, abs=1e-6)
    assert 0 < p(once, "재생", words) < 0.05
    phrased = closed(with_phrases(free, [[number["여권"], number["재생"], number["주세요"]], [number["네"]]]))
    assert sums(phrased, len(words.words)) == pytest.approx([1.0] * phrased.states, abs=1e-6)
    sentence = "여권 재생 주세요"
    assert p(phrased, sentence, words) > 10 * p(once, sentence, words)
    usual = "여권 재발급 안내해 주세요"
    assert p(phrased, usual, words) > 0.5 * p(once, usual, words)
    assert len(with_phrases(grammar, []).label) == len(grammar.label)
    assert len(with_phrases(grammar, [[number["재생"]]]).label) == len(grammar.label)  # never expected by itself


def test_relabelled() -> None:
    """Other numbers for the same words: nothing else changes."""
    grammar, words = model()
    reverse = vocabulary_of(tuple(reversed(words.words)))
    numbers = {old: reverse.numbers[word] for word, old in words.numbers.items()}
    fst = closed(relabelled(grammar, numbers))
    for sentence in SENTENCES:
        assert p(fst, sentence, reverse) == pytest.approx(p(closed(grammar), sentence, words), rel=1e-6)
