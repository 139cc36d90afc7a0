"""A written contact as turns of talk, so that what drafts a call drafts it too. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from core.events import Event, MessageSent, TextReceived, TranscriptFinal, renumbered


def as_spoken(events: Sequence[Event]) -> list[Event]:
    """The same line; texts of the person and of our people stand as utterances, once each."""
    found: list[Event] = []
    sent: set[str] = set()
    for event in events:
        spoken: Event = event
        if isinstance(event, TextReceived) and event.text:
            spoken = TranscriptFinal(
                speaker="caller", utterance=f"caller-{event.seq}", start=0, end=0, text=event.text, at=event.at
            )
        elif isinstance(event, MessageSent) and event.by and event.message_id not in sent:
            sent.add(event.message_id)
            spoken = TranscriptFinal(
                speaker="agent", utterance=f"agent-{event.seq}", start=0, end=0, text=event.text, at=event.at
            )
        found.append(renumbered(spoken, call_id=event.call_id, seq=event.seq))
    return found
