"""What past calls tell about learning, from their stored events: questions with the card that was used. Pure.

For the report of hits before and after (:mod:`agent_assist.learning.ab_report`) and for proposed synonyms
(:mod:`agent_assist.learning.proposals`). A card that the agent found herself belongs to the caller's last words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from agent_assist.learning.ab_report import Past
from agent_assist.learning.deeds import AFTER, Verdict
from agent_assist.learning.proposals import EntryTerms, Use
from core.events import CardUsed, Event, Suggested, TranscriptFinal, standing

IDLE_LIMIT: Final = 5
"""Questions of a call in which no card was used that are looked at, the longest ones."""
_TAKEN: Final[frozenset[Verdict]] = frozenset({"used", "pinned"})


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one card in one call."""

    entry_id: str
    verdict: Verdict
    question: TranscriptFinal
    """The caller's words to which it belongs."""
    agent_id: str
    shown: tuple[str, ...]
    """Entries on the desk after these words."""


def outcomes(events: Sequence[Event]) -> tuple[Outcome, ...]:
    """The cards of a call with which something was done, in the order of the first deed."""
    said: dict[str, TranscriptFinal] = {}
    shown: dict[str, tuple[str, ...]] = {}
    on_desk: tuple[str, ...] = ()
    last: TranscriptFinal | None = None
    found: dict[str, Outcome] = {}
    for event in standing(events):
        if isinstance(event, TranscriptFinal) and event.speaker == "caller":
            said[event.utterance] = last = event
            shown.setdefault(event.utterance, on_desk)
        elif isinstance(event, Suggested):
            on_desk = tuple(card.id for card in event.suggestions)
            shown[event.utterance] = on_desk
        elif isinstance(event, CardUsed):
            before = found.get(event.entry_id)
            question = before.question if before else said.get(event.utterance, last)
            if question is None:
                continue
            found[event.entry_id] = Outcome(
                entry_id=event.entry_id,
                verdict=AFTER[before.verdict if before else "none", event.deed],
                question=question,
                agent_id=event.agent_id,
                shown=shown.get(question.utterance, ()),
            )
    return tuple(found.values())


def past(
    call_id: str, events: Sequence[Event], mask: Callable[[str], str], category_of: Callable[[str], str]
) -> tuple[Past, ...]:
    """The questions of a call for the report. ``mask`` takes personal numbers, telephones and addresses out."""
    taken = [outcome for outcome in outcomes(events) if outcome.verdict in _TAKEN]
    if taken:
        return tuple(
            Past(
                call_id=call_id,
                at=outcome.question.at,
                text=mask(outcome.question.text),
                shown=outcome.shown,
                accepted=outcome.entry_id,
                category=category_of(outcome.entry_id),
            )
            for outcome in taken
        )
    idle = [event for event in standing(events) if isinstance(event, TranscriptFinal) and event.speaker == "caller"]
    longest = sorted(idle, key=lambda event: -len(event.text))[:IDLE_LIMIT]
    return tuple(Past(call_id=call_id, at=event.at, text=mask(event.text)) for event in longest)


def uses(
    call_id: str,
    events: Sequence[Event],
    terms_of: Callable[[str], Sequence[str]],
    entry_of: Callable[[str], EntryTerms | None],
) -> tuple[Use, ...]:
    """The cards of a call that were used or put away, with the terms of the words that they belong to."""
    found = []
    for outcome in outcomes(events):
        entry = entry_of(outcome.entry_id)
        if entry is not None and (outcome.verdict in _TAKEN or outcome.verdict == "refused"):
            found.append(
                Use(
                    call_id=call_id,
                    agent_id=outcome.agent_id,
                    said=tuple(terms_of(outcome.question.text)),
                    entry=entry,
                    accepted=outcome.verdict in _TAKEN,
                )
            )
    return tuple(found)
