"""The whole record of one contact, as it would be if nobody looked at it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from core.dispositions import Disposition
from core.events import Event, RecordDraft, RecordDrafted, TextReceived, TranscriptFinal, standing
from core.store.contacts import ContactRecord, Guess, Wording
from records.learning.lessons import Lessons, features
from records.record.course import course
from records.record.dispositions import guessed

SHOWN: Final = 4
"""Guesses of a field that are kept: the drafted one, and three a key away."""


def assembled(
    events: Sequence[Event],
    *,
    person: str,
    known: Sequence[Disposition],
    lessons: Lessons,
    words: Callable[[str], Sequence[str]],
    district: Callable[[str], str],
) -> ContactRecord:
    """The draft. ``events``: the contact's line from its beginning, at least one. ``person``: its person key.
    ``words``: what a text is about; ``district``: the part of the city that it names."""
    line = standing(events)
    draft = drafted(line)
    said = told(line)
    record = ContactRecord(contact_id=events[0].call_id, person=person, **course(line))
    seen = features(words(said), [card.entry_id for card in record.cards])
    categories = [Guess(draft.category, draft.sure)] if draft.category else []
    categories += [Guess(*other) for other in draft.others]
    departments = [Guess(draft.department, draft.sure or 0.5)] if draft.department else []
    guesses = {
        "categories": lessons.guess("category", categories, seen),
        "departments": lessons.guess("department", departments, seen),
        "results": lessons.guess("result", guessed(line, known), seen),
    }
    best = {name: found[0].value if found else "" for name, found in guesses.items()}
    named = {name: tuple(guess for guess in found if guess.value)[:SHOWN] for name, found in guesses.items()}
    places = " ".join(value.value for form in record.forms for value in form.values)
    written = Wording(
        category=best["categories"],
        department=best["departments"],
        result=best["results"],
        district=district(f"{said} {places}"),
        need=draft.need,
        answer=draft.answer,
    )
    return msgspec.structs.replace(
        record,
        **named,
        written=written,
        values=draft.values,
        promises=draft.follow_ups,
        state="draft" if record.agent_id else "alone",
    )


def drafted(events: Sequence[Event]) -> RecordDraft:
    """The newest draft of words and cards; an empty one where nobody talked."""
    found = RecordDraft()
    for event in events:
        if isinstance(event, RecordDrafted):
            found = event.draft
    return found


def told(events: Sequence[Event]) -> str:
    """What the person said, keyed and wrote: what the contact is about."""
    spoken = [event.text for event in events if isinstance(event, TranscriptFinal) and event.speaker == "caller"]
    return " ".join([*spoken, *(event.text for event in events if isinstance(event, TextReceived))])
