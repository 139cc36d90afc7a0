"""Numbers told digit by digit in other languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import Word
from stt.contract import Hypothesis
from stt.digit_words import NUMERALS, in_digits
from stt.masking import SHOWN
from stt.text import Finishing

ONE_BY_ONE = ("en", "zh", "ja", "vi", "ru", "uz", "mn")


@pytest.mark.parametrize(
    ("language", "said", "written"),
    [
        ("en", "call oh one oh one two three four five six seven eight please", "call 010-1234-5678 please"),
        ("en-US", "it is double nine uh three ninety five", "it is 99395"),
        ("en", "one of them or two at ten thirty", "one of them or two at ten thirty"),
        ("en", "Two Zero Two Six", "2026"),
        ("en", "twenty twenty two three twenty", "2022320"),
        ("zh", "电话 是 一 三 八 零零 幺", "电话 是 138001"),
        ("zh", "一 个 人", "一 个 人"),
        ("ja", "番号 は ゼロ 一 二〇 です", "番号 は 0120 です"),
        ("ru", "номер девятьсот двадцать пять тире сто один ноль", "номер 9251010"),
        ("vi", "số chín không một ba", "số 9013"),
        ("uz", "to'qson bir ikki uch to'rt", "91234"),
        ("ko", "one two three four", "one two three four"),
        ("fr", "un deux trois quatre", "un deux trois quatre"),
    ],
)
def test_digits(language: str, said: str, written: str) -> None:
    """Runs of four words and more; what is no number stays."""
    assert in_digits(said, language) == written
    assert in_digits(written, language) == written


@pytest.mark.parametrize("language", ONE_BY_ONE)
@given(number=st.text("0123456789", min_size=5, max_size=20))
def test_every_digit_comes_through(language: str, number: str) -> None:
    """Told one by one, whatever the number."""
    words = {value: word for word, value in NUMERALS[language].digits.items()}
    told = in_digits(" ".join(words[int(digit)] for digit in number), language)
    assert told.replace("-", "") == number


@pytest.mark.parametrize("language", ONE_BY_ONE)
def test_a_resident_number_is_hidden_in_every_language(language: str) -> None:
    """In partials, in finals, in words, and when it comes in two utterances."""
    words = {value: word for word, value in NUMERALS[language].digits.items()}
    first, second = (" ".join(words[int(digit)] for digit in part) for part in ("850312", "2345678"))
    whole = f"{first} {second}"
    finishing = Finishing()
    assert "5" not in finishing.partial(whole, 0.0, language)
    timed = tuple(Word(text=word, start=0, end=1, confidence=1) for word in whole.split())
    finished = finishing.final(Hypothesis(text=whole, words=timed, final=True), 0, 3, language)
    assert (finished.text, finished.words) == (SHOWN["resident_number"], ())
    apart = Finishing()
    apart.final(Hypothesis(text=first, final=True), 0, 3, language)
    assert apart.final(Hypothesis(text=second, final=True), 4, 7, language).text == SHOWN["resident_number"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("my credit card is four five three nine one four eight eight oh three four three six four six seven", "card"),
        ("the account number is one two three four five six seven eight", "account"),
        ("my passport is m one two three four five six seven eight", "passport"),
    ],
)
def test_what_numbers_are_called_in_english(said: str, kind: str) -> None:
    """Short ones are known by their name."""
    assert Finishing().final(Hypothesis(text=said, final=True), 0, 3, "en").masked == (kind,)


def test_korean_counting_words_are_korean_only() -> None:
    """'일' in another language's model is no day."""
    heard = Hypothesis(text="세 시 삼십 분", final=True)
    assert Finishing().final(heard, 0, 1, "ko").text == "3시 30분"
    assert Finishing().final(heard, 0, 1, "ja").text == "세 시 삼십 분"
