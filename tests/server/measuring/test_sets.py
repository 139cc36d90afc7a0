"""The test sets: what they must look like, and that training never saw them."""

from __future__ import annotations

import re

import pytest

from core.errors import BadInput
from models.training.text import training_sentences
from server.measuring import sets
from tests.stt.spoken import bare

HANGUL = re.compile(r"[가-힣]+( [가-힣]+)*")


@pytest.mark.parametrize("name", sets.NAMES)
def test_sentences_are_as_they_are_said(name: str) -> None:
    one = sets.load(name)
    assert one.sentences
    assert one.what
    for sentence in one.sentences:
        assert HANGUL.fullmatch(sentence), f"{name} has a sentence with other than Hangul"


def test_the_sealed_set_is_hard_and_has_no_sentence_twice() -> None:
    sealed = sets.load("sealed").sentences
    assert len(sealed) == len(set(sealed)) == 100
    assert all(6 <= len(sentence.split()) <= 16 for sentence in sealed)


def test_no_training_sentence_is_a_test_sentence() -> None:
    kept_out = {bare(line) for name in sets.NAMES if name != "demo" for line in sets.load(name).sentences}
    made = {bare(sentence) for sentence in training_sentences(2000, seed=5)}
    assert not made & kept_out


def test_an_unknown_set_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="heldout, handwritten"):
        sets.load("easy")
