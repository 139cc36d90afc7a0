"""Texts that go by themselves after a contact: once, in words where they did not, also for what ended while we were
down; and what a rule would have sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from core.bus.memory_bus import MemoryBus
from core.dispositions import dispositions
from core.events import (
    CallEnded,
    CallStarted,
    CardUsed,
    Event,
    FormSent,
    FormValue,
    MessageSent,
    Party,
    RecordKept,
    now,
    renumbered,
)
from core.home import Home
from core.store.contract import Store
from core.store.entry import Entry
from core.store.sql_store import open_store
from core.store.texting import TextRule, TextTemplate
from server.after_call import AfterCall, message_id_of
from server.texts_office import TextsOfficeHouse
from tests.channels.text_stage import NUMBER, TextStage
from tests.patience import until

WASTE = Entry(id="7", title="대형 폐기물", department="자원순환과", phone="033-120-4567")
TEMPLATE = TextTemplate(template_id="t", title="안내", text="{부서} {전화}로 문의하세요.", at=now())
RULE = TextRule(rule_id="r", name="폐기물 뒤", on=True, results=("answered",), template_id="t", at=now())
KEPT = RecordKept(version=1, by="kim", category="청소", department="자원순환과", result="answered")
CARD = CardUsed(entry_id="7", deed="accepted")
FORM = FormSent(
    visit_id="v", screen="w", title="폐기물 신고서", values=(FormValue(field="n", label="성명", value="김하늘"),)
)
OVER = CallEnded(reason="caller_hung_up")


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    opened = await open_store("", home)
    await opened.texting.put_template(TEMPLATE)
    await opened.texting.put_rule(RULE)
    yield opened
    await opened.close()


async def _receipt(_contact_id: str) -> str:
    return "26-482-173-053"


class Rules:
    """The task over a bus, with contacts whose lines are in the store."""

    def __init__(self, stage: TextStage, bus: MemoryBus) -> None:
        self.stage = stage
        self.bus = bus
        self.after_call = AfterCall(
            store=stage.store,
            sending=stage.sending,
            bus=bus,
            history=lambda contact_id: stage.store.events(contact_id),
            tell=stage._tell,
            entry=lambda entry_id: WASTE if entry_id == "7" else None,
            receipt=_receipt,
            phone_of=lambda department: {"자원순환과": "033-120-4567"}.get(department, ""),
            centre="한빛시",
            clock=lambda: stage.clock,
        )

    async def over(self, contact_id: str, *events: Event, caller: str = NUMBER) -> None:
        """A contact with these events; the last one is published."""
        last = await put(self.stage.store, contact_id, *events, caller=caller)
        await self.bus.publish(last)

    async def settled(self) -> None:
        """What was published was looked at."""
        for _ in range(20):
            await asyncio.sleep(0.005)


async def put(store: Store, contact_id: str, *events: Event, caller: str = NUMBER) -> Event:
    line: Sequence[Event] = (CallStarted(caller=Party(number=caller)), *events)
    numbered = [renumbered(event, call_id=contact_id, seq=place) for place, event in enumerate(line, 1)]
    await store.append(numbered)
    return numbered[-1]


@asynccontextmanager
async def running(store: Store, **more: Any) -> AsyncIterator[Rules]:
    bus = MemoryBus()
    async with TextStage(store, **more) as stage:
        rules = Rules(stage, bus)
        task = asyncio.create_task(rules.after_call.run())
        await rules.settled()
        yield rules
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await bus.close()


async def test_a_kept_record_sends_once_with_the_cards_facts(store: Store) -> None:
    async with running(store) as rules:
        await rules.over("c1", CARD, KEPT)
        (arrived,) = await rules.stage.arrived(1)
        assert arrived.text == "자원순환과 033-120-4567로 문의하세요."
        assert (arrived.by, arrived.entry_id, arrived.message_id) == ("rule:r", "7", message_id_of("c1", "r"))
        for _ in range(3):  # kept again, by another node too
            await rules.bus.publish(renumbered(KEPT, call_id="c1", seq=9))
        await rules.settled()
        assert len(rules.stage.outbox.messages) == 1


async def test_without_a_card_the_records_department_is_named(store: Store) -> None:
    async with running(store) as rules:
        await rules.over("c1", KEPT)
        (arrived,) = await rules.stage.arrived(1)
        assert (arrived.text, arrived.entry_id) == ("자원순환과 033-120-4567로 문의하세요.", "")


async def test_the_number_that_she_may_quote(store: Store) -> None:
    await store.texting.put_template(msgspec.structs.replace(TEMPLATE, text="접수번호 {접수번호}"))
    async with running(store) as rules:
        await rules.over("c1", CARD, KEPT)
        (arrived,) = await rules.stage.arrived(1)
        assert arrived.text == "접수번호 26-482-173-053"


@pytest.mark.parametrize(
    "events",
    [
        (CARD, MessageSent(message_id="m", to=NUMBER, text="x", state="delivered", by="kim", entry_id="7"), KEPT),
        (CARD, RecordKept(version=1, by="kim", result="transferred")),
        (CARD, OVER),
    ],
)
async def test_none_where_one_was_sent_or_nothing_matches(store: Store, events: tuple[Event, ...]) -> None:
    async with running(store) as rules:
        await rules.over("c1", *events)
        await rules.settled()
        assert rules.stage.outbox.messages == ()
        assert rules.stage.told == []


async def test_a_form_is_answered_when_the_call_is_over(store: Store) -> None:
    await store.texting.put_rule(
        TextRule(rule_id="f", name="신고 뒤", on=True, forms=(FORM.title,), template_id="t2", place=1, at=now())
    )
    template = TextTemplate(template_id="t2", title="접수", text="{민원인}님, 접수했습니다.", at=now())
    await store.texting.put_template(template)
    async with running(store) as rules:
        await rules.over("c1", FORM, OVER)
        (arrived,) = await rules.stage.arrived(1)
        assert arrived.text == "김하늘님, 접수했습니다."


async def test_what_did_not_go_says_why_on_the_line(store: Store) -> None:
    async with running(store) as rules:
        await rules.stage.opt_outs.put(NUMBER, way="reply")
        await rules.over("c1", CARD, KEPT)
        await until(lambda: bool(rules.stage.told))
        nobody = RecordKept(version=1, by="kim", department="없는과", result="answered")
        await rules.over("c2", nobody, caller="01055556666")  # no card, and no such department: no telephone
        await until(lambda: len(rules.stage.told) == 2)
        reasons = [(event.state, event.by, event.reason[:8]) for event in rules.stage.told]
        assert [state for state, _by, _reason in reasons] == ["failed", "failed"]
        assert all(by == "rule:r" for _state, by, _reason in reasons)
        assert "받지 않겠다고" in rules.stage.told[0].reason
        assert "빈칸" in rules.stage.told[1].reason
        await rules.over("c3", CARD, KEPT, caller="0331234567")
        await rules.settled()
        assert len(rules.stage.told) == 2, "a landline is nothing that anybody must read"
        assert rules.stage.outbox.messages == ()


async def test_at_night_it_waits_and_says_so(store: Store) -> None:
    async with running(store) as rules:
        rules.stage.clock = rules.stage.clock.replace(hour=22)
        await rules.over("c1", CARD, KEPT)
        await until(lambda: bool(rules.stage.told))
        assert (rules.stage.told[0].state, rules.stage.told[0].reason) == ("waiting", "quiet")


async def test_a_node_that_was_down_meanwhile_catches_up(store: Store) -> None:
    await put(store, "c1", CARD, KEPT)
    async with running(store) as rules:
        await rules.stage.arrived(1)
    async with running(store) as rules:
        await rules.settled()
        assert rules.stage.outbox.messages == ()


async def test_whoever_corrects_last_weeks_record_writes_to_nobody(store: Store) -> None:
    old = now() - timedelta(days=7)
    async with running(store) as rules:
        await store.append(
            [
                CallStarted(call_id="c1", seq=1, at=old, caller=Party(number=NUMBER)),
                renumbered(CARD, call_id="c1", seq=2),
                renumbered(KEPT, call_id="c1", seq=3),
            ]
        )
        await rules.bus.publish(renumbered(KEPT, call_id="c1", seq=3))
        await rules.settled()
        assert rules.stage.told == []


async def test_a_trial_counts_what_would_have_gone_and_why_not(store: Store) -> None:
    sent = MessageSent(message_id="m", to=NUMBER, text="x", state="delivered", by="kim", entry_id="7")
    ruled = MessageSent(message_id="n", to=NUMBER, text="x", state="delivered", by="rule:old", entry_id="7")
    await put(store, "c1", CARD, KEPT)
    await put(store, "c2", CARD, sent, KEPT)
    await put(store, "c3", CARD, KEPT, caller="0331234567")
    await put(store, "c4", RecordKept(version=1, by="kim", department="없는과", result="answered"))
    await put(store, "c5", CARD, KEPT, caller="01055556666")
    await put(store, "c6", OVER)
    await put(store, "c7", CARD, ruled, KEPT)
    async with TextStage(store) as stage:
        await stage.opt_outs.put("01055556666", way="desk", by="kim")
        rules = Rules(stage, MemoryBus())
        office = office_of(stage, rules)
        off = TextRule(rule_id="r", name="x", results=("answered",), template_id="t", at=now())
        trial = await office.try_rule(off, 7)
        counts = (trial.looked_at, trial.sent, trial.texted, trial.no_mobile, trial.unfilled, trial.opted_out)
        assert counts == (7, 2, 1, 1, 1, 1)
        assert {case.contact_id for case in trial.cases} == {"c1", "c7"}
        assert all(case.text == "자원순환과 033-120-4567로 문의하세요." for case in trial.cases)
        assert stage.outbox.messages == ()


def office_of(stage: TextStage, rules: Rules, **more: Any) -> TextsOfficeHouse:
    class Shelves:
        categories = ("청소", "청소>폐기물")
        departments = ("자원순환과", "여권과")

    class Texts:
        opt_outs = stage.opt_outs
        usual_sender = "0331200120"

    class Parts:
        shelf = None

    return TextsOfficeHouse(
        store=stage.store,
        texts=Texts(),  # type: ignore[arg-type]
        parts=Parts(),  # type: ignore[arg-type]
        after_call=rules.after_call,
        shelves=Shelves,  # type: ignore[arg-type]
        results=dispositions(("answered=답변 완료/Answered",)),
        who=more.get("who", lambda _request: None),
        names=lambda: {"kim": "김하늘"},
    )
