"""Writing the consultation database: every save is a new version, nobody's words are lost.

    editing = Editing(store.knowledge)
    opened = await editing.open("17", who)
    result = await editing.save("17", content, who, based_on=opened.version.version)
    # Saved, or a Merge to look at: somebody else was faster. Save again, based on ``merge.newest.version``.

Who may do what, and what follows what, stands in ``rights``; what may be written in ``validation``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from agent_assist.knowledge.content import Content, as_version, content_of
from agent_assist.knowledge.differences import FieldChange, changes
from agent_assist.knowledge.merging import Conflict, merge
from agent_assist.knowledge.rights import (
    Step,
    Writer,
    is_allowed,
    is_own_draft,
    next_state,
    publishes,
    steps,
)
from agent_assist.knowledge.validation import checked, clean_note
from core.errors import Refused
from core.events import now
from core.faulty import Fault, Faulty
from core.log import get_logger
from core.personal import without_personal_number
from core.store.entry import Entry
from core.store.ids import new_id
from core.store.knowledge import EditedMeanwhile, EntryState, EntryVersion, KnowledgeStore
from core.store.resolving import Shelf

log = get_logger("agent_assist.knowledge")

_WHY_LIMIT = 500


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """An entry on an editor's desk."""

    version: EntryVersion
    """The newest."""
    content: Content
    published: int
    """The version that agents read, 0 = none."""
    steps: tuple[Step, ...]
    """What she may do with it now."""


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """It is saved."""

    version: EntryVersion
    """The newest now."""
    changed: bool = True
    """False: nothing was different, no version was added."""


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing is saved yet: somebody else has saved since she opened it. To be looked at, and saved again."""

    newest: EntryVersion
    """What the other one saved: who, when and why. The next save is based on it."""
    base: int
    """The version that both began with."""
    mine: Content
    """What she wrote, in one form."""
    merged: Content
    """Both changes; see ``merging.Merged``."""
    conflicts: tuple[Conflict, ...] = ()
    """What both changed differently."""
    taken: tuple[str, ...] = ()
    """Fields that hold something of the other one's now."""


