"""Which of two models' finals counts."""

from __future__ import annotations

import pytest

from core.events import Word
from stt.contract import Hypothesis, confidence_of
from stt.spoken_line import better


def final(text: str, confidence: float) -> Hypothesis:
    words = tuple(Word(text=word, start=0, end=1, confidence=confidence) for word in text.split())
    return Hypothesis(text=text, final=True, words=words)


@pytest.mark.parametrize(
    ("before", "after", "stays"),
    [
        (final("잠시만 기다려 주세요", 1.0), final("jam she man", 0.5), True),
        (final("흘러했을 비 젱데", 0.66), final("hello can you", 0.6), False),
        (final("옛", 0.88), final("yes", 0.97), False),
        (final("옛", 0.88), final("", 0), True),
        (final("막 백 붙", 0.69), final("", 0), False),
        (final("", 0), final("hello", 0.3), False),
        (final("네", 1.0), final("네", 1.0), False),
    ],
)
def test_the_chosen_language_wins_unless_the_one_before_was_sure(
    before: Hypothesis, after: Hypothesis, stays: bool
) -> None:
    """The figures are the bundled model's on espeak-ng's voices."""
    assert better(before, after) is stays


def test_an_engine_without_confidences_claims_none() -> None:
    """No words, no confidence."""
    assert confidence_of(Hypothesis(text="hello")) == 0.0
