"""How events of a call change its line on the wall, as a table. Pure, nothing is remembered but the line itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from agent_assist.wall.rows import CallRow, CallStage
from core.events import (
    AgentOffered,
    CallHeld,
    CallJoined,
    CallQueued,
    CallResumed,
    Event,
    LanguageChanged,
    RecordDrafted,
    ScreenShown,
    Suggested,
    SupervisionChanged,
    TransferChanged,
)

_SAME_WAIT: Final[Mapping[CallStage, tuple[CallStage, ...]]] = {
    "menu": (),
    "queued": ("queued", "ringing"),
    "ringing": ("queued", "ringing"),
    "talking": ("talking",),
}
"""From these stages the clock of a line goes on: for her it is one wait, one talk."""


def after(row: CallRow, event: Event) -> CallRow:
    """The line behind that event; as it was where the event says nothing of it."""
    step = _STEPS.get(type(event))
    return row if step is None else step(row, event)


def _reaches(row: CallRow, event: Event, stage: CallStage, **changed: Any) -> CallRow:
    since = row.since if row.stage in _SAME_WAIT[stage] else event.at
    return replace(row, stage=stage, since=since, **changed)


def _queued(row: CallRow, event: CallQueued) -> CallRow:
    return _reaches(
        row, event, "queued", position=event.position, queue=event.queue, agent="", agent_name="", transfer=None
    )


def _offered(row: CallRow, event: AgentOffered) -> CallRow:
    return _reaches(row, event, "ringing", agent=event.agent_id, agent_name=event.agent_name, position=0)


def _joined(row: CallRow, event: CallJoined) -> CallRow:
    return _reaches(row, event, "talking", agent=event.agent_id, agent_name=event.agent_name, position=0)


def _held(row: CallRow, event: CallHeld | CallResumed) -> CallRow:
    return replace(row, held=isinstance(event, CallHeld))


def _transfer(row: CallRow, event: TransferChanged) -> CallRow:
    on_its_way = event.state in ("ringing", "talking", "conference", "done")
    return replace(
        row, transfer=event.state if on_its_way else None, transfer_to=event.name if on_its_way else "", held=False
    )


def _supervision(row: CallRow, event: SupervisionChanged) -> CallRow:
    return replace(row, supervisor=event.supervisor_id if event.mode else "", mode=event.mode)


def _language(row: CallRow, event: LanguageChanged) -> CallRow:
    return replace(row, language=event.language)


def _suggested(row: CallRow, event: Suggested) -> CallRow:
    best = event.suggestions[0] if event.suggestions else None
    return row if best is None else replace(row, topic=best.title, category=best.category)


def _drafted(row: CallRow, event: RecordDrafted) -> CallRow:
    return replace(row, category=event.draft.category) if event.draft.category else row


def _screen(row: CallRow, event: ScreenShown) -> CallRow:
    return row if row.category else replace(row, topic=event.title)


_STEPS: Final[Mapping[type[Event], Callable[[CallRow, Any], CallRow]]] = {
    AgentOffered: _offered,
    CallHeld: _held,
    CallJoined: _joined,
    CallQueued: _queued,
    CallResumed: _held,
    LanguageChanged: _language,
    RecordDrafted: _drafted,
    ScreenShown: _screen,
    Suggested: _suggested,
    SupervisionChanged: _supervision,
    TransferChanged: _transfer,
}
DRAWN: Final[frozenset[type[Event]]] = frozenset(_STEPS)
"""Events that say something of a call's line by themselves."""
