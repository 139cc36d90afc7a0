"""Lines of contacts for tests: short to write, numbered, timed from a moment on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from core.events import (
    AgentOffered,
    CallEnded,
    CallJoined,
    CallQueued,
    CallStarted,
    EndReason,
    Event,
    Party,
    RecordKept,
    renumbered,
)
from records.statistics.facts import Rules

T0 = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
"""A Monday, 09:00 in Seoul."""
RULES = Rules(
    zone=ZoneInfo("Asia/Seoul"),
    target_s=20,
    written_target_s=600,
    short_s=5,
    key=lambda number: f"key-{number}",
    words=lambda text: text.split(),
)


def line(contact_id: str, *timed: tuple[float, Event], at: datetime = T0) -> list[Event]:
    """These events on a line, each so many seconds behind ``at``."""
    return [
        renumbered(msgspec.structs.replace(event, at=at + timedelta(seconds=seconds)), call_id=contact_id, seq=seq)
        for seq, (seconds, event) in enumerate(timed, 1)
    ]


def call(
    contact_id: str,
    *more: tuple[float, Event],
    at: datetime = T0,
    number: str = "01000001234",
    agent: str = "haneul",
    wait: float = 10,
    talk: float = 120,
    category: str = "교통>주차",
    department: str = "주차관리과",
    district: str = "",
    reason: EndReason = "caller_hung_up",
) -> list[Event]:
    """A call that an agent answered, with its record."""
    party = Party(number=number, anonymous=not number)
    end = 5 + wait + talk
    return line(
        contact_id,
        (0, CallStarted(caller=party, called="120")),
        (5, CallQueued(position=1)),
        (5 + wait - 2, AgentOffered(agent_id=agent)),
        (5 + wait, CallJoined(agent_id=agent)),
        (end, CallEnded(reason=reason, duration_s=end, talk_s=talk)),
        (
            end + 20,
            RecordKept(version=1, by=agent, category=category, department=department, district=district),
        ),
        *more,
        at=at,
    )


def lost(contact_id: str, *, at: datetime = T0, wait: float = 60, reason: EndReason = "caller_hung_up") -> list[Event]:
    """A call that nobody answered."""
    return line(
        contact_id,
        (0, CallStarted(caller=Party(number="01000005678"), called="120")),
        (5, CallQueued(position=3)),
        (5 + wait, CallEnded(reason=reason, duration_s=5 + wait)),
        at=at,
    )
