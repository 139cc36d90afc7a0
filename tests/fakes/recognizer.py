"""A recogniser that 'hears' how much audio it was given: for rules about turns and order, not about words."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import BadInput
from stt.contract import Hypothesis, Session


class CountingSession:
    """Its text is the number of bytes so far."""

    def __init__(self, grammar: tuple[str, ...] = ()) -> None:
        self.grammar = grammar
        self.steps: list[int] = []

    def accept(self, pcm: bytes) -> Hypothesis | None:
        self.steps.append(len(pcm))
        return Hypothesis(text=str(sum(self.steps)))

    def finish(self) -> Hypothesis:
        return Hypothesis(text=f"all {sum(self.steps)}", final=True)


class CountingRecognizer:
    """Keeps its sessions for the test to look at. It takes grammars, but none with the word 'impossible'."""

    rate = 8000

    def __init__(self, batch: int = 1) -> None:
        self.batch = batch
        self.sessions: list[CountingSession] = []
        self.together: list[int] = []
        """How many sessions were fed at once, each time."""

    def session(self, grammar: Sequence[str] = ()) -> CountingSession:
        if "impossible" in grammar:
            raise BadInput("this model takes no such grammar")
        self.sessions.append(CountingSession(tuple(grammar)))
        return self.sessions[-1]

    def accept_many(self, feeds: Sequence[tuple[Session, bytes]]) -> list[Hypothesis | None]:
        self.together.append(len(feeds))
        return [session.accept(pcm) for session, pcm in feeds]
