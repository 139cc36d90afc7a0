"""What the demo's city went through in the last three weeks: contacts as lines of events, each with its record, through
the ways that real ones take. The callers of the play have called before."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from core.agent import Agent
from core.events import CallStarted, ContactOpened, Event, Party, RecordKept
from core.record_forms import KeepRecord, NewFollowUp
from core.store.contacts import ContactRecord
from server.app import Node
from server.bench.simulated_contacts import SimulatedCity, SimulatedContact
from server.knowledge import sample_entries

DAYS: Final = 22
"""Three whole weeks: what rises is compared with two earlier ones."""
A_DAY: Final = 10
CALLS_AGAIN: Final = 0.25
"""Share of contacts whose person will call in the play too."""
UNASKED: Final = 3
"""The newest records wait to be confirmed."""
PROMISES: Final = 6
"""Of so many records one has something still to be done."""


async def seed(node: Node, agents: Sequence[Agent], callers: Sequence[str], today: datetime) -> None:
    """``agents``: who answered; ``callers``: numbers of the play's callers; ``today``: the play's morning."""
    dice = random.Random(8)
    zone = today.tzinfo
    assert zone is not None, "the play's clock has its zone"
    city = SimulatedCity(sample_entries(), 8, contacts_a_day=A_DAY, zone=zone, spoken=True)
    first = today.date() - timedelta(days=DAYS)
    contacts = [contact for contact in city.contacts(first, days=DAYS) if contact.events[-1].at < today]
    for place, contact in enumerate(contacts):
        agent = dice.choice(list(agents))
        number = dice.choice(list(callers)) if contact.number and dice.random() < CALLS_AGAIN else ""
        await node.store.append([_ours(event, agent, number) for event in contact.events if not _is_kept(event)])
        record = await node.records.keeping.draft(contact.contact_id)
        if record is None or not record.agent_id:
            continue
        if place < len(contacts) - UNASKED:
            await node.records.desk.keep(record.contact_id, agent, _confirmed(record, contact, agent, place, today))
    await node.records.keeping.open()  # what is left waits on the list


def _ours(event: Event, agent: Agent, number: str) -> Event:
    """As one of our agents had it."""
    changes: dict[str, Any] = {}
    names = event.__struct_fields__
    if "agent_id" in names and event.agent_id:  # type: ignore[attr-defined]
        changes["agent_id"] = agent.id
        if "agent_name" in names:
            changes["agent_name"] = agent.name
    if "by" in names and event.by not in ("", "caller", "agent", "menu", "line"):  # type: ignore[attr-defined]
        changes["by"] = agent.id
    if number and isinstance(event, CallStarted):
        changes["caller"] = Party(number=number)
    elif number and isinstance(event, ContactOpened):
        changes["party"] = Party(number=number)
    return msgspec.structs.replace(event, **changes) if changes else event


def _is_kept(event: Event) -> bool:
    return isinstance(event, RecordKept)


def _confirmed(
    record: ContactRecord, contact: SimulatedContact, agent: Agent, place: int, today: datetime
) -> KeepRecord:
    """As she confirmed it: what the city's simulation says of it, else as drafted."""
    told = next((event for event in contact.events if isinstance(event, RecordKept)), None)
    written = record.written
    follow_up = NewFollowUp(
        text="처리 결과를 전화로 알리기", owner=agent.id, due=today.date() + timedelta(days=place % 5 - 1)
    )
    return KeepRecord(
        based_on=record.version,
        category=written.category,
        department=(told.department if told else "") or written.department,
        district=(told.district if told else "") or written.district,
        result=written.result,
        need=written.need,
        answer=written.answer,
        follow_ups=(follow_up,) if place % PROMISES == 0 and record.at > today - timedelta(days=4) else (),
    )
