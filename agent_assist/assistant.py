"""The assistant: what a caller says -> at most three cards from the consultation database.

    assistant = Assistant(config.assist)
    await assistant.load(await store.entries())
    conversation = assistant.conversation(call_id)
    cards = await conversation.heard("caller", "caller-1", "등본 떼려고요")   # None: the board is as it was

Thinking happens in a small executor of its own, never on the event loop; a new database replaces the old one in one
step between two utterances.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from agent_assist.board import Board
from agent_assist.knowledge_base import KnowledgeBase, Turn
from agent_assist.korean import analyser
from agent_assist.question import Question
from core.config import AssistConfig
from core.events import Speaker, Suggestion
from core.log import get_logger
from core.store.contract import Entry

log = get_logger("agent_assist.assistant")

_THREADS: Final = 2
"""One analyses at a time (Kiwi's lock); the other ranks meanwhile."""
_SHARE: Final[dict[Speaker, float]] = {"caller": 0.5, "agent": 0.3}
"""How much the utterance before this one counts, by who said it."""
_FADE: Final = 0.7
"""What is left of an earlier utterance's share with each one after it."""


class Assistant:
    """One for the whole node. ``conversation``, ``search`` and ``entry`` may be used as soon as it exists."""

    def __init__(self, config: AssistConfig | None = None) -> None:
        self.config = config or AssistConfig()
        self._knowledge: KnowledgeBase | None = None
        self._pool = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="assist")
        self._loading = asyncio.Lock()

    @property
    def ready(self) -> bool:
        """Whether a database is loaded. Before that, there are no cards and nothing is found."""
        return self._knowledge is not None

    def reload(self, entries: Sequence[Entry]) -> None:
        """Replace the database in one step. Takes seconds for thousands of entries: async code uses :meth:`load`."""
        began = time.perf_counter()
        language = analyser()
        language.warm()
        self._knowledge = KnowledgeBase(entries, language)
        log.info("assist.loaded", entries=len(entries), seconds=round(time.perf_counter() - began, 2))

    async def load(self, entries: Sequence[Entry]) -> None:
        """:meth:`reload` off the event loop; calls go on with the old database until the new one is complete."""
        async with self._loading:
            await asyncio.get_running_loop().run_in_executor(self._pool, self.reload, tuple(entries))

    def conversation(self, call_id: str) -> Conversation:
        """The memory of one call."""
        return Conversation(self, call_id)

    def suggest(self, text: str) -> list[Suggestion]:
        """Cards for one utterance by itself."""
        return self.answer(text, ())

    def answer(self, text: str, earlier: Sequence[Earlier]) -> list[Suggestion]:
        """Cards for an utterance after ``earlier`` ones (oldest first)."""
        knowledge = self._knowledge
        if knowledge is None:
            return []
        question = knowledge.ask(text)
        if question.words == 0:
            return []
        context = [
            Turn(words.question(knowledge), _SHARE[words.speaker] * _FADE**age)
            for age, words in enumerate(reversed(earlier))
        ]
        return knowledge.answer(question, context, bar=self.config.bar, cards=self.config.cards)

    def search(self, query: str, limit: int = 10) -> list[Suggestion]:
        """Entries for typed letters, best first; for sentences, what the assistant would suggest."""
        knowledge = self._knowledge
        if knowledge is None or limit <= 0:
            return []
        return knowledge.search(query, limit)

    def entry(self, entry_id: str) -> Entry | None:
        """One entry, or None."""
        return self._knowledge.entries.get(entry_id) if self._knowledge else None

    async def think(self, text: str, earlier: Sequence[Earlier]) -> list[Suggestion]:
        """:meth:`answer` off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.answer, text, tuple(earlier))

    def close(self) -> None:
        """Let what is being thought end, take on nothing more."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class Conversation:
    """One call. ``heard`` is given every final of both speakers, in order."""

    def __init__(self, assistant: Assistant, call_id: str) -> None:
        self.call_id = call_id
        self._assistant = assistant
        self._earlier: deque[Earlier] = deque(maxlen=max(assistant.config.context_turns, 0))
        self._board = Board(assistant.config.cards)
        self._heard = 0
        self._shown = 0

    @property
    def cards(self) -> tuple[Suggestion, ...]:
        """What lies on the desk now."""
        return self._board.cards

    async def heard(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        """The cards that now belong on the desk; None = those that are there.

        Only the caller's words bring cards; the agent's are context. Where an answer comes after that to later words,
        it is not used: the newest words win.
        """
        earlier = tuple(self._earlier)
        self._earlier.append(Earlier(speaker, text))
        if speaker != "caller":
            return None
        self._heard += 1
        number = self._heard
        ranked = await self._assistant.think(text, earlier)
        if number < self._shown:
            return None
        self._shown = number
        return self._board.offer(ranked)

    def hold(self, entry_id: str) -> None:
        """The agent opened or pinned a card: it stays in its place."""
        self._board.hold(entry_id)

    def release(self, entry_id: str) -> None:
        """The agent closed or unpinned a card."""
        self._board.release(entry_id)


class Earlier:
    """An utterance that is over, with the question that it was, for the database to which it was last put."""

    def __init__(self, speaker: Speaker, text: str) -> None:
        self.speaker = speaker
        self.text = text
        self._asked: tuple[KnowledgeBase, Question] | None = None

    def question(self, knowledge: KnowledgeBase) -> Question:
        """What was said, as a question to this state of the database."""
        if self._asked is None or self._asked[0] is not knowledge:
            self._asked = (knowledge, knowledge.ask(self.text))
        return self._asked[1]
