"""What a machine may understand, and what a person must read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.threads.words import rating, wants_no_texts


@pytest.mark.parametrize(
    "text",
    [
        "수신거부",
        " 수신 거부 ",
        "수신거부합니다.",
        "STOP",
        "stop!",
        "Unsubscribe",
        "문자 그만 보내세요",
        "광고수신거부",
        "ＳＴＯＰ",
    ],
)
def test_words_that_mean_no_more(text: str) -> None:
    assert wants_no_texts(text)


@pytest.mark.parametrize(
    "text", ["수신거부는 어떻게 하나요?", "stop sign이 쓰러졌어요", "그만", "", "버스가 stop에 안 서요", "거부"]
)
def test_sentences_are_for_people(text: str) -> None:
    assert not wants_no_texts(text)


@pytest.mark.parametrize(("text", "score"), [("5", 5), ("1점", 1), (" 3 점. ", 3), ("５", 5), ("4!", 4)])
def test_a_number_alone_is_a_rating(text: str, score: int) -> None:
    assert rating(text) == score


@pytest.mark.parametrize("text", ["", "0", "6", "55", "5번 버스", "5층이요", "3시", "-", "12"])
def test_other_numbers_are_none(text: str) -> None:
    assert rating(text) is None


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert wants_no_texts(text) in (True, False)
    assert rating(text) in (None, 1, 2, 3, 4, 5)
