"""Jobs come when they are due, in order, a few at a time."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import msgspec
import pytest

from channels import progress
from channels.contract import Message
from channels.lane import Job, Lane

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def job(name: str) -> Job:
    message = Message(message_id=name, to="01000001234", text="x", kind="sms", at=AT)
    return Job(message, progress.queued(message))


def names(lane: Lane) -> list[str]:
    return [found.message.message_id for found in lane.due()]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    return moment


def test_what_is_due_comes_in_order_as_far_as_there_is_room(clock: list[float]) -> None:
    lane = Lane(2)
    for name, delay in (("late", 5.0), ("b", 0.0), ("c", -1.0), ("a", 0.0)):
        lane.put(job(name), delay)
    assert names(lane) == ["b", "c"], "a moment that is over is now: first given, first served"
    assert names(lane) == []
    assert lane.pause_s() is None, "nobody can be served before one leaves"
    lane.leave()
    assert lane.pause_s() == 0.0
    assert names(lane) == ["a"]
    lane.leave()
    assert lane.pause_s() == 5.0
    clock[0] += 5
    assert names(lane) == ["late"]
    lane.leave()
    assert lane.pause_s() is None


def test_one_whose_end_was_told_is_passed_over_and_takes_no_room() -> None:
    lane, over, next_one = Lane(1), job("over"), job("next")
    lane.put(over, 0.0)
    lane.put(next_one, 0.0)
    over.record = msgspec.structs.replace(over.record, next_at=None)
    assert list(lane.due()) == [next_one]
