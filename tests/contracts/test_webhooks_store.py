"""Webhooks going out, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from core.events import AlertChanged, CallEnded, CallStarted, MessageSent, RecordKept
from core.store.contract import Store
from core.store.webhooks import Delivery, Subscriber

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_subscriber(subscriber_id: str = "s1", **more: object) -> Subscriber:
    known = {"name": "민원 통계", "url": "https://h.example/", "topics": ("contact.closed", "record.kept")}
    return Subscriber(
        **{**known, "subscriber_id": subscriber_id, "sealed": b"\x00s", "by": "boss", "made": T0, **more}  # type: ignore[arg-type]
    )


def a_delivery(delivery_id: str, subscriber_id: str = "s1", **more: object) -> Delivery:
    known = {"topic": "record.kept", "contact_id": "c1", "body": '{"가":1}', "made": T0, "next_at": T0}
    return Delivery(delivery_id=delivery_id, subscriber_id=subscriber_id, **{**known, **more})  # type: ignore[arg-type]


async def test_a_receiver_comes_back_as_it_was_and_its_count_is_the_stores(store: Store) -> None:
    one = a_subscriber(old_sealed=b"old", old_until=T0, words=True, paused=True)
    await store.webhooks.put_subscriber(one)
    await store.webhooks.spread([a_delivery("d1"), a_delivery("d2")], limit=1)
    await store.webhooks.put_subscriber(replace(one, name="다른 이름"))
    assert await store.webhooks.subscribers() == [replace(one, name="다른 이름", dropped=1)]
    assert await store.webhooks.drop_subscriber("s1")
    assert not await store.webhooks.drop_subscriber("s1")
    assert await store.webhooks.delivery("d1") is None


async def test_events_are_due_once_they_are_kept_if_anybody_wants_to_be_told(store: Store) -> None:
    await store.append(
        [CallStarted(call_id="c0", seq=1, at=T0), CallEnded(call_id="c0", seq=2, at=T0, reason="failed")]
    )
    assert await store.webhooks.due(limit=10) == []
    await store.webhooks.put_subscriber(a_subscriber())
    late = T0 + timedelta(seconds=9)
    kept = [
        CallStarted(call_id="c1", seq=1, at=T0),
        AlertChanged(call_id="c1", seq=2, at=T0, alert_id="a", kind="abuse"),
        AlertChanged(call_id="c1", seq=3, at=T0, alert_id="a", kind="abuse", state="closed"),
        MessageSent(call_id="c1", seq=4, at=T0, message_id="m", to="01000001234", text="안내"),
        CallEnded(call_id="c1", seq=5, at=late, reason="failed"),
        RecordKept(call_id="c1", seq=6, at=late, version=1, by="kim"),
    ]
    await store.append(kept)
    await store.append(kept)  # a journal that is replayed
    assert [event.seq for event in await store.webhooks.due(limit=10)] == [2, 4, 5, 6]
    first = await store.webhooks.due(limit=1)
    assert [event.seq for event in first] == [2]
    await store.webhooks.spread([a_delivery("d1")], first, limit=10)
    assert [event.seq for event in await store.webhooks.due(limit=10)] == [4, 5, 6]
    assert await store.webhooks.forget(["c1"]) == 1
    assert await store.webhooks.due(limit=10) == []


async def test_each_receiver_has_an_order_and_a_limit_and_no_delivery_is_made_twice(store: Store) -> None:
    for name in ("s1", "s2"):
        await store.webhooks.put_subscriber(a_subscriber(name))
    new = [a_delivery("a"), a_delivery("b"), a_delivery("a"), a_delivery("c"), a_delivery("z", "s2")]
    assert await store.webhooks.spread(new, limit=2) == {"s1": 1}
    assert await store.webhooks.spread(new[:2], limit=2) == {}
    first = await store.webhooks.next_delivery("s1")
    assert first is not None and first.delivery_id == "a" and first.body == '{"가":1}'
    assert await store.webhooks.claim(first, T0 + timedelta(seconds=11))
    assert not await store.webhooks.claim(first, T0 + timedelta(seconds=11)), "another node sends it"
    claimed = await store.webhooks.next_delivery("s1")
    assert claimed == replace(first, next_at=T0 + timedelta(seconds=11))
    done = replace(first, state="delivered", tries=1, status=204, done=T0)
    assert await store.webhooks.keep_delivery(done, was="waiting")
    assert not await store.webhooks.keep_delivery(done, was="waiting")
    second = await store.webhooks.next_delivery("s1")
    assert second is not None and second.delivery_id == "b" and second.number > first.number
    assert await store.webhooks.deliveries("s1") == [second, done]
    assert await store.webhooks.deliveries("s1", state="delivered") == [done]
    assert await store.webhooks.deliveries("s1", before=second.number) == [done]
    assert await store.webhooks.counts() == {"s1": {"waiting": 1, "delivered": 1}, "s2": {"waiting": 1}}
    assert await store.webhooks.purge(T0 + timedelta(days=1)) == 1
    assert await store.webhooks.delivery("a") is None
