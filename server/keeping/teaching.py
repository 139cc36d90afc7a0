"""What people confirm teaches the next draft, at once and on every node.

Each version of a record stands for one lesson, if somebody confirmed it; a newer version takes the lesson of the one
before back. So a correction counts once, an undone confirmation not at all, and what nobody has looked at teaches
nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, get_args

from core.events import Event
from core.store.contacts import ContactRecord, ContactsStore, LessonKind, RecordLesson, RecordVersion
from records.learning.lessons import Lessons, features, lessons_of
from records.record.assembled import told

KINDS: Final[tuple[LessonKind, ...]] = get_args(LessonKind)


class Teaching:
    """One for the node; ``lessons`` is what drafts ask."""

    def __init__(self, store: ContactsStore, words: Callable[[str], Sequence[str]], *, learns: bool = True) -> None:
        """``words``: what a text is about. ``learns``: whether anything is learnt at all (``records.learn``)."""
        self.lessons = Lessons()
        self._store = store
        self._words = words
        self._learns = learns
        self._revision = -1
        self._one_at_a_time = asyncio.Lock()
        """Whoever reads must not find a lesson that is then added once more."""

    async def refresh(self) -> None:
        """Read what other nodes have learnt or forgotten, if anything."""
        async with self._one_at_a_time:
            await self._read()

    async def kept(self, record: ContactRecord, events: Sequence[Event]) -> None:
        """A version of that record was kept."""
        if not self._learns:
            return
        versions = await self._store.versions(record.contact_id)
        newest, *older = (each for each in versions if each.version <= record.version)
        seen = features(self._words(told(events)), [card.entry_id for card in record.cards])
        taught = _taught(newest, record, seen, 1)
        if older:
            taught += _taught(older[0], record, seen, -1)
        if taught:
            async with self._one_at_a_time:
                revision = await self._store.add_lessons(taught)
                # Ours alone, and nothing is taken back, of which the store may have less than we: no need to read all.
                if revision == self._revision + 1 and all(lesson.times > 0 for lesson in taught):
                    self.lessons.add(taught)
                    self._revision = revision
                else:
                    await self._read()

    async def forget(self, kind: LessonKind | None, label: str) -> int:
        """Somebody wants it forgotten; how many counts there were."""
        gone = await self._store.drop_lessons(kind, label)
        await self.refresh()
        return gone

    async def _read(self) -> None:
        if self._learns and (revision := await self._store.lessons_revision()) != self._revision:
            self.lessons.replace(await self._store.lessons())
            self._revision = revision


def _taught(version: RecordVersion, record: ContactRecord, seen: Sequence[str], times: int) -> list[RecordLesson]:
    if version.state != "confirmed":
        return []
    drafted = {"category": record.categories, "department": record.departments, "result": record.results}
    return [
        lesson
        for kind in KINDS
        for lesson in lessons_of(kind, getattr(version.written, kind), drafted[kind], seen, times)
    ]
