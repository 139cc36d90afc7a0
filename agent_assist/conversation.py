"""The assistant's memory of one call: what was said, what it pointed to, what lies on the desk."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final, Protocol

from agent_assist.board import Board
from agent_assist.heard import Heard
from core.config import AssistConfig
from core.events import CardDeed, Speaker, Suggestion

_STABLE: Final = 2
"""Partials in a row that must have the same best card before it is shown."""
_SURER: Final = 0.15
"""How far above the bar that card must be: what is still being said may turn out otherwise."""
_UTTERANCES: Final = 64
"""Utterances of a call whose terms and best score can be asked for; the older ones are forgotten."""
_IN_HAND: Final[frozenset[CardDeed]] = frozenset({"opened", "accepted", "sent"})
"""Deeds after which she reads this card, and no longer the one before."""


class Thinker(Protocol):
    """Who answers (``agent_assist.assistant``)."""

    config: AssistConfig

    async def think(self, heard: Heard, earlier: Sequence[Heard]) -> list[Suggestion]:
        """Cards for an utterance after ``earlier`` ones (oldest first)."""


class Conversation:
    """One call. ``heard`` is given every final of both speakers, in order; ``partial`` any of the partials between."""

    def __init__(self, assistant: Thinker, call_id: str) -> None:
        self.call_id = call_id
        self._assistant = assistant
        self._earlier: deque[tuple[str, Heard]] = deque(maxlen=max(assistant.config.context_turns, 0))
        """Utterances with their ids."""
        self._board = Board(assistant.config.cards)
        self._utterances: dict[str, Utterance] = {}
        self._guess = Guess()
        self._in_hand = ""
        self._pinned: set[str] = set()
        self._heard = 0
        self._shown = 0

    @property
    def cards(self) -> tuple[Suggestion, ...]:
        """What lies on the desk now."""
        return self._board.cards

    async def heard(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        """The cards that now belong on the desk; None = those that are there.

        Only the caller's words bring cards; the agent's are context. Where an answer comes after that to later words,
        it is not used: the newest words win. An utterance that is known has turned out to be these words instead.
        """
        heard = Heard(speaker, text)
        earlier = self._note(utterance, heard)
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
        earlier = tuple(said for _, said in self._earlier)
        ranked = await self._assistant.think(Heard(speaker, text), earlier)
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
        """The agent did something with a card: pinned ones and the one in her hand stay in their places, one that she
        dismissed goes. The new board, or None = as it was."""
        if deed == "dismissed":
            self._pinned.discard(entry_id)
            return self._board.dismiss(entry_id)
        if deed == "pinned":
            self._pinned.add(entry_id)
        elif deed == "unpinned":
            self._pinned.discard(entry_id)
            self._board.release(entry_id)
            return None
        if deed in _IN_HAND:
            if self._in_hand not in self._pinned:
                self._board.release(self._in_hand)
            self._in_hand = entry_id
        self._board.hold(entry_id)
        return None

    def _note(self, utterance: str, heard: Heard) -> tuple[Heard, ...]:
        """Put it in its place; what was said before it."""
        place = next((at for at, (known, _) in enumerate(self._earlier) if known == utterance), len(self._earlier))
        before = tuple(said for _, said in self._earlier)[:place]
        if place < len(self._earlier):
            self._earlier[place] = (utterance, heard)
        else:
            self._earlier.append((utterance, heard))
        return before

    def _remember(self, utterance: str, heard: Heard, earlier: Sequence[Heard]) -> Utterance:
        if len(self._utterances) >= _UTTERANCES:
            del self._utterances[next(iter(self._utterances))]
        said = self._utterances[utterance] = Utterance(heard, tuple(earlier))
        return said


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
