"""Texts written as they are said: known words, and what holds of all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.korean.respell import respell
from tests.models.korean.words import PHRASES, WORDS

SYLLABLES = st.integers(0xAC00, 0xD7A3).map(chr)
TEXTS = st.lists(st.text(SYLLABLES, min_size=1, max_size=4), min_size=1, max_size=5).map(" ".join)


@pytest.mark.parametrize(("written", "said"), WORDS.items())
def test_words(written: str, said: str) -> None:
    """The rules, one by one."""
    assert respell(written) == said


@pytest.mark.parametrize(("written", "said"), PHRASES.items())
def test_across_words(written: str, said: str) -> None:
    """Without a pause sounds meet across the space."""
    assert respell(written) == said


def test_with_pauses_words_keep_to_themselves() -> None:
    """Each word as if it stood alone."""
    assert respell("옷 안에 할 거예요", joined=False) == "옷 아네 할 거예요"


@given(TEXTS, st.booleans())
@settings(max_examples=150)
def test_every_syllable_stays_one(text: str, joined: bool) -> None:
    """Of any Hangul at all: as many words, as many syllables each."""
    assert [len(word) for word in respell(text, joined).split(" ")] == [len(word) for word in text.split(" ")]


@pytest.mark.parametrize("said", sorted({*WORDS.values(), *PHRASES.values()} - {"알지", "신고"}))
def test_what_is_written_as_it_is_said_stays(said: str) -> None:
    """Respelling twice is respelling once."""
    assert respell(said) == said


def test_other_letters_are_refused() -> None:
    """Digits and Latin letters have no sound here."""
    with pytest.raises(KeyError):
        respell("3층")