class Editing:
    """The consultation database for those who write it."""

    def __init__(self, store: KnowledgeStore, clock: Callable[[], datetime] = now, *, own_review: bool = False) -> None:
        """``own_review``: editors may review what they wrote themselves, for a house that has one editor."""
        self._store = store
        self._clock = clock
        self._own_review = own_review

    async def open(self, entry_id: str, who: Writer) -> Opened:
        """The newest version and what she may do with it. ``Refused`` ('no_entry')."""
        history = await self._history(entry_id)
        newest, published = history[0], published_of(history)
        shelf = await self._shelf()
        department_id = shelf.department_of(newest).id
        possible = steps(newest, published, department_id, who, shelf, own_review=self._own_review)
        return Opened(version=newest, content=content_of(newest), published=published, steps=possible)

    async def create(self, content: Content, who: Writer, *, why: str = "") -> EntryVersion:
        """A new entry, as a draft. ``Faulty``; ``Refused`` ('not_allowed')."""
        shelf = await self._shelf()
        content = checked(content, shelf)
        version = self._version(content, new_id(), 1, "draft", who, why)
        _require("save", who, shelf.department_of(version).id, shelf)
        await self._add(version, 0)
        return version

    async def save(
        self, entry_id: str, content: Content, who: Writer, *, based_on: int, why: str = ""
    ) -> Saved | Merge:
        """A new draft on top of version ``based_on``, or what to look at first when there is a newer one by now.

        ``Faulty``; ``Refused`` ('no_entry', 'no_such_version', 'not_allowed', 'no_such_step').
        """
        history = await self._history(entry_id)
        newest, base = history[0], _numbered(history, based_on)
        shelf = await self._shelf()
        _require("save", who, shelf.department_of(newest).id, shelf)
        state = next_state(newest, "save", published_of(history))
        content = checked(content, shelf, before=content_of(base))
        theirs = content_of(newest)
        if content == theirs:
            return Saved(version=newest, changed=False)
        if theirs != content_of(base):
            return await self._merge(content_of(base), newest, content, based_on)
        version = self._version(content, entry_id, newest.version + 1, state, who, why)
        try:
            await self._add(version, newest.version)
        except EditedMeanwhile:  # between our look and our save: look again
            return await self.save(entry_id, content, who, based_on=based_on, why=why)
        return Saved(version=version)

    async def review(self, entry_id: str, who: Writer, *, based_on: int, why: str = "") -> EntryVersion:
        """The draft was read and found right. ``Refused`` ('own_draft') when she wrote it herself."""
        return await self._step("review", entry_id, who, based_on, why)

    async def send_back(self, entry_id: str, who: Writer, *, based_on: int, why: str) -> EntryVersion:
        """What was reviewed is a draft again. ``Faulty`` without a reason."""
        return await self._step("send_back", entry_id, who, based_on, clean_note(why, _WHY_LIMIT))

    async def publish(self, entry_id: str, who: Writer, *, based_on: int, why: str = "") -> EntryVersion:
        """Agents read it from now on."""
        return await self._step("publish", entry_id, who, based_on, why)

    async def withdraw(self, entry_id: str, who: Writer, *, based_on: int, why: str = "") -> EntryVersion:
        """Agents read it no longer; editors go on with it."""
        return await self._step("withdraw", entry_id, who, based_on, why)

    async def delete(self, entry_id: str, who: Writer, *, based_on: int, why: str = "") -> EntryVersion:
        """It leaves the lists; its history stays, and ``restore`` brings it back."""
        return await self._step("delete", entry_id, who, based_on, why)

    async def restore(self, entry_id: str, number: int, who: Writer, *, based_on: int) -> EntryVersion:
        """Version ``number`` again, as a new one; read by agents at once where it had been published and she may
        publish, else a draft. What it names and is no longer there is left empty."""
        history = await self._history(entry_id)
        newest, old = history[0], _numbered(history, number)
        shelf = await self._shelf()
        department_id = shelf.department_of(newest).id
        _require("restore", who, department_id, shelf)
        _require_newest(newest, based_on)
        state = next_state(newest, "restore", published_of(history))
        version = self._version(
            _without_missing(content_of(old), shelf),
            entry_id,
            newest.version + 1,
            state,
            who,
            f"{number}판에서 되돌림 / restored from version {number}",
        )
        if publishes(old, who, department_id, shelf) and publishes(old, who, shelf.department_of(version).id, shelf):
            version = msgspec.structs.replace(version, state="published")
        await self._add(version, newest.version)
        return version

    async def diff(self, entry_id: str, a: int, b: int) -> tuple[FieldChange, ...]:
        """What changed from version ``a`` to version ``b``. ``Refused`` ('no_entry', 'no_such_version')."""
        before, after = await self._store.version(entry_id, a), await self._store.version(entry_id, b)
        if before is None or after is None:
            raise _no_such_version()
        return await asyncio.to_thread(changes, content_of(before), content_of(after), await self._shelf())

    async def preview(self, content: Content, *, entry_id: str = "") -> Entry:
        """As agents would read it today. ``Faulty``."""
        shelf = await self._shelf()
        at = self._clock()
        content = checked(content, shelf, before=content)
        version = as_version(content, entry_id=entry_id, version=0, state="draft", by="", why="", at=at)
        return shelf.entry(version, at.astimezone().date())

    async def _step(self, step: Step, entry_id: str, who: Writer, based_on: int, why: str) -> EntryVersion:
        history = await self._history(entry_id)
        newest = history[0]
        shelf = await self._shelf()
        _require(step, who, shelf.department_of(newest).id, shelf)
        _require_newest(newest, based_on)
        state = next_state(newest, step, published_of(history))
        content = content_of(newest)
        if step == "review" and is_own_draft(newest, who, own_review=self._own_review):
            raise Refused(
                "자신이 쓴 초안은 다른 사람이 검토해야 합니다. / Somebody else has to review your own draft.",
                code="own_draft",
            )
        if step == "publish":
            content = checked(content, shelf, before=content)
            content = msgspec.structs.replace(content, updated=self._clock().astimezone().date())
        version = self._version(content, entry_id, newest.version + 1, state, who, why)
        await self._add(version, newest.version)
        return version

    async def _merge(self, base: Content, newest: EntryVersion, mine: Content, based_on: int) -> Merge:
        # Comparing long texts takes its time: not on the event loop.
        merged = await asyncio.to_thread(merge, base, content_of(newest), mine)
        return Merge(
            newest=newest,
            base=based_on,
            mine=mine,
            merged=merged.content,
            conflicts=merged.conflicts,
            taken=merged.taken,
        )

    def _version(
        self, content: Content, entry_id: str, number: int, state: EntryState, who: Writer, why: str
    ) -> EntryVersion:
        why = without_personal_number(clean_note(why, _WHY_LIMIT)) if why.strip() else ""
        return as_version(content, entry_id=entry_id, version=number, state=state, by=who.id, why=why, at=self._clock())

    async def _add(self, version: EntryVersion, based_on: int) -> None:
        await self._store.add_version(version, based_on=based_on)
        log.info(
            "knowledge.version", entry=version.entry_id, version=version.version, state=version.state, agent=version.by
        )

    async def _history(self, entry_id: str) -> list[EntryVersion]:
        history = await self._store.versions(entry_id)
        if not history:
            raise Refused("없는 항목입니다. / There is no such entry.", code="no_entry")
        return history

    async def _shelf(self) -> Shelf:
        store = self._store
        return Shelf(await store.departments(), await store.people(), await store.categories())


def published_of(history: Sequence[EntryVersion]) -> int:
    """The version that agents read, of all of an entry's versions (newest first); 0 = none."""
    for version in history:
        if version.state == "published":
            return version.version
        if version.state in ("withdrawn", "deleted"):
            return 0
    return 0


def _numbered(history: Sequence[EntryVersion], number: int) -> EntryVersion:
    for version in history:
        if version.version == number:
            return version
    raise _no_such_version()


def _no_such_version() -> Refused:
    return Refused("없는 판입니다. / There is no such version.", code="no_such_version")


def _require(step: Step, who: Writer, department_id: str, shelf: Shelf) -> None:
    if not is_allowed(step, who, department_id, shelf):
        raise Refused("이 작업을 할 권한이 없습니다. / You may not do this.", code="not_allowed")


def _require_newest(newest: EntryVersion, based_on: int) -> None:
    if newest.version != based_on:
        raise EditedMeanwhile(
            f"그 사이 {newest.version}판이 저장되었습니다. 다시 열어 보세요. "
            f"/ Version {newest.version} was saved meanwhile: open it again.",
            newest.version,
        )


def _without_missing(content: Content, shelf: Shelf) -> Content:
    known = {
        "category_id": shelf.categories.keys(),
        "department_id": shelf.departments.keys(),
        "person_id": shelf.people.keys(),
        "deputy_id": shelf.people.keys(),
    }
    missing = {name: "" for name, ids in known.items() if getattr(content, name) not in ids}
    return msgspec.structs.replace(content, **missing)


__all__ = [
    "Conflict",
    "Content",
    "Editing",
    "Fault",
    "Faulty",
    "FieldChange",
    "Merge",
    "Opened",
    "Saved",
    "Step",
    "Writer",
]
