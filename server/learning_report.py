"""Does learning help here? What earlier calls teach, measured on later ones (``agent_assist.learning.ab_report``).

Both rankings come from the assistant at work, with its database as it is; only what use taught differs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from agent_assist.assistant import Assistant, Heard
from agent_assist.learning.ab_report import AbReport, Past, Ranker, compared, split
from agent_assist.learning.history import past
from agent_assist.learning.lessons import Lessons
from core.personal import without_contacts
from core.store.contract import Store

CALLS: Final = 200
"""The newest calls that are looked at."""
_one: Final = asyncio.Lock()
"""It takes seconds of a core: one at a time."""


async def learning_report(store: Store, assistant: Assistant) -> AbReport:
    """The comparison, over calls that the store still has."""
    found: list[Past] = []
    for call in await store.calls(limit=CALLS):
        events = await store.events(call.call_id)
        found += past(call.call_id, events, without_contacts, lambda entry_id: _category(assistant, entry_id))
    async with _one:
        return await asyncio.to_thread(_measured, found, assistant)


def _measured(found: Sequence[Past], assistant: Assistant) -> AbReport:
    earlier, later = split(found)
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
