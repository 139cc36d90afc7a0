"""One leg's ear: frames in, utterances out.

    async with aclosing(listen(frames, pool, config)) as utterances:
        async for heard in utterances:
            ...

Frames are read as fast as they come, whatever the decoder does: speech goes through the gate to the pool at once, and
what the pool finds waits here. Finals come in the order in which they were spoken. The iteration ends when the frames
end and every utterance has its final, at the latest ``LAST_WORDS_S`` later.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from statistics import fmean
from typing import Final

import msgspec

from core.audio import Frame
from core.config import SttConfig
from core.log import get_logger
from stt.contract import Heard, Hypothesis
from stt.decode_pool import DecodePool, Utterance
from stt.text import Finishing
from stt.vad import Closed, GateEvent, More, Opened, SpeechGate

log = get_logger("stt.listener")

LAST_WORDS_S: Final = 2.0
"""How long finals are waited for when the frames have ended."""
SPEAKING: Final = "…"
"""The first partial of every utterance: somebody speaks, no word is clear yet."""
SURE: Final = 0.65
"""Sureness of the gate from which words are believed. Under it music and noise, now and then, sound like words: then it
takes more than ``FEW_WORDS``, or a recogniser that is ``CONFIDENT`` while the gate is at least ``HALF_SURE``."""
HALF_SURE: Final = 0.45
FEW_WORDS: Final = 4
CONFIDENT: Final = 0.85
OPEN_LIMIT: Final = 8
"""Utterances that may be without a final; with more no frames are read, so the frame queue drops (and counts)."""
UNREAD_LIMIT: Final = 64
"""Finals that may wait for the reader; the same then. Of partials only the newest of an utterance waits."""


class _Line:
    """One utterance of this leg."""

    def __init__(self, number: int, start: float) -> None:
        self.number = number
        self.start = start
        self.end = start
        self.sureness = 0.0
        self.shown = False
        self.closed_at = 0.0
        self.lag_s = 0.0
        self.final: Hypothesis | None = None
        self.run: Utterance | None = None

    def believes(self, text: str, confidence: float = 0.0) -> bool:
        """Whether that was said by somebody."""
        if self.sureness >= SURE or len(text.split()) > FEW_WORDS:
            return True
        return self.sureness >= HALF_SURE and confidence >= CONFIDENT

    def feed(self, pcm: bytes) -> None:
        if self.run is not None:
            self.run.feed(pcm)

    def close(self, closed: Closed) -> None:
        self.end = closed.end
        self.sureness = closed.sureness
        self.closed_at = time.monotonic()
        if self.run is not None:
            self.run.finish()


async def listen(
    frames: AsyncIterable[Frame], pool: DecodePool, config: SttConfig, *, last_words_s: float = LAST_WORDS_S
) -> AsyncGenerator[Heard, None]:
    """What is said on one leg, from now until the frames end."""
    ear = _Ear(pool, config, last_words_s)
    reading = asyncio.create_task(ear.read(frames), name="listener")
    try:
        while (heard := await ear.next()) is not None:
            yield heard
        await reading
    finally:
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
        ear.close()


class _Ear:
    """The state behind :func:`listen`: a gate in front, open utterances in the middle, unread results behind."""

    def __init__(self, pool: DecodePool, config: SttConfig, last_words_s: float) -> None:
        self._pool = pool
        self._last_words_s = last_words_s
        self._gate = SpeechGate(
            preroll_ms=config.preroll_ms, hangover_ms=config.hangover_ms, max_utterance_s=config.max_utterance_s
        )
        self._lines: deque[_Line] = deque()  # without a final that was passed on
        self._current: _Line | None = None  # where audio goes; its final may come early, when workers keep dying of it
        self._finishing = Finishing()
        self._count = 0
        self._finals: deque[Heard] = deque()
        self._partials: dict[int, Heard] = {}
        self._over = False
        self._changed = asyncio.Event()
        self._room = asyncio.Event()

    async def read(self, frames: AsyncIterable[Frame]) -> None:
        """Take every frame; then wait for the last words."""
        try:
            async for frame in frames:
                await self._wait_for_room()
                self._take(self._gate.jump(frame.start))
                self._take(self._gate.process(frame.pcm))
            self._take(self._gate.flush())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._last_words_s):
                    await self._wait_until(lambda: not self._lines)
            self._give_up_waiting()
        finally:
            self._over = True
            self._changed.set()

    async def next(self) -> Heard | None:
        """What was heard next; None at the end."""
        while not (self._finals or self._partials):
            if self._over:
                return None
            self._changed.clear()
            await self._changed.wait()
        self._room.set()
        if self._finals:
            return self._finals.popleft()
        return self._partials.pop(next(iter(self._partials)))

    def close(self) -> None:
        """Nobody reads any more."""
        for line in self._lines:
            if line.run is not None:
                line.run.forget()
        self._lines.clear()

    async def _wait_for_room(self) -> None:
        await self._wait_until(lambda: len(self._lines) < OPEN_LIMIT and len(self._finals) < UNREAD_LIMIT)

    async def _wait_until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._room.clear()
            await self._room.wait()

    def _take(self, events: list[GateEvent]) -> None:
        for event in events:
            line = self._current
            match event:
                case Opened():
                    self._open(event)
                case More(pcm) if line is not None:
                    line.feed(pcm)
                case Closed() if line is not None:
                    line.close(event)
                    self._current = None
        if (line := self._current) is not None:
            line.sureness = self._gate.sureness
            if not line.shown and line.final is None:
                self._show(line, SPEAKING)

    def _open(self, opened: Opened) -> None:
        self._count += 1
        line = _Line(self._count, opened.start)
        line.run = self._pool.utterance(
            on_partial=lambda text: self._show(line, self._finishing.partial(text, line.start)),
            on_final=lambda final: self._settle(line, final),
        )
        self._lines.append(line)
        self._current = line
        line.feed(opened.pcm)

    def _show(self, line: _Line, text: str) -> None:
        if not line.believes(text):
            return
        line.shown = True
        self._partials[line.number] = Heard(
            kind="partial", utterance=line.number, start=line.start, end=self._gate.now, text=text
        )
        self._changed.set()

    def _settle(self, line: _Line, final: Hypothesis) -> None:
        """A final has come: pass it on, and those that waited behind it."""
        line.final = final
        line.lag_s = time.monotonic() - line.closed_at
        while self._lines and (found := self._lines[0].final) is not None:
            self._say(self._lines.popleft(), found)
        self._room.set()
        self._changed.set()

    def _say(self, line: _Line, final: Hypothesis) -> None:
        self._partials.pop(line.number, None)
        finished = self._finishing.final(final, line.start, line.end)
        confidence = fmean(word.confidence for word in final.words) if final.words else 0.0
        if not finished.text or not line.believes(final.text, confidence):
            self._take_back(line)
            return
        words = tuple(
            msgspec.structs.replace(word, start=line.start + word.start, end=line.start + word.end)
            for word in finished.words
        )
        self._finals.append(
            Heard(
                kind="final",
                utterance=line.number,
                start=words[0].start if words else line.start,
                end=words[-1].end if words else line.end,
                text=finished.text,
                words=words,
                confidence=confidence,
                masked=finished.masked,
                lag_s=line.lag_s,
            )
        )

    def _take_back(self, line: _Line) -> None:
        """It was no speech after all."""
        if line.shown:
            self._partials[line.number] = Heard(
                kind="partial", utterance=line.number, start=line.start, end=line.end, text=""
            )

    def _give_up_waiting(self) -> None:
        """The leg is over and a final did not come in time: the last partial is better than nothing."""
        for line in list(self._lines):
            if line.final is None and line.run is not None:
                log.warning("listener.late", utterance=line.number)
                line.run.forget()
                self._settle(line, Hypothesis(text=line.run.partial, final=True))
