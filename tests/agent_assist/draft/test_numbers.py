from __future__ import annotations

import pytest

from agent_assist.draft.numbers import REPLACEMENT, without_numbers


@pytest.mark.parametrize(
    "text",
    [
        "제 번호는 010-1234-5678이에요",
        "번호는 01012345678",
        "주민번호 ******-*******요",
        "공일공 일이삼사 오육칠팔이요",
        "공일공에 일이삼사에 오육칠팔",
        "계좌는 110 234 567890",
        "카드 1234-5678-9012-3456",
    ],
)
def test_long_numbers_go(text: str) -> None:
    shown = without_numbers(text)
    assert REPLACEMENT in shown
    assert not any(piece in shown for piece in ("1234", "5678", "일이삼사", "오육칠팔", "**", "567890"))


@pytest.mark.parametrize(
    "text",
    [
        "수수료는 53,000원입니다",
        "1500000원까지 지원됩니다",
        "2026년 11월 26일",
        "12가 3456",
        "이사하고 삼 일 뒤",
        "일이 생겨서 오늘",
        "120번으로",
    ],
)
def test_others_stay(text: str) -> None:
    assert without_numbers(text) == text


def test_the_citys_own_numbers_stay_where_they_are_known() -> None:
    text = "070-0055-1100으로 전화하세요"
    assert without_numbers(text) != text
    assert without_numbers(text, ["민원여권과 070-0055-1100"]) == text
    assert without_numbers("070-****-1100", ["070-0055-1100"]) == REPLACEMENT
