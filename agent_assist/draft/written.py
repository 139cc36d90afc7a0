"""What was written, as if it had been spoken: cards and drafts then come of it as they do in calls. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.events import Event, MessageSent, Speaker, TextReceived, TranscriptFinal


def spoken(*, speaker: Speaker, utterance: str, text: str, at: datetime, began: datetime) -> TranscriptFinal:
    """One message as an utterance; ``began``: when the contact did."""
    second = max(0.0, (at - began).total_seconds())
    return TranscriptFinal(
        at=at, speaker=speaker, utterance=utterance, start=second, end=second, text=text, typed=True, confidence=1.0
    )


def as_spoken(events: Iterable[Event]) -> list[Event]:
    """The events of a written contact with its messages as utterances, in order. What a machine or a rule sent is
    nobody's answer, and each answer counts once, however often its delivery was told."""
    found: list[Event] = []
    told: set[str] = set()
    began: datetime | None = None
    for event in events:
        began = began or event.at
        if isinstance(event, TextReceived):
            if event.text:
                found.append(
                    spoken(speaker="caller", utterance=event.text_id, text=event.text, at=event.at, began=began)
                )
        elif isinstance(event, MessageSent):
            by_person = event.by and not event.by.startswith("rule:")
            if by_person and event.state == "queued" and event.message_id not in told:
                told.add(event.message_id)
                found.append(
                    spoken(speaker="agent", utterance=event.message_id, text=event.text, at=event.at, began=began)
                )
        else:
            found.append(event)
    return found
