"""The assistant: what a caller says -> at most three cards from the consultation database.

    assistant = Assistant(config.assist)
    await assistant.load(await store.entries())
    conversation = assistant.conversation(call_id)
    cards = await conversation.partial("caller", "caller-1", "등본 떼")       # None: the board is as it was
    cards = await conversation.heard("caller", "caller-1", "등본 떼려고요")

Thinking happens in a small executor of its own, never on the event loop; a new database replaces the old one in one
step between two utterances.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import date
from typing import Final, Protocol

from agent_assist.conversation import Conversation
from agent_assist.heard import Heard
from agent_assist.knowledge_base import KnowledgeBase, Turn, card
from agent_assist.korean import analyser
from agent_assist.rerank import Reranker
from core.config import AssistConfig
from core.events import Speaker, Suggestion
from core.log import get_logger
from core.store.entry import Entry
from core.store.knowledge import Synonym

__all__ = ["Assistant", "Conversation", "Heard", "Taught"]

log = get_logger("agent_assist.assistant")

_THREADS: Final = 2
"""One analyses at a time (Kiwi's lock); the other ranks meanwhile."""
_SHARE: Final[dict[Speaker, float]] = {"caller": 0.7, "agent": 0.5, "third": 0.0}
"""How much the utterance before this one counts, by who said it."""
_FADE: Final = 0.7
"""What is left of an earlier utterance's share with each one after it."""


class Taught(Protocol):
    """What agents' deeds taught (``agent_assist.learning``)."""

    def bonus(self, terms: Sequence[str]) -> Mapping[str, float]:
        """Entry id -> -1..+1 for these words. Called from the assistant's threads; quick."""


class Assistant:
    """One for the whole node. ``conversation``, ``search`` and ``entry`` may be used as soon as it exists."""

    def __init__(
        self,
        config: AssistConfig | None = None,
        taught: Taught | None = None,
        *,
        reranker: Reranker | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """``today``: the day by which entries expire."""
        self.config = config or AssistConfig()
        self._taught = taught
        self._reranker = reranker
        self._today = today
        self._knowledge: KnowledgeBase | None = None
        self._pool = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="assist")
        self._loading = asyncio.Lock()

    @property
    def ready(self) -> bool:
        """Whether a database is loaded. Before that, there are no cards and nothing is found."""
        return self._knowledge is not None

    @property
    def index_bytes(self) -> int:
        """Memory of the index's arrays, 0 before a database is loaded."""
        return self._knowledge.nbytes if self._knowledge is not None else 0

    def reload(self, entries: Sequence[Entry], synonyms: Sequence[Synonym] = ()) -> None:
        """Replace the database in one step. Takes seconds for thousands of entries: async code uses :meth:`load`."""
        began = time.perf_counter()
        language = analyser()
        language.warm()
        self._knowledge = KnowledgeBase(entries, language, synonyms=synonyms, reranker=self._reranker)
        log.info("assist.loaded", entries=len(entries), seconds=round(time.perf_counter() - began, 2))

    async def load(self, entries: Sequence[Entry], synonyms: Sequence[Synonym] = ()) -> None:
        """:meth:`reload` off the event loop; calls go on with the old database until the new one is complete."""
        async with self._loading:
            await asyncio.get_running_loop().run_in_executor(self._pool, self.reload, tuple(entries), tuple(synonyms))

    def taught_by(self, taught: Taught | None) -> Assistant:
        """The same assistant over the same database, taught otherwise: to compare rankings. Never closed by itself."""
        other = copy(self)
        other._taught = taught
        return other

    def conversation(self, call_id: str) -> Conversation:
        """The memory of one call."""
        return Conversation(self, call_id)

    def suggest(self, text: str) -> list[Suggestion]:
        """Cards for one utterance by itself."""
        return self.answer(Heard("caller", text), ())

    def answer(self, heard: Heard, earlier: Sequence[Heard]) -> list[Suggestion]:
        """Cards for an utterance after ``earlier`` ones (oldest first)."""
        knowledge = self._knowledge
        if knowledge is None:
            return []
        asked = heard.asked(knowledge)
        if asked.question.words == 0:
            return []
        context = [
            Turn(words.asked(knowledge), _SHARE[words.speaker] * _FADE**age)
            for age, words in enumerate(reversed(earlier))
        ]
        bonus = self._taught.bonus(asked.question.terms) if self._taught is not None else {}
        return knowledge.answer(
            asked, context, bar=self.config.bar, cards=self.config.cards, bonus=bonus, today=self._today()
        )

    def search(self, query: str, limit: int = 10, *, category: str = "", department: str = "") -> list[Suggestion]:
        """Entries for typed letters, best first; for sentences, what the assistant would suggest. ``category`` (a path,
        with what is below it) and ``department`` narrow it."""
        knowledge = self._knowledge
        if knowledge is None or limit <= 0:
            return []
        return knowledge.search(query, limit, category=category, department=department)

    def entry(self, entry_id: str) -> Entry | None:
        """One entry, or None."""
        return self._knowledge.entries.get(entry_id) if self._knowledge else None

    def card(self, entry_id: str) -> Suggestion | None:
        """An entry as a card that nothing but a person or a rule has asked for, or None."""
        entry = self.entry(entry_id)
        return card(entry, 1.0, ()) if entry is not None else None

    @property
    def size(self) -> int:
        """How many entries are loaded."""
        return len(self._knowledge.entries) if self._knowledge else 0

    async def think(self, heard: Heard, earlier: Sequence[Heard]) -> list[Suggestion]:
        """:meth:`answer` off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.answer, heard, tuple(earlier))

    def close(self) -> None:
        """Let what is being thought end, take on nothing more."""
        self._pool.shutdown(wait=True, cancel_futures=True)
