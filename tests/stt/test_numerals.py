"""Spoken numbers to digits: what must change, and, longer, what must not."""

from __future__ import annotations

import pytest

from stt.numerals import to_digits


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("백 이십 번지요", "120번지요"),
        ("삼만 원", "30,000원"),
        ("삼 만 오천 원 이에요", "35,000원이에요"),
        ("이백오십만원", "2,500,000원"),
        ("만 원", "10,000원"),
        ("천 원짜리", "1,000원짜리"),
        ("이천 이십 육 년 십이월 이십 삼 일", "2026년 12월 23일"),
        ("백일 동 천이백삼 호", "101동 1203호"),
        ("백 이십 삼 번 버스가 삼십 분째 안 와요", "123번 버스가 30분째 안 와요"),
        ("오후 세 시 삼십 분에", "오후 3시 30분에"),
        ("두 시간 걸려요", "2시간 걸려요"),
        ("서류 세 장", "서류 3장"),
        ("유월", "6월"),
        ("삼 일", "3일"),
        ("만 십팔 세", "만 18세"),
        ("사 층에 있어요", "4층에 있어요"),
        ("공 일 공 일 이 삼 사 오 육 칠 팔", "010-1234-5678"),
        ("번호는 공일공 공일이삼 사오육칠이에요", "번호는 010-0123-4567이에요"),
        ("공 삼 일 이 공 공 공 일 이 삼", "031-200-0123"),
        ("내선 이 일 공 칠", "내선 2107"),
    ],
)
def test_numbers_that_are_safe_become_digits(said: str, written: str) -> None:
    """As an agent would write them down."""
    assert to_digits(said) == written


@pytest.mark.parametrize(
    "said",
    [
        "이사를 왔는데요",
        "이 일 때문에 구청에 갔어요",
        "이 번 달 말까지",
        "이 분이 그러셨어요",
        "만 나이 기준인가요",
        "만 이 세 미만",
        "네 시청이죠",
        "네 시 홈페이지에서요",
        "한 번 더요",
        "두 분이서 오세요",
        "일이 있어서요",
        "구이 요리",
        "오이 팔아요",
        "천만에요",
        "삼거리에서 사거리까지",
        "육교 밑에",
        "사 가지고 왔어요",
        "공사 중이에요",
        "하나 둘 셋",
        "",
    ],
)
def test_words_are_left_alone(said: str) -> None:
    """Numeral syllables are words most of the time."""
    assert to_digits(said) == said
