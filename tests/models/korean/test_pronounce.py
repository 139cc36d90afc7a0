"""Words in phones: what espeak-ng says of a respelt word is what the lexicon says of the word."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from models.kaldi.phones import PHONES
from models.korean.as_espeak import as_espeak
from models.korean.pronounce import pronounce, sentence, syllables, variants
from models.korean.respell import respell
from models.training.text import training_sentences
from tests.models.korean.espeak import spoken
from tests.models.korean.test_respell import TEXTS
from tests.models.korean.words import WORDS


@cache
def sample() -> list[str]:
    """What callers say, and what is hard to say."""
    return sorted({word for text in training_sentences(300, 5) for word in text.split()} | WORDS.keys())[::2][:400]


def test_a_plain_word_is_what_espeak_reads() -> None:
    """No espeak-ng is needed to know what it says."""
    words = sample()
    agreed = [as_espeak(word) == read for word, read in zip(words, spoken(words), strict=True)]
    assert sum(agreed) >= 0.99 * len(words)


def test_a_respelt_word_is_what_people_say() -> None:
    """What the training speech says, the lexicon lists."""
    words = sample()
    read = spoken([respell(word) for word in words])
    agreed = [pronounce(word) == phones for word, phones in zip(words, read, strict=True)]
    assert sum(agreed) >= 0.99 * len(words)


@given(TEXTS, st.booleans())
@settings(max_examples=100)
def test_all_phones_are_known(text: str, joined: bool) -> None:
    """Of any Hangul; and a sentence's phones are its syllables'."""
    words = sentence(text, joined)
    assert set().union(*words) <= set(PHONES)
    assert [tuple(phone for part in word for phone in part) for word in syllables(text, joined)] == words
    assert [len(word) for word in syllables(text, joined)] == [len(word) for word in text.split()]


def test_a_sentence_is_its_respelt_words_run_together() -> None:
    """Consonants that move are counted to another word, none is lost."""
    text = "옷 안에 못 해요 책 읽어 주세요"
    run = [phone for word in respell(text).split() for phone in as_espeak(word)]
    assert [phone for word in sentence(text) for phone in word] == run
    assert sentence("옷 안") == [("o", "d"), ("a", "n")]


def test_variants_begin_with_the_word_alone() -> None:
    """And hold what neighbours do to it."""
    ways = variants("옷")
    assert ways[0] == pronounce("옷")
    assert ("o", "d") in ways
    assert ("o", "n") in ways
    assert len(set(ways)) == len(ways)
