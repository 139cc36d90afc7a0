"""Tokens to words."""

from __future__ import annotations

import math
import unicodedata

import pytest

from stt.sherpa_words import UNSAID, spaced, tidy, words


def test_pieces_with_times_and_probabilities() -> None:
    """A word ends where the next begins, and soon after its last token; it is as sure as its least sure token."""
    found = words(
        " 여권 신청", [" 여", "권", " 신", "청"], [0.5, 0.7, 0.9, 2.0], [math.log(p) for p in (0.9, 0.8, 1.0, 0.5)], 3.0
    )
    assert [(word.text, word.start, word.end) for word in found] == [("여권", 0.5, 0.9), ("신청", 0.9, 2.4)]
    assert [word.confidence for word in found] == pytest.approx([0.8, 0.5])


def test_letters_are_put_together() -> None:
    """Conjoining jamo; what makes no syllable is left out."""
    tokens = [*unicodedata.normalize("NFD", "네"), " ᄋ", "ᅡ", "ᄒ"]
    found = words("".join(tokens), tokens, [0.1, 0.2, 0.5, 0.6, 0.7], [], 1.0)
    assert tidy("".join(tokens)) == "네 아"
    assert [(word.text, word.start) for word in found] == [("네", 0.1), ("아", 0.5)]
    assert {word.confidence for word in found} == {UNSAID}


def test_spaces_are_the_tokens() -> None:
    """sherpa-onnx's transducers write Korean without any."""
    assert spaced("여권신청", ["▁여", "권", "▁신청"]) == "여권 신청"
    assert spaced("가 나", ["<0xEA>", "<0xB0>", "<0x80>"]) == "가 나"
    assert [word.text for word in words("여권신청", [" 여권", " 신청"], [0.1, 0.5], [], 1.0)] == ["여권", "신청"]


def test_without_times_words_share_the_utterance() -> None:
    """By their letters: Whisper."""
    found = words("주민 등록등본", ["▁주", "민", "▁등록등본"], [], [], 3.0)
    assert [(word.start, word.end) for word in found] == [(0.0, 1.0), (1.0, 3.0)]


@pytest.mark.parametrize("tokens", [["<0xEA>", "<0xB0>", "<0x80>"], ["나"], []])
def test_tokens_that_are_not_the_text(tokens: list[str]) -> None:
    """Bytes of a letter, for example: the text counts."""
    found = words("가", tokens, [0.0] * len(tokens), [], 1.0)
    assert [(word.text, word.start, word.end) for word in found] == [("가", 0.0, 1.0)]


def test_a_lone_mark_begins_the_next_word() -> None:
    """Some tokenisers give the space a token of its own."""
    found = words("네 가요", ["▁", "네", "▁", "가", "요"], [0.1, 0.2, 0.5, 0.6, 0.7], [-0.1] * 5, 1.0)
    assert [(word.text, word.start) for word in found] == [("네", 0.1), ("가요", 0.5)]


def test_times_stay_inside_the_audio() -> None:
    """What was emitted in the silence behind it."""
    [word] = words("네", ["네"], [1.3], [-0.1], 1.0)
    assert (word.start, word.end) == (1.0, 1.0)


def test_nothing() -> None:
    """No word."""
    assert words("", [], [], [], 1.0) == ()
