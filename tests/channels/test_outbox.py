"""The outbox keeps messages whole, bounded, newest first, and tells who waits for them."""

from __future__ import annotations

from datetime import UTC, datetime

from channels.compose import composed
from channels.contract import Message
from channels.outbox import Outbox
from core import metrics

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def message(number: int) -> Message:
    return composed(message_id=f"m{number}", to="01000001234", text=f"x/v/{number}", at=AT, secrets=(f"x/v/{number}",))


async def test_the_newest_are_kept_with_their_links_and_the_dropped_counted() -> None:
    arrived: list[Message] = []
    outbox = Outbox(limit=2, arrived=arrived.append)
    before = metrics.OUTBOX_DROPPED._value.get()
    for number in (1, 2, 3, 3):
        await outbox.send(message(number))
    assert [kept.text for kept in outbox.messages] == ["x/v/3", "x/v/2"]
    assert [one.message_id for one in arrived] == ["m1", "m2", "m3"]
    assert metrics.OUTBOX_DROPPED._value.get() == before + 1
