"""Hangul letters as tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.ctc_tokens import TOKENS, best, decode, encode, table

syllables = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=6)


@given(st.lists(syllables, min_size=1, max_size=4))
def test_there_and_back(words: list[str]) -> None:
    """Every syllable, and the spaces."""
    assert decode(encode(" ".join(words))) == " ".join(words)


def test_a_word_begins_with_a_token_of_its_own() -> None:
    """No frames are needed for a mark."""
    assert [TOKENS[number] for number in encode("네 안")] == ["▁ᄂ", "ᅦ", "▁ᄋ", "ᅡ", "ᆫ"]


@pytest.mark.parametrize("text", ["3번", "ok", " ", "ㄱ"])
def test_only_hangul(text: str) -> None:
    """Numbers are written as they are spoken."""
    with pytest.raises(ValueError, match="Hangul"):
        encode(text)


def test_the_best_path_is_read() -> None:
    """Repeats are one, unless a blank parts them."""
    assert best([0, 5, 5, 0, 5, 7, 7, 0]) == [5, 5, 7]


def test_the_table() -> None:
    """As sherpa-onnx reads it, the blank first."""
    lines = table().splitlines()
    assert lines[:2] == ["<blk> 0", "▁ᄀ 1"]
    assert len(lines) == len(TOKENS) == 87
