"""What the clock of written contacts does, at any moment: by moments that the test sets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from channels.threads.deadlines import Deadlines
from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig, InboxConfig
from core.errors import Refused
from core.events import (
    AlertChanged,
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    Event,
    MessageSent,
    Party,
    RecordDraft,
    TextReceived,
)
from core.home import Home
from core.store.sql_store import SqlStore, open_store
from server.roster import Roster
from server.written import clock as written_clock
from server.written.answering import Answering
from server.written.clock import WrittenClock
from server.written.closed_answer import ClosedAnswer
from server.written.contact import Contact
from server.written.contacts import WrittenContacts

T0 = datetime.now(UTC)
ALWAYS = InboxConfig(opens="00:00", closes="00:00", days="1234567", answer_minutes=5, return_minutes=10, close_hours=24)


class Unhelpful:
    """The assistant of a contact that nobody asks."""

    def put(self, words: Any) -> None: ...

    def end(self) -> None: ...

    async def run(self) -> None: ...


class Stage:
    """Written contacts, agents, and a clock that is set by hand."""

    def __init__(self, store: SqlStore, patch: pytest.MonkeyPatch) -> None:
        self.at = T0
        self.events: list[Event] = []
        self.sent: list[Any] = []
        self.store = store
        patch.setattr(written_clock, "now", lambda: self.at)
        self.bus = MemoryBus()
        agents = (AgentConfig(id="kim", name="김하늘"), AgentConfig(id="lee", name="이바다", queues=("tax",)))
        self.roster = Roster(agents, T0)
        self.deadlines = Deadlines(ALWAYS, lambda: self.at)
        self.contacts = WrittenContacts(
            store=store,
            keep=self.events.append,
            flushed=self._flushed,
            bus=self.bus,
            make_helping=lambda _line, _began: Unhelpful(),  # type: ignore[arg-type,return-value]
            moments=self.deadlines.moments,
        )
        self.answering = Answering(self.contacts, self.roster, lambda _events: RecordDraft())
        closed = ClosedAnswer("", self.deadlines, store, centre="", send=self.sent.append, clock=lambda: self.at)
        self.clock = WrittenClock(self.contacts, self.answering, closed, self.deadlines, self.roster, ALWAYS, self.bus)

    async def _flushed(self) -> None:
        await self.store.append(self.events)

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)

    def ready(self, *agents: str) -> None:
        for agent in agents:
            self.roster.step(agent, "go_ready", self.at)

    async def wrote(self, number: str = "01000001234", queue: str = "") -> Contact:
        contact = self.contacts.begin("text")
        await contact.line.say_kept(ContactOpened(channel="text", party=Party(number=number), queue=queue, at=self.at))
        await contact.line.say_kept(TextReceived(text_id=f"t{len(self.events)}", text="네", at=self.at))
        return contact

    async def answered(self, contact: Contact) -> None:
        sent = MessageSent(message_id="m", to="01000001234", text="네", by=contact.now.agent_id, at=self.at)
        await contact.line.say(sent)


@pytest.fixture
async def stage(home: Home, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    store = await open_store("", home)
    yield Stage(store, monkeypatch)
    await store.close()


async def test_a_ready_agent_gets_the_longest_waiting_up_to_her_limit(stage: Stage) -> None:
    contacts = []
    for _ in range(5):
        contacts.append(await stage.wrote(""))
        stage.later(seconds=1)
    await stage.clock.look()
    assert {contact.now.state for contact in contacts} == {"waiting"}
    stage.ready("kim")
    await stage.clock.look()
    assert [contact.now.agent_id for contact in contacts] == ["kim", "kim", "kim", "", ""]
    stage.ready("lee")
    await stage.clock.look()
    assert [contact.now.agent_id for contact in contacts] == ["kim", "kim", "kim", "lee", "lee"]


async def test_one_that_is_over_or_taken_while_others_are_dealt_out_stays_so(stage: Stage) -> None:
    contacts = []
    for number in "1234":
        contacts.append(await stage.wrote(number))
        stage.later(seconds=1)
    first, over, taken, last = contacts
    give = stage.answering.give

    async def meanwhile(contact: Contact, agent_id: str, **how: Any) -> None:
        await give(contact, agent_id, **how)
        if contact is first:
            await stage.answering.close(over.contact_id, "lee", "spam")
            await stage.answering.take(taken.contact_id, "lee")

    stage.ready("kim")
    stage.answering.give = meanwhile  # type: ignore[method-assign]
    stage.clock._config = replace(ALWAYS, per_agent=4)
    await stage.clock.look()
    assert [one.now.agent_id for one in (first, taken, last)] == ["kim", "lee", "kim"]
    assert not over.is_open


async def test_an_emergency_goes_first_also_after_a_restart_until_it_is_closed(stage: Stage) -> None:
    first = await stage.wrote("01000000001")
    stage.later(seconds=1)
    other = await stage.wrote("01000000002")
    stage.later(seconds=1)
    danger = await stage.wrote("01000000003")
    await danger.line.say(AlertChanged(alert_id="alert-1", kind="emergency", words=("불이 났어요",)))
    await other.line.say(AlertChanged(alert_id="alert-1", kind="threat", words=("죽여",)))
    await other.line.say(AlertChanged(alert_id="alert-1", kind="threat", state="dismissed", reason="노래 가사"))
    await stage._flushed()
    again = stage.contacts = WrittenContacts(
        store=stage.store, keep=stage.events.append, flushed=stage._flushed, bus=stage.bus,
        make_helping=lambda _line, _began: Unhelpful(), moments=stage.deadlines.moments,  # type: ignore[arg-type,return-value]
    )  # fmt: skip
    async with again:
        assert [(alert.call_id, alert.kind) for alert in again.open_alerts()] == [(danger.contact_id, "emergency")]
        stage.clock._contacts = stage.answering._contacts = again
        stage.ready("kim")
        await stage.clock.look()
        given = [event.call_id for event in stage.events if isinstance(event, ContactAssigned)]
        assert given == [danger.contact_id, first.contact_id, other.contact_id]
        await again.require_open(danger.contact_id).line.say(
            AlertChanged(alert_id="alert-1", kind="emergency", state="closed", by="kim")
        )
        assert again.open_alerts() == []


async def test_who_has_a_call_gets_none(stage: Stage) -> None:
    contact = await stage.wrote()
    stage.ready("kim")
    stage.roster.step("kim", "offer", stage.at, call_id="c1")
    await stage.clock.look()
    assert contact.now.state == "waiting"
    stage.roster.step("kim", "withdraw", stage.at)
    await stage.clock.look()
    assert contact.now.agent_id == "kim"


async def test_what_is_not_answered_goes_back_and_to_another(stage: Stage) -> None:
    contact = await stage.wrote()
    stage.ready("kim")
    await stage.clock.look()
    stage.later(minutes=9)
    await stage.clock.look()
    assert contact.now.agent_id == "kim" and stage.deadlines.is_overdue(contact.now)
    stage.at = contact.now.since + timedelta(minutes=10)
    await stage.clock.look()
    assert (contact.now.state, contact.now.agent_id) == ("waiting", ""), "she does not get it again by itself"
    stage.ready("lee")
    await stage.clock.look()
    assert contact.now.agent_id == "lee"
    reasons = [event.reason for event in stage.events if isinstance(event, ContactAssigned)]
    assert "not_answered" in reasons


async def test_whoever_is_away_has_left_it_after_a_while(stage: Stage) -> None:
    contact = await stage.wrote()
    stage.ready("kim")
    await stage.clock.look()
    stage.roster.step("kim", "go_away", stage.at)
    await stage.clock.look()
    assert contact.now.agent_id == "kim", "a moment away is not gone"
    stage.later(seconds=61)
    await stage.clock.look()
    assert contact.now.state == "waiting"


async def test_an_answered_one_that_is_silent_is_closed_and_one_that_owes_never(stage: Stage) -> None:
    answered, owing = await stage.wrote("1"), await stage.wrote("2")
    stage.ready("kim")
    await stage.clock.look()
    await stage.answered(answered)
    stage.at = answered.now.last_at + timedelta(hours=24)
    await stage.clock.look()
    assert (answered.now.state, answered.now.closed) == ("closed", "answered")
    assert owing.is_open
    closed = next(event for event in stage.events if isinstance(event, ContactClosed))
    assert closed.agent_id == "kim"


async def test_closing_waits_for_a_text_that_may_still_be_taken_back(stage: Stage) -> None:
    contact = await stage.wrote()
    await stage.answering.take(contact.contact_id, "kim")
    waiting = MessageSent(message_id="m", to="1", text="네", by="kim", state="waiting", reason="undo", at=stage.at)
    await contact.line.say(waiting)
    assert not contact.texts_gone.is_set()
    await contact.line.say(replace(waiting, state="queued", reason=""))
    await stage.answering.close(contact.contact_id, "kim", "answered")
    closed = next(event for event in stage.events if isinstance(event, ContactClosed))
    assert contact.now.first_answer is not None and closed.reason == "answered"


async def test_refusals_in_words(stage: Stage) -> None:
    contact = await stage.wrote()
    stage.ready("kim")
    for deed in (
        stage.answering.give_back(contact.contact_id, "kim"),
        stage.answering.hand(contact.contact_id, "kim", "lee"),
        stage.answering.take("text-unknown", "kim"),
    ):
        with pytest.raises(Refused):
            await deed
    await stage.answering.take(contact.contact_id, "kim")
    await stage.answered(contact)
    with pytest.raises(Refused) as why:
        await stage.answering.give_back(contact.contact_id, "kim")
    assert why.value.code == "no_step"
    await stage.answering.close(contact.contact_id, "kim", "spam")
    with pytest.raises(Refused) as why:
        await stage.answering.take(contact.contact_id, "kim")
    assert why.value.code == "written_over"


async def test_the_house_is_told_by_when_it_is_due(stage: Stage) -> None:
    contact = await stage.wrote()
    assert stage.deadlines.moments(contact.now) == (T0 + timedelta(minutes=5), T0 + timedelta(minutes=30))
    found = await stage.contacts.find(contact.contact_id)
    assert found == contact.now and await stage.contacts.find("text-unknown") is None


async def test_a_queue_is_served_by_its_agents(stage: Stage) -> None:
    water = await stage.wrote("1", "water")
    stage.ready("lee")
    await stage.clock.look()
    assert water.now.state == "waiting"
    tax = await stage.wrote("2", "tax")
    await stage.clock.look()
    assert tax.now.agent_id == "lee"
