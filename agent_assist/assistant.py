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
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import date
from typing import Final, Protocol

from agent_assist.board import Board
from agent_assist.knowledge_base import Asked, KnowledgeBase, Turn, card
from agent_assist.korean import analyser
from agent_assist.rerank import Reranker
from core.config import AssistConfig
from core.events import CardDeed, Speaker, Suggestion
from core.log import get_logger
from core.store.contract import Entry
from core.store.knowledge import Synonym

log = get_logger("agent_assist.assistant")

_THREADS: Final = 2
"""One analyses at a time (Kiwi's lock); the other ranks meanwhile."""
_SHARE: Final[dict[Speaker, float]] = {"caller": 0.7, "agent": 0.5}
"""How much the utterance before this one counts, by who said it."""
_FADE: Final = 0.7
"""What is left of an earlier utterance's share with each one after it."""
_STABLE: Final = 2
"""Partials in a row that must have the same best card before it is shown."""
_SURER: Final = 0.15
"""How far above the bar that card must be: what is still being said may turn out otherwise."""
_UTTERANCES: Final = 64
"""Utterances of a call whose terms and best score can be asked for; the older ones are forgotten."""
_STAYS: Final[frozenset[CardDeed]] = frozenset({"opened", "accepted", "pinned", "sent"})


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


class Conversation:
    """One call. ``heard`` is given every final of both speakers, in order; ``partial`` any of the partials between."""

    def __init__(self, assistant: Assistant, call_id: str) -> None:
        self.call_id = call_id
        self._assistant = assistant
        self._earlier: deque[Heard] = deque(maxlen=max(assistant.config.context_turns, 0))
        self._board = Board(assistant.config.cards)
        self._utterances: dict[str, Utterance] = {}
        self._guess = Guess()
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
        heard = Heard(speaker, text)
        self._earlier.append(heard)
        if speaker != "caller":
            return None
        self._heard += 1
        number = self._heard
        said = self._remember(utterance, heard, earlier)
        ranked = await self._assistant.think(heard, earlier)
        said.best = ranked[0].score if ranked else 0.0
        if number < self._shown:
            return None
        self._shown = number
        self._guess = Guess()
        return self._board.offer(ranked)

    async def partial(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        """The same for words that are not over: one card at most, once the guess is stable and well above the bar."""
        if speaker != "caller" or utterance in self._utterances:
            return None
        if self._guess.utterance != utterance:
            self._guess = Guess(utterance)
        guess = self._guess
        if guess.done or text == guess.text:
            return None
        guess.text = text
        ranked = await self._assistant.think(Heard(speaker, text), tuple(self._earlier))
        if guess is not self._guess or utterance in self._utterances:  # its final came meanwhile
            return None
        best = ranked[0] if ranked else None
        if best is None or not guess.stable(best, self._assistant.config.bar):
            return None
        guess.done = True
        return self._board.preview(best)

    def terms(self, utterance: str) -> tuple[str, ...]:
        """The words with a topic in an utterance and in those that it was said after: 'n등본', 'v떼'. None for one that
        is not known any more, or before its answer."""
        said = self._utterances.get(utterance)
        return said.terms() if said is not None else ()

    def own_terms(self, utterance: str) -> tuple[str, ...]:
        """Those of the utterance by itself, each once."""
        said = self._utterances.get(utterance)
        return said.own_terms if said is not None else ()

    def best_score(self, utterance: str) -> float:
        """How sure the assistant was of its best card after this utterance; 0 = there was none."""
        said = self._utterances.get(utterance)
        return said.best if said is not None else 0.0

    def used(self, entry_id: str, deed: CardDeed) -> tuple[Suggestion, ...] | None:
        """The agent did something with a card: it stays, or may go, or goes. The new board, or None = as it was."""
        if deed == "dismissed":
            return self._board.dismiss(entry_id)
        if deed in _STAYS:
            self._board.hold(entry_id)
        else:
            self._board.release(entry_id)
        return None

    def hold(self, entry_id: str) -> None:
        """The agent opened or pinned a card: it stays in its place."""
        self._board.hold(entry_id)

    def release(self, entry_id: str) -> None:
        """The agent closed or unpinned a card."""
        self._board.release(entry_id)

    def _remember(self, utterance: str, heard: Heard, earlier: Sequence[Heard]) -> Utterance:
        if len(self._utterances) >= _UTTERANCES:
            del self._utterances[next(iter(self._utterances))]
        said = self._utterances[utterance] = Utterance(heard, tuple(earlier))
        return said


class Heard:
    """Words of one speaker, with what they ask of the database to which they were last put."""

    def __init__(self, speaker: Speaker, text: str) -> None:
        self.speaker = speaker
        self.text = text
        self._asked: tuple[KnowledgeBase, Asked] | None = None

    def asked(self, knowledge: KnowledgeBase) -> Asked:
        """What was said, put to this state of the database."""
        kept = self._asked
        if kept is None or kept[0] is not knowledge:
            kept = self._asked = (knowledge, knowledge.ask(self.text))
        return kept[1]

    @property
    def terms(self) -> tuple[str, ...]:
        """Words with a topic, as far as they have been put to a database."""
        return self._asked[1].question.terms if self._asked is not None else ()


class Utterance:
    """A caller's final, as learning and the gaps ask for it."""

    def __init__(self, heard: Heard, earlier: tuple[Heard, ...]) -> None:
        self._heard = heard
        self._earlier = earlier
        self.best = 0.0
        """Score of its best card."""

    @property
    def own_terms(self) -> tuple[str, ...]:
        """Its own words with a topic."""
        return tuple(dict.fromkeys(self._heard.terms))

    def terms(self) -> tuple[str, ...]:
        """Its own words with a topic first, then those of its context, each once."""
        words = [*self._heard.terms, *(term for heard in reversed(self._earlier) for term in heard.terms)]
        return tuple(dict.fromkeys(words))


class Guess:
    """What the partials of one utterance point to so far."""

    def __init__(self, utterance: str = "") -> None:
        self.utterance = utterance
        self.text = ""
        """The last partial."""
        self.done = False
        """Whether it has brought its card."""
        self._best = ""
        self._times = 0

    def stable(self, best: Suggestion, bar: float) -> bool:
        """Whether this partial, as those before it, is clearly for one card."""
        sure = best.score >= bar + _SURER
        self._times = self._times + 1 if sure and best.id == self._best else int(sure)
        self._best = best.id
        return self._times >= _STABLE
