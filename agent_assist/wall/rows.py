"""The lines of the wall, as the page gets them. Pure. On the wire a field that has its default is left out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from core.events import (
    AgentState,
    AlarmCode,
    AlertKind,
    AlertState,
    CallWay,
    Channel,
    Grade,
    SoundCause,
    Speaker,
    SupervisionMode,
    TransferState,
)

CallStage = Literal["menu", "queued", "ringing", "talking"]
Trouble = Literal["engine_lag", "engine_down", "not_saved", "sip_lost", "not_recorded", "texts_down"]
"""What troubles the whole node, no single call."""
Late = Literal["text_late"]
"""Somebody has written, and nobody has answered in time."""
Section = Literal["agents", "calls", "alerts", "written", "issues", "house"]


class AgentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One agent."""

    name: str
    """As callers may hear it."""
    state: AgentState = "away"
    since: datetime | None = None
    """Since when she is in that state."""
    present: bool = False
    """She has signed in, or a call has her."""
    team: str = ""
    department: str = ""
    queues: tuple[str, ...] = ()
    """Queues that she serves, empty = all."""
    extension: str = ""
    call: str = ""
    """The call that she is offered, talks in or wraps up."""
    reason: str = ""
    """Why she is away, or in wrap-up."""
    by: str = ""
    """The supervisor who brought her there."""
    leaving: str = ""
    """Why she is away once her call and its wrap-up are over; '' = she will be ready."""
    leaving_by: str = ""
    """The supervisor who wants that, and may take it back."""
    unseen: int = 0
    """Notes of supervisors that she has not seen yet."""


class CallRow(msgspec.Struct, frozen=True, kw_only=True):
    """One running call."""

    started: datetime
    stage: CallStage = "menu"
    since: datetime | None = None
    """Since when it is there: the wait of one who waits, the talk of one who talks."""
    number: str = ""
    """Who calls, the middle digits hidden; '' = withheld."""
    name: str = ""
    """The display name that the exchange sent."""
    called: str = ""
    way: CallWay = "bridge"
    agent: str = ""
    """Sign-in name of the agent who has it or is offered it, '' = nobody or a department."""
    agent_name: str = ""
    position: int = 0
    """Place in the queue, 1 = next."""
    queue: str = ""
    held: bool = False
    """The caller hears music."""
    transfer: TransferState | None = None
    """The caller is being passed on, or has been."""
    transfer_to: str = ""
    supervisor: str = ""
    """Who takes part."""
    mode: SupervisionMode | None = None
    words: str = ""
    """What was said last, personal numbers hidden, as on the desk; the end of it when it is long."""
    words_by: Speaker = "caller"
    topic: str = ""
    """Title of the card that fits best, or of the menu's screen."""
    category: str = ""
    """Path in the category tree."""
    language: str = ""
    grade: Grade | None = None
    """The worse of the two legs."""
    causes: tuple[SoundCause, ...] = ()
    alert: AlertKind | None = None
    """The newest open alert's."""
    alarms: tuple[AlarmCode, ...] = ()
    """What is wrong with it now."""


class AlertRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something that wants a supervisor: an alert of a contact, one that is late, an alarm of a call, a trouble of the
    node."""

    kind: AlertKind | AlarmCode | Trouble | Late
    at: datetime
    call: str = ""
    """The call or the written contact, '' = of the node."""
    agent: str = ""
    agent_name: str = ""
    speaker: Speaker | None = None
    words: tuple[str, ...] = ()
    """What was heard."""
    state: AlertState = "raised"
    """How far the agent is with it."""
    steps: tuple[str, ...] = ()
    detail: str = ""
    """Which worker, which engine."""
    over: bool = False
    """The call has ended and nobody has taken note yet."""
    taken_by: str = ""
    """Name of the supervisor who takes care."""
    taken_at: datetime | None = None


class WrittenRow(msgspec.Struct, frozen=True, kw_only=True):
    """A written contact that is not closed."""

    opened: datetime
    state: Literal["waiting", "assigned", "answered"] = "waiting"
    channel: Channel = "text"
    number: str = ""
    """Who writes, the middle digits hidden."""
    owed_since: datetime | None = None
    """The first message without an answer, None = nothing is owed."""
    overdue_at: datetime | None = None
    """By then it should be answered."""
    alert_at: datetime | None = None
    """From then on it is an alert."""
    undelivered: bool = False
    """The last answer did not arrive."""
    agent: str = ""
    agent_name: str = ""
    queue: str = ""
    words: str = ""
    """The newest words, personal numbers hidden."""
    topic: str = ""


class IssueRow(msgspec.Struct, frozen=True, kw_only=True):
    """What many callers speak of at once."""

    terms: tuple[str, ...]
    since: datetime
    district: str = ""
    calls: int = 0
    usual: float = 0.0
    quotes: tuple[str, ...] = ()
    entry: str = ""
    """Title of the entry that answers it, '' = none does."""
    seen_by: str = ""
    """The supervisor who has taken note."""


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who waits."""

    waiting: int = 0
    """Callers without an agent."""
    longest_since: datetime | None = None
    """Since when the first of them waits."""
    expect_s: float = 0.0
    """How long one who called now would wait, 0 = nobody can say."""


class FiguresRow(msgspec.Struct, frozen=True, kw_only=True):
    """Today's figures, and the service level of the last half hour. None = there is nothing to count yet."""

    offered: int = 0
    """Callers who wanted an agent today, also those that still wait."""
    answered: int = 0
    """Of these, who got one."""
    abandoned: int = 0
    """Of these, who hung up before."""
    level_now: float | None = None
    """Service level of the last half hour, 0..1."""
    level_today: float | None = None
    """Service level of today, 0..1."""
    target: float = 0.8
    """What is wanted, 0..1."""
    target_s: float = 20.0
    """Answered within so many seconds counts."""
    asa_s: float | None = None
    """Average speed of answer."""
    aht_s: float | None = None
    """Average handling time."""
    texts: int = 0
    """Texts sent today."""


Row = AgentRow | CallRow | AlertRow | WrittenRow | IssueRow | QueueRow | FiguresRow
Key = tuple[Section, str]
Sections = dict[Section, dict[str, Row]]


def shown_number(number: str) -> str:
    """A telephone number of which the middle is hidden: enough to know one who calls again, too little to call back."""
    if len(number) < 8:
        return number
    return number[:3] + "·" * (len(number) - 7) + number[-4:]
