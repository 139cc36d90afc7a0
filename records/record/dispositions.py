"""What became of a contact, as far as its events tell. Pure.

A site may take away and add codes (``records.results``); those of ``STANDARD`` are drafted by themselves, all others
are learnt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from core.dispositions import Disposition
from core.events import (
    AlertChanged,
    CallbackBooked,
    CallEnded,
    CallJoined,
    ContactClosed,
    ContactOpened,
    Event,
    FormSent,
    MessageSent,
    TransferChanged,
)
from core.store.contacts import Guess

STANDARD: Final = frozenset(
    {
        "answered",
        "text_sent",
        "transferred",
        "passed_on",
        "callback",
        "visit",
        "self_service",
        "abandoned",
        "cut_off",
        "wrong_number",
        "abuse",
        "no_answer_needed",
    }
)
SHORT_TALK_S: Final = 8.0
"""A talk that ends so soon was cut off or meant for somebody else."""
_UNDELIVERED: Final = ("failed", "withdrawn")


def guessed(events: Sequence[Event], known: Sequence[Disposition]) -> tuple[Guess, ...]:
    """What may have become of it, the surest first; only what the site knows."""
    codes = {each.code for each in known}
    best: dict[str, float] = {}
    for code, sure in _spoken_for(events):
        if code in codes:
            best[code] = max(best.get(code, 0.0), sure)
    return tuple(Guess(code, sure) for code, sure in sorted(best.items(), key=lambda each: -each[1]))


def _spoken_for(events: Sequence[Event]) -> Iterable[tuple[str, float]]:
    joined = [event for event in events if isinstance(event, CallJoined) and event.agent_id]
    written = [event for event in events if isinstance(event, ContactClosed)]
    ended = next((event for event in reversed(events) if isinstance(event, CallEnded)), None)
    if any(isinstance(event, AlertChanged) and "ended" in event.steps for event in events):
        yield "abuse", 0.95
    if any(event.state == "booked" for event in events if isinstance(event, CallbackBooked)):
        yield "callback", 0.9
    if any(event.state == "done" for event in events if isinstance(event, TransferChanged)):
        yield "transferred", 0.85
    if written and written[-1].reason in ("no_answer_needed", "spam", "timed_out"):
        yield "no_answer_needed", 0.8
    if any(isinstance(event, ContactOpened) for event in events) and not written:
        return  # it goes on: nothing has become of it yet
    if not joined and not written:
        used_menu = any(isinstance(event, FormSent) for event in events) or (
            ended is not None and ended.reason == "menu_ended"
        )
        yield ("self_service", 0.8) if used_menu else ("abandoned", 0.8)
        return
    if ended is not None and joined and ended.talk_s < SHORT_TALK_S:
        yield ("wrong_number", 0.5) if ended.reason == "caller_hung_up" else ("cut_off", 0.5)
        yield "cut_off", 0.45
    texts = {event.message_id: event for event in events if isinstance(event, MessageSent) and event.by}
    if any(event.state not in _UNDELIVERED for event in texts.values()):
        yield "text_sent", 0.7
    yield "answered", 0.6
