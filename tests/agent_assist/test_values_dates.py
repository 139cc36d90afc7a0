"""Days, told by today."""

from __future__ import annotations

from datetime import date

import pytest

from agent_assist.values.dates import dates

TODAY = date(2026, 11, 26)  # a Thursday


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("이월 이십구일", None),
        ("이천이십팔 년 이월 이십구일", "2028-02-29"),
        ("오는 목요일", "2026-12-03"),
        ("돌아오는 금요일", "2026-11-27"),
        ("이번 주 일요일", "2026-11-29"),
        ("지지난 주 월요일", "2026-11-09"),
        ("담주 화요일", "2026-12-01"),
        ("지난달 5일", "2026-10-05"),
        ("작년 12월 31일", "2025-12-31"),
        ("96년 2월 3일", "1996-02-03"),
        ("구십육년 이월 삼일", "1996-02-03"),
        ("36년 1월 1일", "2036-01-01"),
        ("37년 1월 1일", "1937-01-01"),
        ("천구백팔십오 년 삼월 십이 일", "1985-03-12"),
        ("5월 30일", "2026-05-30"),
        ("5월 20일", "2027-05-20"),
        ("엊그제요", "2026-11-24"),
        ("31일까지요", None),
        ("26일부터는", "2026-11-26"),
        ("13월 1일", None),
        ("3월 5일간", None),
        ("오늘날", None),
        ("2026/2/30", None),
    ],
)
def test_days(said: str, day: str | None) -> None:
    assert [candidate.value for candidate in dates(said, TODAY)] == ([day] if day else [])


def test_without_today() -> None:
    assert [candidate.value for candidate in dates("내년 3월 2일, 85년 3월 12일", None)] == ["1985-03-12"]
