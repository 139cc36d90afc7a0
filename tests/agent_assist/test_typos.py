from __future__ import annotations

import random

import pytest

from agent_assist.keyboard import hangul, latin
from agent_assist.typos import Typos

LINES = (("여권", "재발급"), ("주민등록등본", "발급"), ("대형폐기물", "배출"), ("종량제봉투",), ("여권", "사진"))
TYPOS = Typos(LINES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("여건", "여권"),
        ("주민등록등번", "주민등록등본"),
        ("주민드록등본", "주민등록등본"),
        ("폐귀물", "대형폐기물"),  # in the middle of a word
        ("대혀폐기물", "대형폐기물"),
        ("종량재봉", "종량제봉투"),  # and still being typed
    ],
)
def test_one_slip_is_forgiven(typed: str, meant: str) -> None:
    assert TYPOS.like(typed)[0][0] == meant


def test_lines_and_likeness() -> None:
    word, likeness, lines = TYPOS.like("여건")[0]
    assert (word, lines) == ("여권", (0, 4))
    assert 0.7 < likeness < 1


@pytest.mark.parametrize("typed", ["", "ㅇ", "여", "구", "전혀다른말", "대형폐기무", "😀😀😀😀"])
def test_what_is_too_short_or_too_far_or_just_begun_is_no_slip(typed: str) -> None:
    assert TYPOS.like(typed) == ()


def test_every_single_slip_in_a_long_word_is_forgiven() -> None:
    random_ = random.Random(5)
    right = latin("주민등록등본")
    for at in range(1, len(right) - 1):
        for wrong in (
            right[:at] + right[at + 1 :],
            right[:at] + right[at] + right[at:],
            right[:at] + right[at + 1] + right[at] + right[at + 2 :],
            right[:at] + random_.choice("qwertasdfg") + right[at + 1 :],
        ):
            typed = hangul(wrong)
            found = [word for word, _, _ in TYPOS.like(typed)]
            assert typed == "주민등록등본" or "주민등록등본" in found, typed
