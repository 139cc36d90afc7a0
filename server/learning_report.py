"""Does learning help here? What earlier calls teach, measured on later ones (``agent_assist.learning.ab_report``).

Both rankings come from the assistant at work, with its database as it is; only what use taught differs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from agent_assist.assistant import Assistant, Heard
from agent_assist.learning.ab_report import AbReport, Past, Ranker, compared, split
from agent_assist.learning.lessons import Lessons
from core.events import CardUsed, Event, Suggested, TranscriptFinal
from core.store.contract import Store

CALLS: Final = 200
"""The newest calls that are looked at."""
_TOOK: Final = frozenset({"accepted", "pinned", "sent"})

_one: Final = asyncio.Lock()
"""It takes seconds of a core: one at a time."""


async def learning_report(store: Store, assistant: Assistant) -> AbReport:
    """The comparison, over calls that the store still has."""
    past: list[Past] = []
    for call in await store.calls(limit=CALLS):
        past += questions(await store.events(call.call_id), lambda entry_id: _category(assistant, entry_id))
    async with _one:
        return await asyncio.to_thread(_measured, past, assistant)


def questions(events: Sequence[Event], category: Callable[[str], str]) -> list[Past]:
    """The caller's utterances of one call, with what was shown and taken on each."""
    shown: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for event in events:
        if isinstance(event, Suggested):
            shown[event.utterance] = tuple(card.id for card in event.suggestions)
        elif isinstance(event, CardUsed) and event.deed in _TOOK and event.utterance:
            taken[event.utterance] = event.entry_id
    return [
        Past(
            call_id=event.call_id,
            at=event.at,
            text=event.text,
            shown=shown.get(event.utterance, ()),
            accepted=taken.get(event.utterance, ""),
            category=category(taken[event.utterance]) if event.utterance in taken else "",
        )
        for event in events
        if isinstance(event, TranscriptFinal) and event.speaker == "caller"
    ]


def _measured(past: Sequence[Past], assistant: Assistant) -> AbReport:
    earlier, later = split(past)
    lessons = Lessons()
    for question in earlier:
        if question.accepted:
            heard = Heard("caller", question.text)
            assistant.answer(heard, ())
            lessons.used(question.accepted, "accepted", heard.terms, question.at, call_id=question.call_id)
    return compared(later, _ranker(assistant.taught_by(None)), _ranker(assistant.taught_by(lessons)))


def _ranker(assistant: Assistant) -> Ranker:
    return lambda text: [card.id for card in assistant.suggest(text)]


def _category(assistant: Assistant, entry_id: str) -> str:
    entry = assistant.entry(entry_id)
    return entry.category if entry else ""
