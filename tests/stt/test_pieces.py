"""Syllable pieces of our own models become words."""

from __future__ import annotations

import pytest

from stt.pieces import Entry, joined_text, joined_words


@pytest.mark.parametrize(
    ("written", "joined"),
    [
        ("돌 _봄 신청", "돌봄 신청"),
        ("카드 _번 _호 _는", "카드번호는"),
        ("_소화전 앞", "소화전 앞"),
        ("_을", ""),
        ("", ""),
        ("여권 신청", "여권 신청"),
        ("안녕하세요 _어 오래된", "안녕하세요 어 오래된"),
        ("있나요 _음", "있나요 음"),
        ("바다 _음 _악 소리", "바다음악 소리"),
        ("_다 _어", "다어"),
    ],
)
def test_syllable_pieces_are_joined(written: str, joined: str) -> None:
    """One that stands alone was noise."""
    assert joined_text(written) == joined


def test_word_entries_are_joined_with_their_times() -> None:
    """From the first piece's start to the last one's end, as sure as the least sure."""
    words = joined_words([Entry("_한", 0, 0.2, 0.9), Entry("돌", 0.3, 0.5, 1.0), Entry("_봄", 0.5, 0.7, 0.6)])
    assert [(w.text, w.start, w.end, w.confidence) for w in words] == [("한", 0, 0.2, 0.9), ("돌봄", 0.3, 0.7, 0.6)]
