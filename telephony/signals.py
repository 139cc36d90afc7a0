"""The line on which a call tells its owner what happened: bounded, in order, ended by the caller's ``LegEnded``."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from core.events import Speaker
from telephony.contract import AnySignal, Key, LegEnded, LegSound, PromptDone

LIMIT = 256


class SignalQueue:
    """At most 256 signals wait. When full, the oldest key press goes; without one, the oldest signal.

    ``LegEnded`` is never dropped. Of a speaker's ``LegSound`` only the newest waits, in the place of the one before:
    an older one is no news. After the caller's ``LegEnded`` nothing is taken any more and the iteration ends.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._signals: deque[AnySignal] = deque()
        self._limit = limit
        self._wake = asyncio.Event()
        self._over = False
        self.dropped = 0

    @property
    def over(self) -> bool:
        """Whether the caller's leg has ended."""
        return self._over

    def put(self, signal: AnySignal) -> None:
        """Add a signal; never waits. Ignored once the call is over."""
        if self._over or (isinstance(signal, LegSound) and self._replaced(signal)):
            return
        ending = isinstance(signal, LegEnded)
        if len(self._signals) >= self._limit and not self._made_room() and not ending:
            self.dropped += 1
            return
        self._signals.append(signal)
        self._over = ending and signal.speaker == "caller"
        self._wake.set()

    def withdraw_prompt(self, speaker: Speaker) -> None:
        """Forget a ``PromptDone`` of that side which nobody has read: another prompt is wanted now, or none."""
        self._signals = deque(s for s in self._signals if not (isinstance(s, PromptDone) and s.speaker == speaker))

    def _replaced(self, sound: LegSound) -> bool:
        for place, waiting in enumerate(self._signals):
            if isinstance(waiting, LegSound) and waiting.speaker == sound.speaker:
                self._signals[place] = sound
                return True
        return False

    def _made_room(self) -> bool:
        keys = (s for s in self._signals if isinstance(s, Key))
        others = (s for s in self._signals if not isinstance(s, LegEnded))
        victim: AnySignal | None = next(keys, None) or next(others, None)
        if victim is None:
            return False
        self._signals.remove(victim)
        self.dropped += 1
        return True

    def __len__(self) -> int:
        return len(self._signals)

    async def __aiter__(self) -> AsyncIterator[AnySignal]:
        while True:
            while self._signals:
                yield self._signals.popleft()
            if self._over:
                return
            self._wake.clear()
            await self._wake.wait()
