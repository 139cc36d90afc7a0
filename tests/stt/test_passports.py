"""A letter and eight digits, or a letter within."""

from __future__ import annotations

import pytest

from core.digit_runs import all_runs
from stt.passports import ends_with_letter, is_letter, letter_before, passports


def found(text: str, before: str = "") -> list[str]:
    return [text[part.start : part.end] for part in passports(text, all_runs(text), before)]


@pytest.mark.parametrize(
    ("text", "passport"),
    [
        ("여권은 M12345678이에요", "M12345678"),
        ("S123A4567", "S123A4567"),
        ("엠 일이삼사오육칠팔", "엠 일이삼사오육칠팔"),
        ("엠 일이삼 에이 사오육칠입니다", "엠 일이삼 에이 사오육칠"),
        ("엠 일이삼 다시 케이 다시 사오육칠", "엠 일이삼 다시 케이 다시 사오육칠"),
        ("엠 일이삼사오육칠이요", "엠 일이삼사오육칠"),
        ("엠 일이 에이 사오육칠입니다", "엠 일이 에이 사오육칠"),
        ("여권 지 일이삼사오육칠팔", "지 일이삼사오육칠팔"),
    ],
)
def test_passports(text: str, passport: str) -> None:
    assert found(text) == [passport]


@pytest.mark.parametrize(
    "text", ["지 일이삼사오육칠팔", "M1234", "XM12345678", "12345678", "엠 일이삼", "S26 모델 1234", "A/S 1588-0000"]
)
def test_no_passports(text: str) -> None:
    assert found(text) == []


def test_what_was_said_before_helps() -> None:
    assert found("알 일이삼사오육칠팔", "여권번호가") == ["알 일이삼사오육칠팔"]


def test_letters() -> None:
    letter = letter_before("번호는 엠 ", 6)
    assert letter is not None
    assert (letter.start, letter.clear) == (4, True)
    assert letter_before("지 ", 2) is not None
    assert letter_before("프로그램 ", 5) is None
    assert is_letter(" 케이 ")
    assert not is_letter("케이크 ")
    assert ends_with_letter("일이삼 케이이고요", 3)
    assert not ends_with_letter("일이삼 케이크 주세요", 3)
