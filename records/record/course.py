"""The half of a record that follows from the events: who, when, how long, what was shown, sent, passed on. Pure.

May be drawn as often as the line goes on; the same events, the same course.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from core.events import (
    CallEnded,
    CallJoined,
    CallStarted,
    CardUsed,
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    Event,
    FormSent,
    LanguageChanged,
    MessageSent,
    Party,
    RecordDrafted,
    ScreenShown,
    Suggested,
    TransferChanged,
)
from core.phone_numbers import normalised
from core.store.contacts import CardKept, FormKept, PassedOn, TextKept

MOST: Final = 200
"""Screens, forms, texts, transfers that a record holds of each; the newest stay."""


def is_over(events: Iterable[Event]) -> bool:
    """Whether the contact has ended."""
    return any(isinstance(event, CallEnded | ContactClosed) for event in events)


def party(events: Iterable[Event]) -> Party:
    """Who called or wrote; the newest is right, a listened-to call may learn it late."""
    found = Party()
    for event in events:
        if isinstance(event, CallStarted):
            found = event.caller
        elif isinstance(event, ContactOpened):
            found = event.party
    return found


def number(events: Iterable[Event]) -> str:
    """The person's number as one dials it, '' when it was withheld."""
    who = party(events)
    return "" if who.anonymous else normalised(who.number)


def course(events: Sequence[Event]) -> dict[str, Any]:
    """Fields of ``ContactRecord``."""
    known: dict[str, Any] = {"at": events[0].at, "last4": number(events)[-4:]}
    path: list[str] = []
    forms: list[FormKept] = []
    texts: dict[str, TextKept] = {}
    transfers: dict[str, PassedOn] = {}
    answered: datetime | None = None
    for event in events:
        match event:
            case CallStarted(at=at):
                known |= {"channel": "call", "at": at}
            case ContactOpened(channel=channel, at=at, language=language):
                known |= {"channel": channel, "at": at, "language": language}
            case CallJoined(agent_id=agent_id, agent_name=name, at=at) if agent_id:
                known |= {"agent_id": agent_id, "agent_name": name}
                answered = answered or at
            case ContactAssigned(agent_id=agent_id, agent_name=name) if agent_id:
                known |= {"agent_id": agent_id, "agent_name": name}
            case LanguageChanged(language=language):
                known["language"] = language
            case ScreenShown(title=title, screen=screen) if not screen.startswith("@") and title not in path[-1:]:
                path.append(title)
            case FormSent(title=title, values=values):
                forms.append(FormKept(title=title, values=values))
            case MessageSent():
                texts[event.message_id] = TextKept(
                    message_id=event.message_id, state=event.state, by=event.by, entry_id=event.entry_id
                )
            case TransferChanged():
                transfers[event.transfer_id] = PassedOn(name=event.name or event.to, kind=event.kind, state=event.state)
            case CallEnded(at=at, duration_s=duration_s, talk_s=talk_s):
                known |= {"ended": at, "duration_s": duration_s, "talk_s": talk_s}
            case ContactClosed(at=at, wait_s=wait_s):
                known |= {"ended": at, "duration_s": (at - known["at"]).total_seconds(), "wait_s": wait_s}
            case _:
                pass
    if known.get("channel", "call") == "call":
        until = answered or known.get("ended")
        known["wait_s"] = max(0.0, (until - known["at"]).total_seconds()) if until else 0.0
    return known | {
        "path": tuple(path[-MOST:]),
        "forms": tuple(forms[-MOST:]),
        "texts": tuple(texts.values())[-MOST:],
        "transfers": tuple(transfers.values())[-MOST:],
        "cards": cards(events),
    }


def cards(events: Iterable[Event]) -> tuple[CardKept, ...]:
    """The entries that were used, with their titles; the draft knows which, the desk's cards how they are called."""
    titles: dict[str, tuple[str, int]] = {}
    used: tuple[str, ...] = ()
    opened: dict[str, None] = {}
    for event in events:
        if isinstance(event, Suggested):
            titles |= {card.id: (card.title, card.version) for card in event.suggestions}
        elif isinstance(event, CardUsed) and event.deed in ("accepted", "sent", "pinned", "opened"):
            opened[event.entry_id] = None
        elif isinstance(event, RecordDrafted):
            used = event.draft.cards
    return tuple(
        CardKept(entry_id=entry, title=titles.get(entry, (entry, 0))[0], version=titles.get(entry, ("", 0))[1])
        for entry in used or opened
    )
