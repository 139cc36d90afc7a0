"""No number, no agent and no day without bound; midnight begins anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels.day_limits import DayLimits
from core.errors import Refused
from core.store.texting import Tallies

NOON = datetime(2026, 3, 2, 12).astimezone(UTC)


def code(limits: DayLimits, number: str, by: str = "", at: datetime = NOON) -> str:
    try:
        limits.check(number, by, at)
    except Refused as refusal:
        return refusal.code
    return ""


def test_each_bound_has_its_own_words() -> None:
    limits = DayLimits(per_number=2, per_sender=3, in_total=4)
    for number, by in (("a", "kim"), ("a", "kim")):
        limits.note(number, by, NOON)
    assert code(limits, "a", "lee") == "messages_number_day"
    limits.note("b", "kim", NOON)
    assert code(limits, "c", "kim") == "messages_agent_day"
    assert code(limits, "c", "") == ""
    limits.note("c", "", NOON)
    assert code(limits, "d", "lee") == "messages_total_day"
    assert code(limits, "d", "kim", NOON + timedelta(days=1)) == ""


def test_what_the_node_before_sent_today_counts() -> None:
    limits = DayLimits(per_number=2)
    limits.seed(Tallies(in_total=2, by_number={"a": 2}, by_sender={"kim": 2}), NOON)
    assert code(limits, "a") == "messages_number_day"
    assert code(limits, "b") == ""


@pytest.mark.parametrize("back", [timedelta(minutes=5), timedelta(days=1)])
def test_a_clock_that_is_put_back_locks_nobody_out(back: timedelta) -> None:
    limits = DayLimits(per_number=1, in_total=5)
    limits.note("a", "kim", NOON)
    assert code(limits, "b", "kim", NOON - back) == ""
