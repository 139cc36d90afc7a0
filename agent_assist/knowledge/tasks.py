"""What owners have to do about their entries: corrections that agents ask for, reviews, expiries, people who left.

Tasks that come by themselves have an id made of what they are about, so that looking twice opens them once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from agent_assist.knowledge.lists import all_heads
from agent_assist.knowledge.rights import Writer, owns
from agent_assist.knowledge.validation import clean_note
from core.errors import Refused
from core.events import now
from core.log import get_logger
from core.personal import without_personal_number
from core.store.ids import new_id
from core.store.knowledge import EntryHead, KnowledgeStore, Person, Task, TaskState
from core.store.resolving import Shelf

log = get_logger("agent_assist.knowledge")

_CLOSES: Final[Mapping[tuple[TaskState, Literal["done", "refuse"]], TaskState]] = MappingProxyType(
    {("open", "done"): "done", ("open", "refuse"): "refused"}
)
"""State, what the owner decided -> state. What is missing here is refused."""


def due(heads: Iterable[EntryHead], today: date, *, at: datetime, days: int = 14) -> tuple[Task, ...]:
    """A task for every published entry whose review is due, or that expires within ``days`` or has expired. One for
    each date: an entry that gets a new date gets a new task when that comes."""
    tasks = []
    for head in heads:
        if not head.published:
            continue
        if head.review_by and head.review_by <= today:
            tasks.append(_task("review", head, head.review_by.isoformat(), at))
        if head.expires and head.expires <= today + timedelta(days=days):
            tasks.append(_task("expiry", head, head.expires.isoformat(), at))
    return tuple(tasks)


def gone(heads: Iterable[EntryHead], people: Mapping[str, Person], *, at: datetime) -> tuple[Task, ...]:
    """A task for every published entry whose person in charge has left."""
    left = {person.id for person in people.values() if person.left}
    return tuple(
        _task("owner_gone", head, head.person_id, at) for head in heads if head.published and head.person_id in left
    )


class Tasks:
    """The tasks, for those who open and those who close them."""

    def __init__(self, store: KnowledgeStore, clock: Callable[[], datetime] = now) -> None:
        self._store = store
        self._clock = clock

    async def report(self, entry_id: str, note: str, by: str, *, version: int = 0, call_id: str = "") -> Task:
        """'This is wrong': a task for the owner of the entry's department. Personal numbers in the
        note are masked; telephones stay, often they are what is wrong.
        ``Faulty`` without a note; ``Refused`` ('no_entry')."""
        note = without_personal_number(clean_note(note))
        newest = await self._store.version(entry_id)
        if newest is None or newest.state == "deleted":
            raise Refused("없는 항목입니다. / There is no such entry.", code="no_entry")
        task = Task(
            task_id=new_id(),
            kind="correction",
            entry_id=entry_id,
            version=version,
            department_id=(await self._shelf()).department_of(newest).id,
            note=note,
            call_id=call_id,
            by=by,
            at=self._clock(),
        )
        await self._store.put_task(task)
        log.info("knowledge.task", task=task.task_id, kind=task.kind, entry=entry_id, agent=by)
        return task

    async def mine(
        self, who: Writer, *, state: TaskState | None = "open", limit: int = 100, before: datetime | None = None
    ) -> list[Task]:
        """Newest first: all for editors, supervisors and administrators; an owner's own department's; nobody else's."""
        if who.may("editor", "supervisor", "admin"):
            return await self._store.tasks(state=state, limit=limit, before=before)
        shelf = await self._shelf()
        for department_id in shelf.departments:
            if owns(who, department_id, shelf):
                return await self._store.tasks(state=state, department_id=department_id, limit=limit, before=before)
        return []

    async def done(self, task_id: str, who: Writer, answer: str) -> Task:
        """It was mended; ``answer`` says how. ``Refused`` ('no_task', 'not_allowed', 'task_closed'), ``Faulty``."""
        return await self._close(task_id, "done", who, answer)

    async def refuse(self, task_id: str, who: Writer, answer: str) -> Task:
        """There is nothing to mend; ``answer`` says why. Raises as ``done`` does."""
        return await self._close(task_id, "refuse", who, answer)

    async def look(self, today: date, *, days: int = 14) -> int:
        """Open what is due on that day and not yet open or closed; how many are new. To be called once a day."""
        at = self._clock()
        heads = await all_heads(self._store)
        people = {person.id: person for person in await self._store.people()}
        wanted = (*due(heads, today, at=at, days=days), *gone(heads, people, at=at))
        fresh = await self._store.add_tasks(wanted)
        if fresh:
            log.info("knowledge.tasks_due", tasks=fresh)
        return fresh

    async def _close(self, task_id: str, step: Literal["done", "refuse"], who: Writer, answer: str) -> Task:
        task = await self._find(task_id)
        if not (who.may("editor", "admin") or owns(who, task.department_id, await self._shelf())):
            raise Refused("이 작업을 할 권한이 없습니다. / You may not do this.", code="not_allowed")
        state = _CLOSES.get((task.state, step))
        if state is None:
            raise Refused("이미 처리된 일입니다. / It has been dealt with already.", code="task_closed")
        closed = msgspec.structs.replace(
            task, state=state, answer=without_personal_number(clean_note(answer)), done_by=who.id, done_at=self._clock()
        )
        await self._store.put_task(closed)
        log.info("knowledge.task_closed", task=task_id, state=state, agent=who.id)
        return closed

    async def _find(self, task_id: str) -> Task:
        task = await self._store.task(task_id)
        if task is None:
            raise Refused("없는 일입니다. / There is no such task.", code="no_task")
        return task

    async def _shelf(self) -> Shelf:
        store = self._store
        return Shelf(await store.departments(), await store.people(), await store.categories())


def _task(kind: Literal["review", "expiry", "owner_gone"], head: EntryHead, about: str, at: datetime) -> Task:
    return Task(
        task_id=f"{kind}-{head.entry_id}-{about}",
        kind=kind,
        entry_id=head.entry_id,
        version=head.published,
        department_id=head.department_id,
        at=at,
    )
