"""Whether the caller hears hold music: by the agent's hold key, or because she asks a third party first."""

from __future__ import annotations

import math
from collections.abc import Callable

from core.events import CallHeld, CallResumed, now
from server.line import Line
from telephony.contract import Call


class CallerHold:
    """For one call. The telephone is asked by whoever calls this; here is what follows for the words and the desk."""

    def __init__(self, call: Call, line: Line, told: Callable[[bool], None]) -> None:
        """``told`` is called whenever it begins or ends."""
        self._told = told
        self._call = call
        self._line = line
        self._from = self._until = -math.inf
        """Seconds since the call began: the newest hold."""
        self._by_key = False
        """The desk was told of a hold that is no transfer's."""

    @property
    def on(self) -> bool:
        """The caller hears music now."""
        return self._until == math.inf

    def at(self, second: float) -> bool:
        """Whether she did in that second of the call."""
        return self._from <= second < self._until

    def begins(self) -> None:
        """A third party is being asked."""
        if not self.on:
            self._from, self._until = self._now_s(), math.inf
            self._told(True)

    async def by_key(self) -> None:
        """The agent holds the caller; told."""
        self.begins()
        self._by_key = True
        await self._line.say(CallHeld(by="agent"))

    async def ends(self) -> None:
        """She is heard and hears again, whoever ended it; told where the beginning was."""
        if self.on:
            self._until = self._now_s()
            self._told(False)
        if self._by_key:
            self._by_key = False
            await self._line.say(CallResumed(by="agent"))

    def adopt(self) -> None:
        """A node before us had this call."""
        if self._call.on_hold:
            self.begins()
            self._by_key = not self._call.adopted_third

    def _now_s(self) -> float:
        return (now() - self._call.started).total_seconds()
