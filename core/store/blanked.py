"""Events without what must not be kept any longer: without words, without texts, without the person. Pure.

What figures are counted from stays: who did what when, cards, categories, results.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from core.events import (
    AlertChanged,
    CallbackBooked,
    CallStarted,
    ContactOpened,
    Event,
    FormSent,
    KeyPressed,
    MessageSent,
    Party,
    PhotoReceived,
    RecordDrafted,
    SupervisionChanged,
    TextReceived,
    TranscriptFinal,
    ValuesHeard,
)
from core.events import Suggested as SuggestedCards

Blank = Callable[[Event], Event]
WITH_WORDS: Final = (
    *(TranscriptFinal, SuggestedCards, ValuesHeard, RecordDrafted),
    *(AlertChanged, SupervisionChanged, FormSent, KeyPressed),
)
WITH_TEXTS: Final = (TextReceived, MessageSent)
WITH_PERSON: Final = (CallStarted, ContactOpened, MessageSent, CallbackBooked, PhotoReceived)
"""Which events hold any: nobody has to look at the others."""


def without_words(event: Event) -> Event:
    """Without what was said, typed into a form or keyed, and without what was drawn from it."""
    match event:
        case TranscriptFinal():
            return replace(event, text="", words=(), masked=())
        case SuggestedCards():
            return replace(event, suggestions=tuple(replace(card, words=()) for card in event.suggestions))
        case ValuesHeard():
            return replace(event, values=())
        case RecordDrafted():
            return replace(event, draft=replace(event.draft, need="", answer="", values=(), follow_ups=()))
        case AlertChanged():
            return replace(event, words=(), reason="")
        case SupervisionChanged():
            return replace(event, reason="")
        case FormSent():
            return replace(event, values=())
        case KeyPressed():
            return replace(event, digit="")
    return event


def without_texts(event: Event) -> Event:
    """Without what was written in messages."""
    match event:
        case TextReceived():
            return replace(event, text="", photos=())
        case MessageSent():
            return replace(event, text="", to="")
    return event


def without_person(event: Event) -> Event:
    """Without numbers, names and places of the person."""
    match event:
        case CallStarted():
            return replace(event, caller=_nobody(event.caller))
        case ContactOpened():
            return replace(event, party=_nobody(event.party))
        case MessageSent():
            return replace(event, to="")
        case CallbackBooked():
            return replace(event, number="")
        case PhotoReceived():
            return replace(event, latitude=None, longitude=None)
    return event


def _nobody(party: Party) -> Party:
    return Party(anonymous=party.anonymous)
