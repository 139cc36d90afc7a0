"""Texts that wait for their moment: the seconds in which they may be taken back, the night.

They are in the store before anybody is told that they wait, and become messages there in one transaction: a node that
is killed in between has lost none, and sends none twice. What waits for seconds goes by the machine's monotonic clock,
what waits for the morning by the wall clock, looked at again and again.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Final, Self

from core.errors import MinwonError
from core.events import now
from core.log import get_logger
from core.store.texting import TextingStore, WaitingText

log = get_logger("channels.waiting_texts")

LOOK_S: Final = 20.0
"""So often what waits for the morning looks at the wall clock, which may have been put."""
AGAIN_S: Final = 5.0
"""What could not be handed over (the store is away, the messenger is full) is tried again so soon."""

HandOver = Callable[[WaitingText], Awaitable[bool]]
"""Whether it waits no more; False or a fault = try again."""


class WaitingTexts:
    """One for each node; ``hand_over`` is given each text when it is due."""

    def __init__(self, store: TextingStore, hand_over: HandOver, *, again_s: float = AGAIN_S) -> None:
        self._store = store
        self._hand_over = hand_over
        self._again_s = again_s
        self._texts: dict[str, WaitingText] = {}
        self._heap: list[tuple[float, int, str]] = []
        self._numbers = itertools.count()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """What waited when an earlier node ended goes on waiting. Raises ``StoreFault``."""
        for text in await self._store.waiting():
            self._arm(text)
        if self._texts:
            log.info("waiting_texts.resumes", texts=len(self._texts))
        self._task = asyncio.create_task(self._run(), name="waiting texts")
        return self

    async def __aexit__(self, *exc: object) -> None:
        """What waits is in the store, for the next node."""
        assert self._task is not None, "not entered"
        self._task.cancel()
        await asyncio.wait([self._task])
        if not self._task.cancelled():
            self._task.result()

    @property
    def healthy(self) -> bool:
        """The task lives."""
        return self._task is not None and not self._task.done()

    def get(self, message_id: str) -> WaitingText | None:
        """A text that waits here."""
        return self._texts.get(message_id)

    @property
    def all(self) -> list[WaitingText]:
        """All that wait here, the most urgent first."""
        return sorted(self._texts.values(), key=lambda text: (text.due, text.message_id))

    async def put(self, text: WaitingText) -> bool:
        """Keep it and let it wait; False = it is known already. Raises ``StoreFault``."""
        if text.message_id in self._texts or not await self._store.put_waiting(text):
            return False
        self._arm(text)
        self._wake.set()
        return True

    async def take_back(self, message_id: str) -> WaitingText | None:
        """It is not to be sent; None = it waits no more. Raises ``StoreFault``."""
        taken = await self._store.drop_waiting(message_id)
        self._texts.pop(message_id, None)
        return taken

    def _arm(self, text: WaitingText) -> None:
        self._texts[text.message_id] = text
        left = (text.due - now()).total_seconds()
        if text.why == "undo":  # the wall clock may have been put while nobody looked: it never waits longer
            left = min(left, (text.due - text.at).total_seconds())
        self._put_off(text, left)

    def _put_off(self, text: WaitingText, seconds: float) -> None:
        """Look at it after so long, or sooner where the wall clock decides."""
        if text.why == "quiet":
            seconds = min(seconds, LOOK_S)
        heapq.heappush(self._heap, (time.monotonic() + max(0.0, seconds), next(self._numbers), text.message_id))

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            while self._heap and self._heap[0][0] <= time.monotonic():
                _moment, _number, message_id = heapq.heappop(self._heap)
                if text := self._texts.get(message_id):
                    await self._look(text)
            pause = self._heap[0][0] - time.monotonic() if self._heap else None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _look(self, text: WaitingText) -> None:
        """Its moment has come, or the wall clock is to be looked at."""
        left = (text.due - now()).total_seconds() if text.why == "quiet" else 0.0
        if left > 0:
            self._put_off(text, left)
            return
        try:
            done = await self._hand_over(text)
        except MinwonError as fault:
            log.error("waiting_texts.not_handed_over", message_id=text.message_id, code=fault.code, why=str(fault))
            done = False
        if done:
            self._texts.pop(text.message_id, None)
        else:
            self._put_off(text, self._again_s)
