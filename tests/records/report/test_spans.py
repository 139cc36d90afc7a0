"""What the days of a report are called, and what they are compared with."""

from __future__ import annotations

from datetime import date

import pytest

from records.report.spans import besides, cut, kind
from records.statistics.question import Span


@pytest.mark.parametrize(
    ("days", "called", "cuts", "name", "before", "year"),
    [
        (("2026-03-02", "2026-03-02"), "일일", "clock", "지난주", "2026-02-23", "2025-03-03"),
        (("2026-03-02", "2026-03-08"), "주간", "day", "지난주", "2026-02-23", "2025-03-03"),
        (("2026-03-01", "2026-03-31"), "2026년 3월", "day", "전월", "2026-02-01", "2025-03-01"),
        (("2026-01-01", "2026-03-31"), "기간별", "week", "전분기", "2025-10-01", "2025-01-01"),
        (("2025-01-01", "2025-12-31"), "2025년", "month", "전년", "2024-01-01", "2024-01-01"),
        (("2026-03-02", "2026-03-11"), "기간별", "day", "직전 기간", "2026-02-20", "2025-03-03"),
    ],
)
def test_days(days: tuple[str, str], called: str, cuts: str, name: str, before: str, year: str) -> None:
    span = Span(*map(date.fromisoformat, days))
    others = besides(span)
    assert (kind(span), cut(span), others.name) == (called, cuts, name)
    assert (others.before.first.isoformat(), others.year.first.isoformat()) == (before, year)


def test_a_month_is_compared_with_a_month_of_another_length() -> None:
    others = besides(Span(date(2024, 3, 1), date(2024, 3, 31)))
    assert others.before == Span(date(2024, 2, 1), date(2024, 2, 29))
    assert others.year == Span(date(2023, 3, 1), date(2023, 3, 31))
