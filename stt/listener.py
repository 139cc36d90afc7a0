"""One leg's ear: frames in, utterances out.

    async with aclosing(listen(frames, pool, config)) as utterances:
        async for heard in utterances:
            ...

Frames are read as fast as they come, whatever the decoder does: speech goes through the gate to the pool at once, and
what the pool finds waits here. Finals come in the order in which they were spoken. The iteration ends when the frames
end and every utterance has its final, at the latest ``LAST_WORDS_S`` later.

The call may turn to another language meanwhile (``follow``): what is being said then is given to the other pool from
its beginning on, and so is the last utterance before, as far as it may have been in that language; if the other pool
heard that one better, its final comes again. Without a pool the ear sleeps: frames are read and thrown away.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Final

import msgspec

from core.audio import Frame
from core.config import SttConfig
from core.log import get_logger
from stt.contract import Heard, confidence_of
from stt.decode_pool import DecodePool
from stt.masking import Mask
from stt.spoken_line import CONFIDENT, SpokenLine
from stt.text import Finishing
from stt.vad import Closed, GateEvent, More, Opened, SpeechGate

log = get_logger("stt.listener")

LAST_WORDS_S: Final = 2.0
"""How long finals are waited for when the frames have ended."""
SPEAKING: Final = "…"
"""The first partial of every utterance: somebody speaks, no word is clear yet."""
OPEN_LIMIT: Final = 8
"""Utterances that may be without a final; with more no frames are read, so the frame queue drops (and counts)."""
UNREAD_LIMIT: Final = 64
"""Results that may wait for the reader; the same then. Of partials only the newest of an utterance waits."""
AGAIN_S: Final = 6.0
"""An utterance that ended so shortly before the call turned to another language is heard again in that language: it is
what told the agent to turn."""
BADLY_AGAIN_S: Final = 20.0
"""The same of one whose words are not believed to be right (``CONFIDENT``)."""

Turn = Callable[[DecodePool | None], None]
"""Tells an ear which pool hears from now on; None = there is no model of that language."""
Follow = Callable[[Turn], AbstractContextManager[None]]
"""Inside the context the ear is told of turns."""


async def listen(
    frames: AsyncIterable[Frame],
    pool: DecodePool | None,
    config: SttConfig,
    *,
    last_words_s: float = LAST_WORDS_S,
    follow: Follow | None = None,
) -> AsyncGenerator[Heard, None]:
    """What is said on one leg, from now until the frames end. Without ``follow`` the language stays."""
    ear = _Ear(pool, config, last_words_s, may_turn=follow is not None)
    with follow(ear.turn) if follow is not None else nullcontext():
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


class _Passed:
    """The last line that was passed on, as long as another language may have been spoken in it."""

    def __init__(self, line: SpokenLine, mask: Mask, confidence: float) -> None:
        self.line = line
        self.mask = mask
        """What the leg's mask remembered before the line."""
        self._until = line.end + (AGAIN_S if confidence >= CONFIDENT else BADLY_AGAIN_S)

    def may_be_heard_again(self, now: float) -> bool:
        """Whether it is worth it at this audio time."""
        return now <= self._until


class _Ear:
    """The state behind :func:`listen`: a gate in front, open utterances in the middle, unread results behind."""

    def __init__(self, pool: DecodePool | None, config: SttConfig, last_words_s: float, *, may_turn: bool) -> None:
        self._pool = pool
        self._last_words_s = last_words_s
        self._may_turn = may_turn
        self._gate = SpeechGate(
            preroll_ms=config.preroll_ms, hangover_ms=config.hangover_ms, max_utterance_s=config.max_utterance_s
        )
        self._lines: deque[SpokenLine] = deque()  # whose words were not passed on; the first one perhaps once before
        self._current: SpokenLine | None = None  # where audio goes; passed on early when workers keep dying of it
        self._passed: _Passed | None = None
        self._again: _Passed | None = None  # heard once more just now: the first of the lines
        self._now = 0.0
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
                self._now = frame.start
                if self._pool is not None:
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

    def turn(self, pool: DecodePool | None) -> None:
        """Another pool hears from now on, and what may have been in its language already."""
        if pool is self._pool or self._over:
            return
        if pool is None:  # whoever speaks now is cut off: nobody can tell the words
            self._take(self._gate.flush())
        self._pool = pool
        passed, self._passed = self._passed, None
        if passed is not None and pool is not None and passed.may_be_heard_again(self._now):
            self._again = passed
            self._lines.appendleft(passed.line)
        for line in self._lines:
            self._let_hear(line)
            if line.said is None and line.shown and not line.settled:
                self._show(line, SPEAKING if pool is not None else "")
        self._pass_on()

    def close(self) -> None:
        """Nobody reads any more."""
        for line in self._lines:
            line.forget()
        self._lines.clear()
        self._passed = None

    @property
    def _unread(self) -> int:
        return len(self._finals) + len(self._partials)

    async def _wait_for_room(self) -> None:
        await self._wait_until(lambda: len(self._lines) < OPEN_LIMIT and self._unread < UNREAD_LIMIT)

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
            if not line.shown and not line.settled:
                self._show(line, SPEAKING)
        if self._passed is not None and not self._passed.may_be_heard_again(self._now):
            self._passed = None  # with its audio

    def _open(self, opened: Opened) -> None:
        self._count += 1
        line = SpokenLine(self._count, opened.start)
        self._let_hear(line)
        self._lines.append(line)
        self._current = line
        line.feed(opened.pcm)

    def _let_hear(self, line: SpokenLine) -> None:
        language = self._pool.language if self._pool is not None else ""

        def show(text: str) -> None:
            if line.said is None:
                self._show(line, self._finishing.partial(text, line.start, language))

        line.hear(self._pool, show, self._pass_on)

    def _show(self, line: SpokenLine, text: str) -> None:
        if text and not line.believes(text):
            return
        line.shown = bool(text)
        self._partials[line.number] = Heard(
            kind="partial",
            utterance=line.number,
            start=line.start,
            end=self._gate.now,
            text=text,
            language=line.latest.language if line.latest is not None else "",
        )
        self._changed.set()

    def _pass_on(self) -> None:
        """A final has come: pass its line on, and those that waited behind it."""
        while self._lines and self._lines[0].settled:
            self._say(self._lines.popleft())
        self._room.set()
        self._changed.set()

    def _say(self, line: SpokenLine) -> None:
        """What was said, once more only where it is better known now."""
        best, before = line.best, line.said
        assert best.final is not None
        confidence = confidence_of(best.final)
        if self._again is not None:  # as if it had not been said yet
            self._finishing.mask, self._again = self._again.mask, None
        mask = self._finishing.mask
        finished = self._finishing.final(best.final, line.start, line.end, best.language)
        self._partials.pop(line.number, None)
        if self._may_turn:
            self._passed = _Passed(line, mask, confidence)
        if before is best:
            return
        if not finished.text or not line.believes(best.final.text, confidence):
            if before is None:
                line.said = best
                self._take_back(line)
            return
        line.said = best
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
                silenced=finished.silenced,
                lag_s=line.lag_s,
                language=best.language,
            )
        )

    def _take_back(self, line: SpokenLine) -> None:
        """It was no speech after all."""
        if line.shown:
            self._partials[line.number] = Heard(
                kind="partial", utterance=line.number, start=line.start, end=line.end, text=""
            )

    def _give_up_waiting(self) -> None:
        """The leg is over and a final did not come in time: the last partial is better than nothing."""
        for line in self._lines:
            if not line.settled:
                log.warning("listener.late", utterance=line.number)
                line.give_up()
        self._pass_on()
