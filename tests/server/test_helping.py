"""What one call's words bring, over a scripted conversation and the house's real knowledge."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from agent_assist.assistant import Assistant
from agent_assist.desk_assist import AlertStep, UseCard
from agent_assist.learning.lessons import Lessons
from core.bus.memory_bus import MemoryBus
from core.config import AssistConfig
from core.errors import Refused
from core.events import (
    AlertChanged,
    CardDeed,
    CardUsed,
    Event,
    RecordDrafted,
    ReminderChanged,
    Speaker,
    Suggested,
    Suggestion,
    TranscriptFinal,
    TranscriptPartial,
    ValuesHeard,
)
from core.home import Home
from core.store.entry import Entry
from core.store.knowledge import Document
from core.store.sql_store import open_store
from server import helping as helping_module
from server.helping import Helping
from server.knowing import Knowing
from server.line import Line
from tests.patience import until

STARTED = datetime.now(UTC) - timedelta(seconds=5)
ENTRY = Entry(id="7", title="여권 재발급", category="민원>여권", department="민원여권과", phone="031-000-0000")


class Scripted:
    """A conversation that answers with what it was told to, and notes what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[Suggestion, ...]] = {}
        self.partials: list[str] = []
        self.finals: list[str] = []
        self.deeds: list[tuple[str, CardDeed]] = []
        self.slow = asyncio.Event()
        self.slow.set()

    async def heard(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        await self.slow.wait()
        self.finals.append(text)
        return self.answers.get(utterance)

    async def partial(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        self.partials.append(text)
        return None

    def terms(self, utterance: str) -> tuple[str, ...]:
        return ("n여권", "n재발급")

    def own_terms(self, utterance: str) -> tuple[str, ...]:
        return ("n여권", "n재발급")

    def best_score(self, utterance: str) -> float:
        return 0.0

    def used(self, entry_id: str, deed: CardDeed) -> tuple[Suggestion, ...] | None:
        self.deeds.append((entry_id, deed))
        return () if deed == "dismissed" else None


def card(entry_id: str) -> Suggestion:
    return Suggestion(id=entry_id, title=f"항목 {entry_id}", score=0.9)


def final(utterance: str, text: str, speaker: Speaker = "caller", end: float = 6.0) -> TranscriptFinal:
    return TranscriptFinal(speaker=speaker, utterance=utterance, start=end - 1, end=end, text=text)


class Call:
    """One call's helping, and what was said on its line."""

    def __init__(self, knowing: Knowing | None, past: Sequence[Event] = ()) -> None:
        self.conversation = Scripted()
        self.line = Line("c1", lambda _event: None, MemoryBus(), past)
        self.helping = Helping(self.line, self.conversation, STARTED, knowing)
        self.task = asyncio.create_task(self.helping.run())

    def said(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.line.past if isinstance(event, kind)]

    async def end(self) -> None:
        self.helping.end()
        await asyncio.wait_for(self.task, 5)


@pytest.fixture
async def knowing(home: Home) -> AsyncIterator[Knowing]:
    store = await open_store("", home)
    await store.put_entries([ENTRY])
    assistant, bus = Assistant(), MemoryBus()
    house = Knowing(store, assistant, bus, AssistConfig(districts=("중앙동",)), Lessons())
    await house.open()
    yield house
    assistant.close()
    await store.close()


async def test_values_and_a_draft_come_out_of_the_words(knowing: Knowing) -> None:
    call = Call(knowing)
    call.helping.joined()
    words = await call.line.say(final("caller-1", "여권 재발급 받으려고요 제 번호는 010-1234-5678입니다"))
    call.helping.put(words)
    await call.end()
    (heard,) = call.said(ValuesHeard)
    assert isinstance(heard, ValuesHeard)
    assert [(value.kind, value.value) for value in heard.values] == [("phone", "010-1234-5678")]
    (drafted,) = call.said(RecordDrafted)
    assert isinstance(drafted, RecordDrafted)
    assert "여권" in drafted.draft.need


async def test_a_call_that_nobody_answered_has_no_draft(knowing: Knowing) -> None:
    call = Call(knowing)
    call.helping.put(final("caller-1", "여보세요"))
    await call.end()
    assert not call.said(RecordDrafted)


async def test_an_emergency_is_told_before_any_card_and_gets_on_step_by_step(knowing: Knowing) -> None:
    call = Call(knowing)
    call.conversation.slow.clear()
    call.helping.put(final("caller-1", "할아버지가 길에서 쓰러졌어요 숨을 안 쉬어요"))
    await until(lambda: bool(call.said(AlertChanged)))
    assert not call.conversation.finals, "an emergency waits for no ranking"
    call.conversation.slow.set()
    (alert,) = call.said(AlertChanged)
    assert isinstance(alert, AlertChanged)
    assert (alert.kind, alert.state, alert.utterance) == ("emergency", "raised", "caller-1")
    assert [each.alert_id for each in call.helping.open_alerts()] == [alert.alert_id]
    changed = await call.helping.step(alert.alert_id, AlertStep(step="warned"), "kim")
    assert changed is not None
    assert (changed.state, changed.steps, changed.by) == ("handling", ("warned",), "kim")
    with pytest.raises(Refused):
        await call.helping.step("alert-9", AlertStep(step="warned"), "kim")
    await call.helping.step(alert.alert_id, AlertStep(step="closed"), "kim")
    assert call.helping.open_alerts() == ()
    await call.end()


async def test_what_should_have_been_said_is_reminded_of_in_time(
    knowing: Knowing, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = """{"off": ["greeting", "consent", "more_questions"], "rules": [{"id": "hello",
        "title": "인사", "phrases": ["안녕하세요"], "within_s": 1, "text": "인사해 주세요"}]}"""
    await knowing._store.knowledge.put_document(
        Document(name="reminder_rules", version=1, body=rules, at=datetime.now(UTC)), based_on=0
    )
    await knowing.reload()
    call = Call(knowing)
    call.helping.joined()
    await until(lambda: bool(call.said(ReminderChanged)))
    (due,) = call.said(ReminderChanged)
    assert isinstance(due, ReminderChanged)
    assert (due.rule_id, due.text, due.state) == ("hello", "인사해 주세요", "due")
    await call.helping.know("hello")
    last = call.said(ReminderChanged)[-1]
    assert isinstance(last, ReminderChanged)
    assert last.state == "dismissed"
    await call.end()


async def test_the_newest_partial_counts_and_none_that_its_final_overtook(knowing: Knowing) -> None:
    call = Call(None)
    call.conversation.slow.clear()
    call.helping.put(final("caller-1", "네"))
    await asyncio.sleep(0)
    for text in ("여", "여권", "여권을"):
        call.helping.put(TranscriptPartial(speaker="caller", utterance="caller-2", start=1.0, text=text))
    call.conversation.slow.set()
    await until(lambda: bool(call.conversation.partials))
    assert call.conversation.partials == ["여권을"]
    call.helping.put(TranscriptPartial(speaker="caller", utterance="caller-2", start=1.0, text="여권을 잃"))
    call.helping.put(final("caller-2", "여권을 잃어버렸어요"))
    await call.end()
    assert call.conversation.partials == ["여권을"]
    assert call.conversation.finals == ["네", "여권을 잃어버렸어요"]


async def test_beyond_the_limit_the_oldest_words_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helping_module, "WORDS_LIMIT", 3)
    call = Call(None)
    for number in range(5):
        call.helping.put(final(f"caller-{number}", str(number)))
    await call.end()
    assert call.conversation.finals == ["2", "3", "4"]


async def test_a_card_that_is_used_teaches_and_one_put_away_goes(knowing: Knowing) -> None:
    call = Call(knowing)
    call.conversation.answers["caller-1"] = (card("7"),)
    call.helping.put(final("caller-1", "여권 재발급이요"))
    await until(lambda: bool(call.said(Suggested)))
    await call.helping.used(UseCard(entry_id="7", deed="accepted"), 3, "kim")
    (used,) = call.said(CardUsed)
    assert isinstance(used, CardUsed)
    assert (used.entry_id, used.deed, used.version, used.utterance, used.agent_id) == (
        *("7", "accepted", 3),
        *("caller-1", "kim"),
    )
    assert knowing.lessons.bonus(("n여권",))["7"] > 0
    await call.helping.used(UseCard(entry_id="7", deed="dismissed"), 3, "kim")
    last = call.said(Suggested)[-1]
    assert isinstance(last, Suggested)
    assert last.suggestions == ()
    await call.end()


async def test_alerts_of_a_call_that_was_heard_before_go_on_in_number(knowing: Knowing) -> None:
    call = Call(knowing, past=[AlertChanged(alert_id="alert-1", kind="abuse", state="closed")])
    call.helping.put(final("caller-1", "할아버지가 길에서 쓰러졌어요 숨을 안 쉬어요"))
    await call.end()
    newest = call.said(AlertChanged)[-1]
    assert isinstance(newest, AlertChanged)
    assert newest.alert_id == "alert-2"


async def test_a_card_that_she_found_herself_is_about_the_last_words(knowing: Knowing) -> None:
    call = Call(knowing)
    call.helping.put(final("caller-1", "여권 재발급이요"))
    await until(lambda: bool(call.conversation.finals))
    await call.helping.used(UseCard(entry_id="7", deed="accepted"), 3, "kim")
    (used,) = call.said(CardUsed)
    assert isinstance(used, CardUsed)
    assert used.utterance == ""
    assert "7" in knowing.lessons.bonus(("n여권",))
    await call.end()
