from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.reminders.phrases import parts, said


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("통화 녹음", "통화 내용은 녹음됩니다"),
        ("통화 녹음", "통화녹음되는점양해부탁드립니다"),
        ("상담사 _ 입니다", "안녕하십니까 한빛시 상담사 김하늘입니다"),
        ("등본 떼", "등본을 떼려고요"),
        ("더 궁금", "더 궁금하신 점 있으세요?"),
        ("OK 사인", "ok 사인 주세요"),
    ],
)
def test_a_phrase_is_found_whatever_stands_between(phrase: str, text: str) -> None:
    assert said([phrase], text)
    assert said([phrase], unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("통화 녹음", "녹음은 통화와 다릅니다"),
        ("통화 녹음", "통화가 길어지면 요금이 나올 수 있으니 미리 녹음하세요"),
        ("상담사 _ 입니다", "상담사입니다"),
        ("상담사 _ 입니다", "상담사 김입니다"),
        ("", "아무 말"),
        ("_ _", "아무 말"),
        ("...", "아무 말"),
    ],
)
def test_other_words_are_not_it(phrase: str, text: str) -> None:
    assert not said([phrase], text)


def test_any_of_the_phrases_is_enough() -> None:
    assert said(["없는 말", "녹음 되"], "이 전화는 녹음이 되고 있습니다")


@given(
    st.lists(st.sampled_from(["가", "나", "다라", "마"]), min_size=1, max_size=5), st.text("가나다라마 ", max_size=12)
)
def test_a_phrase_is_in_itself_with_a_little_between(words: list[str], between: str) -> None:
    filler = between.replace(" ", "")[:8]
    assert said([" ".join(words)], filler.join(words))


@given(st.text(max_size=40), st.text(max_size=200))
def test_nothing_typed_breaks_it(phrase: str, text: str) -> None:
    assert said([phrase], text) in (True, False)
    assert all(part.letters for part in parts(phrase))


def test_a_nasty_phrase_costs_no_time() -> None:
    began = time.perf_counter()
    said([" ".join(["가가"] * 20 + ["나"])], "가" * 100_000)
    assert time.perf_counter() - began < 1
