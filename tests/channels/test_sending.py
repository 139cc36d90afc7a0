"""The one door for texts: what is asked first, what waits, what is never sent twice, also over a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from channels import waiting_texts
from channels.allowance import Allowance
from channels.day_limits import DayLimits
from channels.messenger import Messenger
from channels.sending import Sending, require_sure
from core.errors import BadInput, Refused, StoreFault
from core.events import now
from core.home import Home
from core.store.contract import Store
from core.store.messages import MessageRecord
from core.store.sql_store import open_store
from core.store.texting import SenderNumber
from tests.channels.text_stage import KEYS, NUMBER, USUAL, TextStage, wish
from tests.patience import until

LONG = 60.0
"""Seconds of undo that no test waits for."""


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    opened = await open_store("", home)
    yield opened
    await opened.close()


async def code(deed: Awaitable[object]) -> str:
    try:
        await deed
    except (Refused, BadInput) as refusal:
        return refusal.code
    return ""


async def test_a_text_waits_is_handed_over_and_arrives(store: Store) -> None:
    async with TextStage(store) as stage:
        await stage.sending.send(wish(entry_id="7"))
        (arrived,) = await stage.arrived(1)
        assert (arrived.to, arrived.text, arrived.entry_id) == (NUMBER, "안내드립니다", "7")
        await until(lambda: stage.states() == ["waiting", "queued", "delivered"])
        assert stage.told[0].due is not None
        assert await store.texting.waiting() == []


async def test_a_long_text_goes_under_her_title(store: Store) -> None:
    long = "안내드립니다\n" + "가" * 60
    async with TextStage(store) as stage:
        await stage.sending.send(wish(text=long, subject=" 구비 서류 "))
        (arrived,) = await stage.arrived(1)
        assert (arrived.kind, arrived.subject) == ("lms", "구비 서류")
        record = await store.texting.message(arrived.message_id)
        assert record is not None
        assert record.subject == "구비 서류"
        assert (
            await code(stage.sending.send(wish(message_id="m2", text=long, subject="가" * 21))) == "message_title_long"
        )


async def test_the_same_wish_is_one_text_however_often_it_comes(store: Store) -> None:
    async with TextStage(store) as stage:
        await asyncio.gather(*(stage.sending.send(wish()) for _ in range(5)))
        await stage.arrived(1)
        await until(lambda: "delivered" in stage.states())
        await stage.sending.send(wish())  # a page that did not hear the answer
        assert stage.states().count("waiting") == 1
    async with TextStage(store) as stage:
        await stage.sending.send(wish())
        assert (stage.told, stage.sending.waiting.all) == ([], [])


async def test_a_wish_taken_while_its_double_is_looked_at_is_not_asked_about(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def not_yet(_sending: Sending, _message_id: str) -> bool:
        return False

    monkeypatch.setattr(Sending, "_known", not_yet)
    async with TextStage(store, undo_s=LONG) as stage:
        await stage.sending.send(wish())
        assert await code(stage.sending.send(wish())) == ""
        assert await code(stage.sending.send(wish("m2"))) == "same_text"
        assert stage.states() == ["waiting"]


async def test_what_is_taken_back_is_never_sent(store: Store) -> None:
    async with TextStage(store, undo_s=LONG) as stage:
        await stage.sending.send(wish())
        assert (await stage.sending.take_back("m1")).text == "안내드립니다"
        assert await code(stage.sending.take_back("m1")) == "too_late"
        assert stage.states() == ["waiting", "withdrawn"]
    async with TextStage(store) as stage:
        assert stage.sending.waiting.all == []
        assert stage.outbox.messages == ()


async def test_her_seconds_are_hers_however_often_the_wall_clock_is_looked_at(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_texts, "LOOK_S", 0.01)
    async with TextStage(store, undo_s=LONG) as stage:
        await stage.sending.send(wish())
        await asyncio.sleep(0.1)
        assert stage.states() == ["waiting"]
        assert (await stage.sending.take_back("m1")).text == "안내드립니다"


async def test_after_it_is_handed_over_it_is_too_late(store: Store) -> None:
    async with TextStage(store, undo_s=0.0) as stage:
        await stage.sending.send(wish())
        await stage.arrived(1)
        assert await code(stage.sending.take_back("m1")) == "too_late"


async def test_a_node_that_dies_meanwhile_loses_nothing_and_sends_nothing_twice(store: Store) -> None:
    async with TextStage(store, undo_s=LONG) as stage:
        await stage.sending.send(wish())
        await stage.sending.waiting.__aexit__()  # killed: nothing is told, nothing tidied
        stage.sending.waiting.__init__(store.texting, stage.sending.waiting._hand_over)  # type: ignore[misc]
        await stage.sending.waiting.__aenter__()
        assert [text.message_id for text in stage.sending.waiting.all] == ["m1"]
    due = (await store.texting.waiting())[0]
    await store.texting.drop_waiting("m1")
    await store.texting.put_waiting(replace(due, due=now()))
    async with TextStage(store) as stage:
        await stage.arrived(1)
        await until(lambda: "delivered" in stage.states())
    async with TextStage(store) as stage:
        await asyncio.sleep(0.02)
        assert stage.outbox.messages == ()


async def test_killed_between_store_and_messenger_it_goes_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(_messenger: Messenger, _message: object) -> None:
        raise KeyboardInterrupt

    async with TextStage(store, undo_s=LONG) as stage:
        await stage.sending.send(wish())
        text = stage.sending.waiting.all[0]
        with monkeypatch.context() as patch:
            patch.setattr(Messenger, "send", dies)
            with pytest.raises(KeyboardInterrupt):
                await stage.sending._hand_over(text)
    assert await store.texting.waiting() == []
    assert [record.message_id for record in await store.pending_messages()] == ["m1"]
    async with TextStage(store) as stage:
        await stage.arrived(1)
        await until(lambda: "delivered" in stage.states())
        assert len(stage.outbox.messages) == 1


async def test_who_wants_no_texts_is_asked_about_and_rules_keep_to_it(store: Store) -> None:
    async with TextStage(store, undo_s=0.0) as stage:
        assert await stage.opt_outs.put("+82 10-0284-1009", way="reply", contact="text-1")
        assert await code(stage.sending.send(wish())) == "opted_out"
        await stage.sending.send(wish(), sure={"opted_out"})
        assert await code(stage.sending.send_unasked(wish("m2", text="규칙", by="rule:r"), notice=False)) == "opted_out"
        await stage.sending.send_unasked(wish("m3", text="통지", by="rule:r"), notice=True)
        await stage.arrived(2)
        kept = await store.texting.opt_out(KEYS.key(NUMBER))
        assert kept is not None
        assert NUMBER not in str(kept)
        assert await stage.opt_outs.drop(NUMBER, by="kim")
        assert not await stage.opt_outs.has(NUMBER)


async def test_at_night_an_agent_is_asked_and_a_rule_waits_for_the_morning(store: Store) -> None:
    async with TextStage(store, undo_s=0.0) as stage:
        stage.clock = stage.clock.replace(hour=23)
        assert await code(stage.sending.send(wish())) == "quiet_hours"
        await stage.sending.send(wish(), sure=require_sure(("quiet_hours",)))
        await stage.arrived(1)
        await stage.sending.send_unasked(wish("m2", text="규칙", by="rule:r"), notice=False)
        (waits,) = stage.sending.waiting.all
        assert (waits.why, waits.due - waits.at) == ("quiet", timedelta(hours=9))
        assert stage.states("m2") == ["waiting"]
        await stage.sending.take_back("m2")
        assert len(stage.outbox.messages) == 1


async def test_the_same_text_again_is_asked_about(store: Store) -> None:
    async with TextStage(store, undo_s=LONG) as stage:
        await stage.sending.send(wish())
        assert await code(stage.sending.send(wish("m2"))) == "same_text"
        assert await code(stage.sending.send(wish("m3", text="다른 안내"))) == ""
        assert await code(stage.sending.send(wish("m4", to="01055556666"))) == ""
        await stage.sending.send(wish("m2"), sure={"same_text"})
        assert len(stage.sending.waiting.all) == 4


async def test_a_failed_text_goes_again_as_one_of_its_own(store: Store) -> None:
    failed = {"to": NUMBER, "text": "안내", "by": "kim", "at": now(), "call_id": "c1", "entry_id": "7"}
    await store.put_message(MessageRecord(message_id="f", state="failed", **failed))  # type: ignore[arg-type]
    await store.put_message(MessageRecord(message_id="l", state="failed", blanked=True, **failed))  # type: ignore[arg-type]
    await store.put_message(MessageRecord(message_id="d", state="delivered", at=now(), to=NUMBER, text="옛 안내"))
    async with TextStage(store, undo_s=0.0) as stage:
        for message_id, refusal in (("l", "link_text"), ("d", "not_failed"), ("x", "no_message")):
            assert await code(stage.sending.resend(message_id, "m9", by="kim")) == refusal
        await asyncio.gather(*(stage.sending.resend("f", "m1", by="lee") for _ in range(3)))
        (arrived,) = await stage.arrived(1)
        assert (arrived.text, arrived.by, arrived.entry_id) == ("안내", "lee", "7")


async def test_what_no_text_can_be_is_bad_input(store: Store) -> None:
    async with TextStage(store) as stage:
        for more, wrong in (
            ({"to": "033-120-0120"}, "not_a_mobile"),
            ({"to": "+1 202 555 0100"}, "not_a_mobile"),
            ({"text": "{담당자}에게"}, "message_field"),
            ({"text": "😊"}, "message_empty"),
            ({"text": "ᄀ"}, "message_unwritable"),
            ({"text": "가" * 1001}, "message_too_long"),
        ):
            assert await code(stage.sending.send(wish(**more))) == wrong
        assert stage.told == []


async def test_it_goes_from_the_departments_number_or_a_registered_wish(store: Store) -> None:
    waste = SenderNumber(
        number="0331204567", name="자원", registered=date(2026, 1, 1), department="자원순환과", at=now()
    )
    await store.texting.put_sender(waste)
    async with TextStage(store, undo_s=0.0) as stage:
        await stage.sending.send(wish("m1", text="1", department="자원순환과"))
        await stage.sending.send(wish("m2", text="2", department="자원순환과", sender=USUAL))
        await stage.sending.send(wish("m3", text="3", sender=waste.number))
        assert await code(stage.sending.send(wish("m4", sender="0331111111"))) == "sender_unknown"
        arrived = {message.message_id: message.sender for message in await stage.arrived(3)}
        assert arrived == {"m1": waste.number, "m2": "", "m3": waste.number}


async def test_limits_of_a_day_are_told_and_what_waited_fails_in_words(store: Store) -> None:
    allowance = Allowance(day=DayLimits(per_sender=1))
    async with TextStage(store, undo_s=0.05, allowance=allowance) as stage:
        await stage.sending.send(wish("m1", text="1"))
        await stage.sending.send(wish("m2", text="2"))  # both fit when they were asked for
        await until(lambda: "failed" in stage.states("m1") + stage.states("m2"))
        assert await code(stage.sending.send(wish("m3", text="3"))) == "messages_agent_day"
        failed = next(event for event in stage.told if event.state == "failed")
        assert "하루에 보낼 수 있는" in failed.reason
        record = await store.texting.message(failed.message_id)
        assert record is not None
        assert (record.state, record.next_at) == ("failed", None)


async def test_a_full_messenger_makes_what_waits_wait_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[object] = []

    def full(messenger: Messenger, message: object) -> None:
        if len(refused) < 3:
            refused.append(message)
            raise Refused("full", code="messages_full")

    async with TextStage(store, undo_s=LONG) as stage:
        await stage.sending.send(wish())
        text = stage.sending.waiting.all[0]
        monkeypatch.setattr(Messenger, "check", full)
        assert [await stage.sending._hand_over(text) for _ in range(3)] == [False] * 3
        assert await stage.sending._hand_over(text) is True
        await stage.arrived(1)


async def test_while_the_store_is_away_a_caller_still_gets_her_text(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_args: object) -> bool:
        raise StoreFault("away")

    async with TextStage(store, undo_s=LONG) as stage:
        monkeypatch.setattr(type(store.texting), "put_waiting", away)
        await stage.sending.send(wish())
        await stage.arrived(1)
        with pytest.raises(StoreFault):
            await stage.sending.send_unasked(wish("m2", text="규칙", by="rule:r"), notice=False)
