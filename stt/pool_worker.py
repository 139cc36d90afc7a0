"""What the decode pool is made of: utterances on their way, and the workers that they are on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from core.audio import RATE
from stt.contract import Hypothesis
from stt.decode_link import DecodeLink
from stt.decode_messages import Audio, Finish

CHUNK_BYTES: Final = RATE * 2 // 10
"""0.1 s: what goes to a worker at once."""
WINDOW_S: Final = 2.0
"""Audio of one utterance that a worker may have without having answered."""
_WINDOW: Final = round(WINDOW_S * RATE * 2)


def nobody(_: object) -> None:
    """Nobody wants to know."""


class Utterance:
    """One utterance on its way through the pool. Owned by one listener."""

    def __init__(
        self,
        number: int,
        limit_s: float,
        grammar: tuple[str, ...],
        on_partial: Callable[[str], None],
        on_final: Callable[[Hypothesis], None],
        drop: Callable[[Utterance], None],
    ) -> None:
        self.number = number
        self.grammar = grammar
        self.audio = bytearray()
        self.sent = 0
        self.heeded = 0
        self.done = False
        self.finish_sent = False
        self.tries = 0
        self.partial = ""
        self.refusal = ""
        """Why it is not heard."""
        self.home: Worker | None = None
        self.on_partial = on_partial
        self.on_final = on_final
        self._drop = drop
        self._shown_until = 0
        self._limit = round(limit_s * RATE) * 2

    @property
    def lag_s(self) -> float:
        """Audio that is not yet decoded."""
        return (len(self.audio) - self.heeded) / (RATE * 2)

    def feed(self, pcm: bytes) -> None:
        """More audio; never waits. What is beyond the longest utterance that the gate lets pass is left out."""
        if not self.done:
            self.audio += pcm[: max(0, self._limit - len(self.audio))]
            self._push()

    def finish(self) -> None:
        """No more audio: the final is due."""
        self.done = True
        if self.refusal:
            self.settle(Hypothesis(text="", final=True))
        self._push()

    def settle(self, final: Hypothesis) -> None:
        """That is its final; another one is none."""
        told, self.on_final = self.on_final, nobody
        told(final)

    def forget(self) -> None:
        """Nobody waits for it any more; no callback follows."""
        self.on_partial = nobody
        self.on_final = nobody
        self._drop(self)

    def restart(self) -> None:
        """Its worker is gone: everything is to be sent again."""
        self.sent = self.heeded = 0
        self.finish_sent = False
        self.home = None

    def advance(self, size: int, text: str | None) -> None:
        """So much more is decoded. In a replay nothing is shown until it is as far as the first time."""
        self.heeded += size
        if self.heeded >= self._shown_until:
            self._shown_until = self.heeded
            if text is not None and text != self.partial:
                self.partial = text
                self.on_partial(text)

    def _push(self) -> None:
        if self.home is not None:
            self.home.push(self)


class Worker:
    """A link and the utterances on it."""

    def __init__(self, link: DecodeLink) -> None:
        self.link = link
        self.utterances: dict[int, Utterance] = {}
        self.retiring = False

    def push(self, utterance: Utterance) -> None:
        """Send what may be sent: whole chunks, inside the window; all and the finish when it is done."""
        while utterance.sent - utterance.heeded < _WINDOW:
            chunk = bytes(utterance.audio[utterance.sent : utterance.sent + CHUNK_BYTES])
            if len(chunk) < CHUNK_BYTES and not (chunk and utterance.done):
                break
            self.link.send(Audio(utterance.number, chunk), owed=True)
            utterance.sent += len(chunk)
        if utterance.done and not utterance.finish_sent and utterance.sent == len(utterance.audio):
            utterance.finish_sent = True
            self.link.send(Finish(utterance.number), owed=True)

    def settle(self) -> None:
        """Tell the link when nothing is owed."""
        if not any(u.sent > u.heeded or u.finish_sent for u in self.utterances.values()):
            self.link.settled()
