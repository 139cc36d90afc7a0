"""What belongs to texts that go out, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from core.events import CallStarted, CardUsed, ContactOpened, Event, MessageSent, Party, RecordKept, TranscriptFinal
from core.store.contract import Store
from core.store.messages import MessageRecord
from core.store.texting import OptOut, SenderNumber, TextRule, TextTemplate, WaitingText

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NUMBER = "01002841009"


def waiting(message_id: str = "m1", **more: object) -> WaitingText:
    known = {
        "to": NUMBER,
        "text": "안내드립니다",
        "call_id": "c1",
        "by": "kim",
        "sender": "0331200120",
        "entry_id": "7",
        "purpose": "rating",
    }
    return WaitingText(message_id=message_id, at=T0, due=T0 + timedelta(seconds=5), **{**known, **more})  # type: ignore[arg-type]


def message(message_id: str = "m1", **more: object) -> MessageRecord:
    known = {"to": NUMBER, "text": "안내드립니다", "by": "kim", "at": T0}
    return MessageRecord(message_id=message_id, **{**known, **more})  # type: ignore[arg-type]


async def test_templates_keep_their_order_and_are_replaced_and_dropped(store: Store) -> None:
    first = TextTemplate(template_id="b", title="여권 안내", text="{부서} {전화}", place=1, at=T0)
    second = TextTemplate(
        template_id="a",
        title="대기 안내",
        text="{날짜}",
        place=2,
        notice=True,
        purpose="rating",
        department="여권과",
        at=T0,
    )
    await store.texting.put_template(second)
    await store.texting.put_template(first)
    assert await store.texting.templates() == [first, second]
    await store.texting.put_template(replace(second, place=0))
    assert [one.template_id for one in await store.texting.templates()] == ["a", "b"]
    await store.texting.drop_template("a")
    await store.texting.drop_template("a")
    assert await store.texting.templates() == [first]


async def test_senders_know_since_when_they_are_registered(store: Store) -> None:
    city = SenderNumber(number="0331200120", name="한빛시청 대표", registered=date(2025, 1, 2), at=T0)
    waste = SenderNumber(
        number="0331204567",
        name="자원순환과",
        registered=date(2026, 2, 1),
        department="자원순환과",
        queue="waste",
        at=T0,
    )
    for sender in (city, waste):
        await store.texting.put_sender(sender)
    assert await store.texting.senders() == [waste, city]
    await store.texting.drop_sender("0331204567")
    assert await store.texting.senders() == [city]


async def test_the_first_opt_out_stands_until_it_is_taken_back(store: Store) -> None:
    told = OptOut(person="k" * 32, since=T0, way="reply", contact="text-1")
    assert await store.texting.put_opt_out(told)
    assert not await store.texting.put_opt_out(replace(told, way="desk", since=T0 + timedelta(days=1)))
    assert await store.texting.opt_out(told.person) == told
    assert await store.texting.opt_out("other") is None
    later = OptOut(person="l" * 32, since=T0 + timedelta(hours=1), way="office", by="park")
    await store.texting.put_opt_out(later)
    assert await store.texting.opt_outs() == [later, told]
    assert await store.texting.opt_outs(before=later.since) == [told]
    assert await store.texting.opt_outs(limit=1) == [later]
    assert await store.texting.drop_opt_out(told.person)
    assert not await store.texting.drop_opt_out(told.person)


async def test_rules_come_back_whole_and_in_order(store: Store) -> None:
    rule = TextRule(
        rule_id="r1",
        name="폐기물 뒤",
        on=True,
        channels=("call", "text"),
        categories=("청소>폐기물",),
        results=("answered",),
        departments=("자원순환과",),
        forms=("대형 폐기물 신고서",),
        template_id="t1",
        sender="0331200120",
        place=2,
        by="park",
        at=T0,
    )
    other = TextRule(rule_id="r2", name="첫째", template_id="t1", place=1, at=T0)
    await store.texting.put_rule(rule)
    await store.texting.put_rule(other)
    assert await store.texting.rules() == [other, rule]
    await store.texting.drop_rule("r2")
    assert await store.texting.rules() == [rule]


async def test_a_text_waits_once_and_is_taken_back_once(store: Store) -> None:
    text = waiting(text="주민번호 900101-1234568 입니다")
    assert await store.texting.put_waiting(text)
    assert not await store.texting.put_waiting(text)
    kept = (await store.texting.waiting())[0]
    assert "1234568" not in kept.text
    assert replace(kept, text=text.text) == text
    assert await store.texting.drop_waiting("m1") == kept
    assert await store.texting.drop_waiting("m1") is None
    assert await store.texting.waiting() == []


async def test_a_released_text_is_a_message_and_waits_no_more(store: Store) -> None:
    await store.texting.put_waiting(waiting())
    record = message(next_at=T0, sender="0331200120", entry_id="7")
    released = await asyncio.gather(*(store.texting.release("m1", record) for _ in range(3)))
    assert sorted(released) == [False, False, True]
    assert await store.texting.waiting() == []
    assert await store.texting.message("m1") == record
    assert await store.pending_messages() == [record]
    # The same wish again, by a page that did not hear the answer: it is known.
    assert not await store.texting.put_waiting(waiting())
    assert await store.texting.drop_waiting("m1") is None


async def test_the_same_text_is_known_unless_it_failed(store: Store) -> None:
    since = T0 - timedelta(minutes=10)
    assert await store.texting.sent_like(NUMBER, "안내드립니다", since) is None
    await store.put_message(message("m0", state="failed"))
    assert await store.texting.sent_like(NUMBER, "안내드립니다", since) is None
    await store.put_message(message("m1", state="delivered"))
    assert await store.texting.sent_like(NUMBER, "안내드립니다", since) == T0
    assert await store.texting.sent_like(NUMBER, "다른 안내", since) is None
    assert await store.texting.sent_like("01000000000", "안내드립니다", since) is None
    assert await store.texting.sent_like(NUMBER, "안내드립니다", T0 + timedelta(seconds=1)) is None
    await store.texting.put_waiting(waiting("m2", text="내일 갑니다"))
    assert await store.texting.sent_like(NUMBER, "내일 갑니다", since) == T0
    assert await store.texting.sent_like(NUMBER, "내일 갑니다", since, besides="m1") == T0
    assert await store.texting.sent_like(NUMBER, "내일 갑니다", since, besides="m2") is None
    assert await store.texting.sent_like(NUMBER, "안내드립니다", since, besides="m1") is None


async def test_tallies_count_by_number_and_by_who_sent(store: Store) -> None:
    for number, (to, by) in enumerate([(NUMBER, "kim"), (NUMBER, ""), ("01000000001", "rule:r1")]):
        await store.put_message(message(f"m{number}", to=to, by=by))
    await store.put_message(message("old", at=T0 - timedelta(days=1)))
    tallies = await store.texting.tallies(T0)
    assert tallies.in_total == 3
    assert tallies.by_number == {NUMBER: 2, "01000000001": 1}
    assert tallies.by_sender == {"kim": 1, "rule:r1": 1}


async def test_past_contacts_bring_what_rules_go_by(store: Store) -> None:
    def of(call_id: str, minutes: int) -> list[Event]:
        at = T0 + timedelta(minutes=minutes)
        said = TranscriptFinal(
            call_id=call_id, seq=2, speaker="caller", utterance="u", start=0, end=1, text="말", at=at
        )
        return [
            CallStarted(call_id=call_id, seq=1, at=at, caller=Party(number=NUMBER)),
            said,
            CardUsed(call_id=call_id, seq=3, at=at, entry_id="7", deed="accepted"),
            MessageSent(call_id=call_id, seq=4, at=at, message_id="m", to=NUMBER, text="네", entry_id="7"),
            RecordKept(call_id=call_id, seq=5, at=at, version=1, by="kim", category="청소", result="answered"),
        ]

    for number in range(3):
        await store.append(of(f"c{number}", number))
    opened = ContactOpened(call_id="text-1", seq=1, at=T0, channel="text", party=Party(number=NUMBER))
    await store.append([opened])  # somebody wrote: a contact as well, and the oldest here
    assert list(await store.texting.past_contacts(T0, limit=9)) == ["c2", "c1", "text-1", "c0"]
    found = await store.texting.past_contacts(T0, limit=2)
    assert list(found) == ["c2", "c1"]
    assert [type(event).__name__ for event in found["c1"]] == ["CallStarted", "CardUsed", "MessageSent", "RecordKept"]
    assert await store.texting.past_contacts(T0 + timedelta(hours=1), limit=10) == {}
