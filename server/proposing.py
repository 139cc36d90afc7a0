"""Synonyms that use has shown, proposed to the editors: words of callers that go with entries which lack them.

Looked for once a day, over the newest calls that the store has; nothing is in force before an editor says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from agent_assist.assistant import Assistant, Heard
from agent_assist.korean import analyser
from agent_assist.learning.history import uses
from agent_assist.learning.proposals import EntryTerms, Use, entry_terms, proposals
from core.events import Event
from core.store.contract import Store

CALLS: Final = 2_000
"""The newest calls that are looked at."""
_PAGE: Final = 200


async def propose(store: Store, assistant: Assistant, at: datetime) -> int:
    """Put what is new among the proposals; how many there are."""
    looked = _Looking(assistant)
    found: list[Use] = []
    before: datetime | None = None
    for _ in range(CALLS // _PAGE):
        calls = await store.calls(limit=_PAGE, before=before)
        for call in calls:
            events = await store.events(call.call_id)
            found += await asyncio.to_thread(looked.at_call, call.call_id, events)
        if len(calls) < _PAGE:
            break
        before = calls[-1].started
    known = await store.knowledge.synonyms()
    proposed = proposals(found, known, at)
    there = {synonym.lay: synonym for synonym in known}
    for synonym in proposed:
        old = there.get(synonym.lay)
        if old is None or (old.office, old.seen) != (synonym.office, synonym.seen):
            await store.knowledge.put_synonym(synonym)
    return len(proposed)


class _Looking:
    """Terms of entries are looked up once each."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._entries: dict[str, EntryTerms | None] = {}

    def at_call(self, call_id: str, events: Sequence[Event]) -> tuple[Use, ...]:
        """What was used in one call."""
        return uses(call_id, events, self._terms, self._entry)

    def _terms(self, text: str) -> Sequence[str]:
        heard = Heard("caller", text)
        self._assistant.answer(heard, ())
        return heard.terms

    def _entry(self, entry_id: str) -> EntryTerms | None:
        if entry_id not in self._entries:
            entry = self._assistant.entry(entry_id)
            self._entries[entry_id] = entry_terms(entry, analyser()) if entry is not None else None
        return self._entries[entry_id]
