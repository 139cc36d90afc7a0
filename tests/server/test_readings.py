"""One reading is noted once, the next one again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server.readings import MOST, ONE_READING, Readings

T0 = datetime(2026, 3, 2, tzinfo=UTC)


def test_who_goes_on_reading_is_noted_once() -> None:
    readings = Readings()
    assert readings.is_new("kim", "text-1", T0)
    assert readings.is_new("kim", "text-1", T0), "what could not be noted is still to be noted"
    readings.noted("kim", "text-1", T0)
    assert not readings.is_new("kim", "text-1", T0 + ONE_READING - timedelta(seconds=1))
    assert readings.is_new("kim", "text-1", T0 + ONE_READING)
    assert readings.is_new("kim", "text-1", T0 - timedelta(hours=1)), "the clock was set back"
    assert readings.is_new("lee", "text-1", T0) and readings.is_new("kim", "text-2", T0)


def test_the_oldest_is_forgotten_first() -> None:
    readings = Readings()
    for number in range(MOST + 1):
        readings.noted("kim", str(number), T0)
    assert readings.is_new("kim", "0", T0)
    assert not readings.is_new("kim", "1", T0)
