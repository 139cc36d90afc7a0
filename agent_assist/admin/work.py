"""What waits for owners and editors: corrections, what is due, what is used, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final

import msgspec
from aiohttp import web

from agent_assist.admin.house import AdminHouse
from agent_assist.desk_json import before
from agent_assist.gaps.clusters import Cluster
from agent_assist.knowledge.lists import Used, all_heads, expiring, most_used, never_used, overdue
from core.agent import Agent
from core.log import get_logger
from core.store.knowledge import EntryHead, GapState, Task
from core.web.door import MOST, Missing, number, one_of, sent

log = get_logger("agent_assist.admin")

TASK_STATES: Final = ("open", "done", "refused")
GAP_STATES: Final = ("open", "covered", "ignored")
SHOWN: Final = 100
"""Lines of a list; the number of all stands beside it."""


class TasksPage(msgspec.Struct, frozen=True, kw_only=True):
    """Tasks, newest first, with the titles of their entries."""

    tasks: list[Task]
    """Newest first."""
    titles: dict[str, str]
    """Entry -> its title."""
    more: bool
    """There are more after these."""


class TaskAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was done about it, or why nothing is."""

    answer: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    """In words."""


class DueLists(msgspec.Struct, frozen=True, kw_only=True):
    """What is late and what will be."""

    overdue: Sequence[EntryHead]
    """The longest overdue first."""
    overdue_count: int
    """Of all, with those that are not listed."""
    expiring: Sequence[EntryHead]
    """The soonest first."""
    expiring_count: int
    """Of all, with those that are not listed."""


class UsageLists(msgspec.Struct, frozen=True, kw_only=True):
    """What is used and what never."""

    most: Sequence[Used]
    """The most used first."""
    never: Sequence[EntryHead]
    """In their order."""
    never_count: int
    """Of all, with those that are not listed."""


class GapsPage(msgspec.Struct, frozen=True, kw_only=True):
    """What callers asked for without finding a card, in groups, the largest first."""

    clusters: Sequence[Cluster]
    """The largest first."""
    count: int
    """Utterances in all."""
    covered: dict[str, str]
    """Gap -> the entry that covers it now."""


class GapsSettled(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group is dealt with, or open again."""

    gap_ids: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=2000)]
    """All of the group."""
    state: GapState
    """How far it is."""
    entry_id: str = ""
    """The entry that covers it; needed for 'covered'."""


class WorkAnswers:
    """The addresses of tasks, lists and gaps."""

    def __init__(self, house: AdminHouse) -> None:
        self._house = house

    async def tasks(self, request: web.Request, agent: Agent) -> TasksPage:
        state = one_of(request, "state", TASK_STATES) or "open"
        limit = number(request, "limit", 50, least=1, most=MOST)
        found = await self._house.tasks.mine(agent, state=state, limit=limit + 1, before=before(request))  # type: ignore[arg-type]
        titles: dict[str, str] = {}
        for task in found[:limit]:
            if task.entry_id not in titles:
                newest = await self._house.knowledge.version(task.entry_id)
                titles[task.entry_id] = newest.title if newest else ""
        return TasksPage(tasks=found[:limit], titles=titles, more=len(found) > limit)

    async def done(self, request: web.Request, agent: Agent) -> Task:
        given = await sent(request, TaskAnswer)
        task = await self._house.tasks.done(request.match_info["task_id"], agent, given.answer)
        log.info("admin.task_done", agent=agent.id, task=task.task_id)
        return task

    async def refuse(self, request: web.Request, agent: Agent) -> Task:
        given = await sent(request, TaskAnswer)
        task = await self._house.tasks.refuse(request.match_info["task_id"], agent, given.answer)
        log.info("admin.task_refused", agent=agent.id, task=task.task_id)
        return task

    async def due(self, request: web.Request, agent: Agent) -> DueLists:
        days = number(request, "days", 30, least=1, most=366)
        heads = await self._own_heads(agent)
        today = self._house.today()
        late, soon = overdue(heads, today), expiring(heads, today, days)
        return DueLists(overdue=late[:SHOWN], overdue_count=len(late), expiring=soon[:SHOWN], expiring_count=len(soon))

    async def usage(self, request: web.Request, agent: Agent) -> UsageLists:
        days = number(request, "days", 90, least=1, most=3660)
        heads = await self._own_heads(agent)
        usage = await self._house.knowledge.usage(since=self._house.today() - timedelta(days=days))
        never = never_used(heads, usage)
        return UsageLists(most=most_used(heads, usage, SHOWN), never=never[:SHOWN], never_count=len(never))

    async def gaps(self, request: web.Request, _agent: Agent) -> GapsPage:
        state: GapState = one_of(request, "state", GAP_STATES) or "open"  # type: ignore[assignment]
        clusters = await self._house.clusters(state)
        covered = await self._house.knowledge.gaps(state="covered") if state == "covered" else []
        return GapsPage(
            clusters=clusters[:SHOWN],
            count=sum(one.size for one in clusters),
            covered={gap.gap_id: gap.entry_id for gap in covered},
        )

    async def settle(self, request: web.Request, agent: Agent) -> None:
        given = await sent(request, GapsSettled)
        if given.state == "covered" and await self._house.knowledge.version(given.entry_id) is None:
            raise Missing("그런 항목이 없습니다 / there is no such entry", code="no_entry")
        wanted = set(given.gap_ids)
        for state in GAP_STATES:  # each by itself: a list of all would end before the older ones
            for gap in await self._house.knowledge.gaps(state=state):
                if gap.gap_id not in wanted:
                    continue
                entry_id = given.entry_id if given.state == "covered" else ""
                await self._house.knowledge.put_gap(msgspec.structs.replace(gap, state=given.state, entry_id=entry_id))
        log.info("admin.gaps_settled", agent=agent.id, gaps=len(wanted), state=given.state)

    async def _own_heads(self, agent: Agent) -> list[EntryHead]:
        """An owner's own department; all for those who keep the whole database."""
        if agent.may("editor", "supervisor"):
            return await all_heads(self._house.knowledge)
        departments = await self._house.knowledge.departments()
        own = next((one.id for one in departments if agent.department in (one.id, one.name)), None)
        return await all_heads(self._house.knowledge, department_id=own) if own else []
