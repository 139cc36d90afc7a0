"""What partials point to; a call's memory without a database. Whole calls: ``test_assistant``."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agent_assist.conversation import Conversation, Guess
from agent_assist.heard import Heard
from core.config import AssistConfig
from core.events import Suggestion


def card(name: str, score: float) -> Suggestion:
    return Suggestion(id=name, title=name, score=score)


class Scripted:
    """Answers each text with its cards."""

    def __init__(self, **cards: list[Suggestion]) -> None:
        self.config = AssistConfig()
        self._cards = cards

    async def think(self, heard: Heard, earlier: Sequence[Heard]) -> list[Suggestion]:
        return self._cards.get(heard.text, [])


def test_a_guess_is_stable_when_two_partials_agree() -> None:
    guess = Guess("u")
    assert not guess.stable(card("a", 0.9), 0.45)
    assert guess.stable(card("a", 0.9), 0.45)


@pytest.mark.parametrize("between", [("b", 0.9), ("a", 0.5)])
def test_another_card_or_a_doubt_begins_anew(between: tuple[str, float]) -> None:
    guess = Guess("u")
    guess.stable(card("a", 0.9), 0.45)
    assert not guess.stable(card(*between), 0.45)
    assert not guess.stable(card("a", 0.9), 0.45)
    assert guess.stable(card("a", 0.9), 0.45)


async def test_partials_promise_and_the_final_keeps_or_breaks_it() -> None:
    call = Conversation(Scripted(one=[card("a", 0.9)], two=[card("a", 0.95)], end=[card("b", 0.9)]), "c")
    assert await call.partial("caller", "u", "one") is None
    promised = await call.partial("caller", "u", "two")
    assert promised is not None and promised[0].tentative
    kept = await call.heard("caller", "u", "end")
    assert kept is not None
    assert [one.id for one in kept] == ["b"]
    assert call.best_score("u") == 0.9


async def test_each_utterance_promises_once() -> None:
    call = Conversation(Scripted(**{str(at): [card("ab"[at > 1], 0.9)] for at in range(4)}), "c")
    answers = [await call.partial("caller", "u", str(at)) for at in range(4)]
    assert [answer is not None for answer in answers] == [False, True, False, False]


async def test_words_that_turn_out_to_be_others_take_their_own_place() -> None:
    """The wrong ones are no longer context, of these words or of later ones."""

    class Listening(Scripted):
        def __init__(self) -> None:
            super().__init__()
            self.asked: list[list[str]] = []

        async def think(self, heard: Heard, earlier: Sequence[Heard]) -> list[Suggestion]:
            self.asked.append([*(said.text for said in earlier), heard.text])
            return []

    assistant = Listening()
    call = Conversation(assistant, "c")
    await call.heard("caller", "caller-1", "헬 로")
    await call.heard("agent", "agent-1", "네")
    await call.heard("caller", "caller-1", "hello")
    await call.heard("caller", "caller-2", "passport")
    assert assistant.asked == [["헬 로"], ["hello"], ["hello", "네", "passport"]]
