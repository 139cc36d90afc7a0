"""Webhooks to a real receiver in its own process, which fails in every way that receivers do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import BadInput, Refused
from core.events import CallEnded, CallStarted, IssueChanged, RecordKept
from core.home import Home
from core.store.contract import Store
from core.store.sql_store import open_store
from core.store.webhooks import Delivery, DeliveryState
from server.webhooks.office import WebhookForm
from tests.patience import STEP_S
from tests.server.webhooks.receiver import Receiver, Site, receiver

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BOTH = ("contact.closed", "record.kept", "issue.rising")


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    opened: Store = await open_store("", home)
    yield opened
    await opened.close()


@pytest.fixture
async def there() -> AsyncIterator[Receiver]:
    async with receiver() as found:
        yield found


@pytest.fixture
async def site(store: Store) -> AsyncIterator[Site]:
    made = Site(store)
    await made.start()
    yield made
    await made.kill()


def a_call(call_id: str) -> list[CallStarted | CallEnded]:
    return [
        CallStarted(call_id=call_id, seq=1, at=T0),
        CallEnded(call_id=call_id, seq=2, at=T0, reason="caller_hung_up", duration_s=60, talk_s=50),
    ]


async def subscribed(site: Site, there: Receiver, name: str = "통계", **more: bool) -> str:
    made = await site.office.make(WebhookForm(name=name, url=there.url, topics=BOTH, **more), "boss", "127.0.0.1")
    await there.answers(f"secrets {made.secret}")
    return made.id


async def first(site: Site, webhook_id: str, state: DeliveryState) -> Delivery:
    async with asyncio.timeout(20):
        while not (found := await site.store.webhooks.deliveries(webhook_id, state=state)):  # noqa: ASYNC110
            await asyncio.sleep(STEP_S)
    return found[-1]


async def test_signed_and_in_order(site: Site, there: Receiver) -> None:
    webhook_id = await subscribed(site, there)
    for number in range(5):
        await site.say(*a_call(f"c{number}"))
    await site.say(RecordKept(call_id="c0", seq=3, at=T0 + timedelta(seconds=1), version=1, by="kim"))
    came = [await there.next() for _ in range(6)]
    assert [each["body"]["data"]["contact_id"] for each in came] == ["c0", "c1", "c2", "c3", "c4", "c0"]
    assert all(each["good"] == [True] for each in came) and len({each["id"] for each in came}) == 6
    assert (await first(site, webhook_id, "delivered")).status == 204
    issue = IssueChanged(issue_id="i1", terms=("단수",), calls=5, since=T0)
    for _ in range(3):  # the radar says it again with every call
        await site.bus.publish(issue)
    await site.say(*a_call("c9"))
    assert [(await there.next())["body"]["type"] for _ in range(2)] == ["issue.rising", "contact.closed"]


@pytest.mark.parametrize(
    ("way", "fault"), [("500", "status"), ("redirect", "status"), ("close", "broken"), ("410", "status")]
)
async def test_what_it_does_not_take_comes_again_with_the_same_id(
    site: Site, there: Receiver, way: str, fault: str
) -> None:
    webhook_id = await subscribed(site, there)
    await there.answers(way)
    await site.say(*a_call("c1"), *a_call("c2"))
    one = await there.next()
    await until_fault(site, webhook_id, fault)
    await there.answers("204")
    await site.later(seconds=6)
    again, other = await there.next(), await there.next()
    assert again["id"] == one["id"] and other["body"]["data"]["contact_id"] == "c2"
    assert again["good"] == [True]


async def until_fault(site: Site, webhook_id: str, fault: str, tries: int = 1) -> None:
    async with asyncio.timeout(20):
        while True:
            waits = await site.store.webhooks.next_delivery(webhook_id)
            if waits is not None and (waits.fault, waits.tries) == (fault, tries):
                return
            await asyncio.sleep(STEP_S)


async def test_one_that_is_slow_or_dead_holds_up_nobody_else(store: Store, there: Receiver) -> None:
    site = Site(store, timeout_s=0.5)
    await site.start()
    async with receiver() as slow:
        slow_id = await subscribed(site, slow, "느린 곳")
        await subscribed(site, there)
        await slow.answers("slow")
        await site.say(*a_call("c1"), *a_call("c2"))
        assert [(await there.next())["body"]["data"]["contact_id"] for _ in range(2)] == ["c1", "c2"]
        one = await slow.next()
        await until_fault(site, slow_id, "time_out")
        await slow.answers("late")  # 200, but later than we wait: it has it, and gets it again
        await site.later(seconds=6)
        assert (await slow.next())["id"] == one["id"]
        await until_fault(site, slow_id, "time_out", tries=2)
        await slow.answers("204")
        await site.later(seconds=60)
        assert (await slow.next())["id"] == one["id"]
    await site.kill()


async def test_a_node_that_dies_between_the_receiver_and_its_own_note_tells_it_again(
    store: Store, there: Receiver
) -> None:
    site = Site(store, timeout_s=3)  # until then another node might be at it
    await site.start()
    await subscribed(site, there)
    await there.answers("slow")
    await site.say(*a_call("c1"))
    one = await there.next()
    await site.kill()  # the receiver has it, and nobody has written that down
    await store.append(a_call("c2"))  # kept by a node that died before it could tell
    await there.answers("204")
    await site.start()
    again, other = await there.next(), await there.next()
    assert again["id"] == one["id"] and other["body"]["data"]["contact_id"] == "c2"
    await site.kill()


async def test_dead_letters_after_a_day_and_sent_again_by_hand(site: Site, there: Receiver) -> None:
    webhook_id = await subscribed(site, there)
    await there.answers("503")
    await site.say(*a_call("c1"))
    one = await there.next()
    await until_fault(site, webhook_id, "status")
    await site.later(hours=24)
    assert (await there.next())["id"] == one["id"]
    dead = await first(site, webhook_id, "dead")
    assert dead.delivery_id == one["id"] and dead.done is not None
    await there.answers("204")
    assert (await site.office.resend_dead(webhook_id, "boss", "")).deliveries == 1
    assert (await there.next())["id"] == one["id"]
    await first(site, webhook_id, "delivered")
    await site.office.resend(webhook_id, one["id"], "boss", "")
    assert (await there.next())["id"] == one["id"]
    with pytest.raises(Refused):
        await site.office.resend(webhook_id, "msg_other", "boss", "")


async def test_two_secrets_sign_while_one_is_exchanged(site: Site, there: Receiver) -> None:
    old = await site.office.make(WebhookForm(name="n", url=there.url, topics=BOTH), "boss", "")
    new = await site.office.rotate(old.id, "boss", "")
    await there.answers(f"secrets {old.secret} {new.secret}")
    await site.office.test(old.id, "boss", "")
    assert (await there.next())["good"] == [True, True]
    await site.later(hours=25)
    await site.office.test(old.id, "boss", "")
    came = await there.next()
    assert (came["good"], came["signatures"]) == ([False, True], 1)
    await site.office.rotate(old.id, "boss", "")
    await site.office.rotated(old.id, "boss", "")
    await site.office.test(old.id, "boss", "")
    assert (await there.next())["good"] == [False, False]


async def test_beyond_the_queue_nothing_is_made_and_it_is_counted(store: Store, there: Receiver) -> None:
    site = Site(store, limit=2)
    await site.start()
    webhook_id = await subscribed(site, there, paused=True)
    for number in range(5):
        await store.append(a_call(f"c{number}"))
    await site.bus.publish(a_call("c4")[1])
    async with asyncio.timeout(20):
        while (await site.office.one(webhook_id)).dropped != 3:  # noqa: ASYNC110
            await asyncio.sleep(STEP_S)
    seen = await site.office.one(webhook_id)
    assert (seen.waiting, seen.dropped, seen.paused) == (2, 3, True)
    form = WebhookForm(name="통계", url=there.url, topics=BOTH)
    await site.office.change(webhook_id, form, "boss", "")
    assert [(await there.next())["body"]["data"]["contact_id"] for _ in range(2)] == ["c0", "c1"]
    await site.office.drop(webhook_id, "boss", "")
    assert await store.webhooks.subscribers() == [] and site.webhooks.subscribers == ()
    await site.kill()


async def test_what_cannot_be_a_receiver_is_told_so(site: Site, there: Receiver) -> None:
    async def refused(code: str, **more: object) -> None:
        form = WebhookForm(**{"name": "n", "url": there.url, "topics": BOTH, **more})  # type: ignore[arg-type]
        with pytest.raises((BadInput, Refused)) as wrong:
            await site.office.make(form, "boss", "")
        assert wrong.value.code == code

    await refused("bad_name", name=" ")
    await refused("no_topic", topics=())
    await refused("bad_topic", topics=("call.started",))
    await refused("webhook_url", url="https://169.254.169.254/latest")
    await site.office.make(WebhookForm(name="n", url=there.url, topics=BOTH), "boss", "")
    await refused("webhook_exists")


async def test_a_name_that_resolves_to_this_machine_is_not_asked(store: Store, there: Receiver) -> None:
    site = Site(store)
    await site.start()
    form = WebhookForm(name="n", url=f"https://localhost:{there.port}/", topics=BOTH)
    site.webhooks.addresses._networks = ()  # as a site has it that names none
    webhook_id = (await site.office.make(form, "boss", "")).id
    await site.say(*a_call("c1"))
    await until_fault(site, webhook_id, "address")
    await site.kill()


async def test_of_two_nodes_on_one_store_one_sends(
    store: Store, there: Receiver, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.webhooks.service.LOOK_S", 0.05)
    other = Site(store, ring=site.ring)
    await other.start()
    try:
        webhook_id = await subscribed(site, there)
        async with asyncio.timeout(10):  # the other is not told of it, and learns of it
            while not other.webhooks.subscribers:  # noqa: ASYNC110
                await asyncio.sleep(STEP_S)
        for number in range(6):
            await store.append(a_call(f"c{number}"))
        for each in (site, other):
            await each.bus.publish(a_call("c0")[1])
        told = [(await there.next())["id"] for _ in range(6)]
        assert len(set(told)) == 6
        async with asyncio.timeout(10):
            while (await store.webhooks.counts())[webhook_id] != {"delivered": 6}:  # noqa: ASYNC110
                await asyncio.sleep(STEP_S)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await there.next()
    finally:
        await other.kill()
