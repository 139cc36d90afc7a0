"""A decode pool without processes: the test says what each utterance's words are, and when."""

from __future__ import annotations

from collections.abc import Callable

from core.events import Word
from stt.contract import Hypothesis


class ScriptedUtterance:
    """Collects what it is fed."""

    def __init__(self, on_partial: Callable[[str], None], on_final: Callable[[Hypothesis], None]) -> None:
        self.audio = bytearray()
        self.finished = False
        self.forgotten = False
        self.partial = ""
        self.show = on_partial
        self._on_final = on_final

    def feed(self, pcm: bytes) -> None:
        self.audio += pcm

    def finish(self) -> None:
        self.finished = True

    def forget(self) -> None:
        self.forgotten = True

    def settle(self, text: str, confidence: float = 0.0) -> None:
        """Its final has come; with words if the engine claims a confidence."""
        words = tuple(Word(text=word, start=0.0, end=0.1, confidence=confidence) for word in text.split())
        self._on_final(Hypothesis(text=text, final=True, words=words if confidence else ()))


class ScriptedPool:
    """``utterances`` are in the order in which the gate opened."""

    def __init__(self, language: str = "") -> None:
        self.language = language
        self.utterances: list[ScriptedUtterance] = []

    def utterance(
        self, *, on_partial: Callable[[str], None], on_final: Callable[[Hypothesis], None]
    ) -> ScriptedUtterance:
        self.utterances.append(ScriptedUtterance(on_partial, on_final))
        return self.utterances[-1]
