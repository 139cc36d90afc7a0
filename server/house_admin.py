"""The running house as the administration pages see it: ``agent_assist.admin.house.AdminHouse``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, Protocol

from aiohttp import web

from agent_assist.admin.house import LearntEntry, TextSize, Tried
from agent_assist.admin.import_runs import ImportRuns
from agent_assist.assistant import Assistant
from agent_assist.gaps.clusters import Cluster, clusters
from agent_assist.knowledge.attachments import Attachments
from agent_assist.knowledge.editing import Editing
from agent_assist.knowledge.tasks import Tasks
from agent_assist.korean import analyser
from agent_assist.learning.ab_report import AbReport
from agent_assist.learning.lessons import Lessons
from agent_assist.learning.terms import shown
from core.agent import Agent
from core.events import Suggestion, now
from core.home import Home
from core.store.contract import Store
from core.store.entry import Entry
from core.store.knowledge import GapState
from server.learning_report import learning_report
from server.sights import sights
from server.text_looks import size_of

LEARNT_SHOWN: Final = 500
"""Entries about which something was learnt that are listed, the strongest."""


class Knows(Protocol):
    """Of ``server.knowing.Knowing``, what is needed here."""

    @property
    def lessons(self) -> Lessons:
        """What use has taught, as it is at work."""

    @property
    def tasks(self) -> Tasks:
        """What owners have to do."""

    async def issue_seen(self, issue_id: str, agent_id: str) -> None:
        """A supervisor takes note."""


class HouseAdmin:
    """One object a node."""

    def __init__(
        self,
        *,
        centre: str,
        own_review: bool,
        store: Store,
        assistant: Assistant,
        knowing: Knows,
        home: Home,
        who: Callable[[web.Request], Agent | None],
        names: Callable[[], Mapping[str, str]],
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``who`` is the desk's; ``names``: sign-in name -> name."""
        self.centre = centre
        self.own_review = own_review
        self.knowledge = store.knowledge
        self.editing = Editing(store.knowledge, clock, own_review=own_review)
        self.attachments = Attachments(home.attachments)
        self.imports = ImportRuns(home.root / "imports", store.knowledge, store.entries)
        self.tasks = knowing.tasks
        self.sights = sights(store)
        self._store = store
        self._assistant = assistant
        self._knowing = knowing
        self._who = who
        self._names = names
        self._clock = clock

    def who(self, request: web.Request) -> Agent | None:
        """See ``AdminHouse``."""
        return self._who(request)

    def names(self) -> Mapping[str, str]:
        """See ``AdminHouse``."""
        return self._names()

    def now(self) -> datetime:
        """See ``AdminHouse``."""
        return self._clock()

    def today(self) -> date:
        """See ``AdminHouse``."""
        return self._clock().astimezone().date()

    async def entries(self) -> Sequence[Entry]:
        """See ``AdminHouse``."""
        return await self._store.entries()

    def search(self, text: str, limit: int) -> Sequence[Suggestion]:
        """See ``AdminHouse``."""
        return self._assistant.search(text, limit)

    def text_size(self, text: str) -> TextSize:
        """See ``AdminHouse``."""
        return size_of(text)

    async def clusters(self, state: GapState) -> Sequence[Cluster]:
        """See ``AdminHouse``."""
        gaps = await self.knowledge.gaps(state=state)
        return await asyncio.to_thread(clusters, gaps, analyser())

    async def try_sentence(self, text: str) -> Tried:
        """See ``AdminHouse``."""
        conversation = self._assistant.conversation("try")
        began = time.perf_counter()
        cards = await conversation.heard("caller", "caller-1", text) or ()
        ms = (time.perf_counter() - began) * 1000
        terms = conversation.terms("caller-1")
        learnt = self._knowing.lessons.bonus(terms)
        ids = {card.id for card in cards}
        return Tried(
            cards=cards,
            terms=[shown(term) for term in terms],
            best=conversation.best_score("caller-1"),
            bar=self._assistant.config.bar,
            learnt={entry_id: bonus for entry_id, bonus in learnt.items() if entry_id in ids},
            ms=round(ms, 2),
        )

    async def learnt(self) -> Sequence[LearntEntry]:
        """See ``AdminHouse``."""
        lessons = self._knowing.lessons
        found = []
        for entry_id in lessons.entries()[:LEARNT_SHOWN]:
            entry = self._assistant.entry(entry_id)
            title = entry.title if entry else ""
            found.append(LearntEntry(entry_id=entry_id, title=title, learnt=lessons.explain(entry_id)))
        return found

    async def forget_learnt(self, entry_id: str | None) -> int:
        """See ``AdminHouse``."""
        gone = self._knowing.lessons.reset(entry_id)
        # Also those that another node has written: ours come out of ``changed`` as deleted, which does no harm.
        return max(gone, await self.knowledge.drop_lessons(entry_id))

    async def learning_report(self) -> AbReport:
        """See ``AdminHouse``."""
        return await learning_report(self._store, self._assistant)

    async def issue_seen(self, issue_id: str, agent_id: str) -> None:
        """See ``AdminHouse``."""
        await self._knowing.issue_seen(issue_id, agent_id)
