"""From events to the call history: pure, one event at a time."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from core.events import CallEnded, CallJoined, CallStarted, Event, Party, Suggested
from core.store.contract import CallSummary


def project(summary: CallSummary | None, event: Event) -> CallSummary:
    """The call's line after this event. Events of a call come in the order of their numbers."""
    # A call whose beginning was lost still gets a line: it began no later than what we know of it.
    known = summary or CallSummary(call_id=event.call_id, caller=Party(), called="", started=event.at)
    known = replace(known, last_seq=event.seq)
    match event:
        case CallStarted(caller=caller, called=called):
            return replace(known, caller=caller, called=called, started=event.at)
        case CallJoined(agent_id="") if known.agent_id:  # passed on to a department: it stays the agent's call
            return known
        case CallJoined(agent_id=agent_id, agent_name=name):
            return replace(known, agent_id=agent_id, agent_name=name, joined=known.joined or event.at)
        case Suggested(suggestions=cards):
            # What an alert or a rule puts on top says what to do, not what the call is about.
            best = next((card for card in cards if card.why not in ("alert", "rule")), None)
            return replace(known, topic=best.title) if best is not None else known
        case CallEnded(reason=reason):
            return replace(known, ended=event.at, reason=reason)
        case _:
            return known


def project_all(summary: CallSummary | None, events: Iterable[Event]) -> CallSummary | None:
    """The call's line after these events."""
    for event in events:
        summary = project(summary, event)
    return summary
