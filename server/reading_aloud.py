"""What the caller types, read aloud to the agent who asked for it: one message after the other."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Final, Protocol

from ars.model import Language
from core.errors import MinwonError
from core.log import get_logger
from telephony.contract import Call

log = get_logger("server.reading_aloud")

LIMIT: Final = 8
"""Messages that may wait; beyond it the oldest is left out: it stands on the desk all the same."""


class OnceVoices(Protocol):
    """Where a caller's own words become a file for one hearing: ``ars.prompts.Prompts``."""

    async def once(self, text: str, language: Language) -> Path:
        """A private file that is soon gone."""

    def forget(self, path: Path) -> None:
        """It has been heard."""


class ReadingAloud:
    """For one call. ``on``: the agent wishes it."""

    def __init__(self, call: Call, voices: OnceVoices) -> None:
        self.on = False
        self._call = call
        self._voices = voices
        self._waiting: deque[str] = deque(maxlen=LIMIT)
        self._playing: Path | None = None

    async def typed(self, text: str) -> None:
        """The caller wrote this; personal numbers are out of it already."""
        if self.on:
            self._waiting.append(text)
            if self._playing is None:
                await self._next()

    async def prompt_done(self, prompt: str) -> None:
        """A prompt for the agent was played to its end."""
        if self._playing is not None and prompt == str(self._playing):
            self._voices.forget(self._playing)
            self._playing = None
            await self._next()

    async def _next(self) -> None:
        while self._waiting and self._playing is None:
            try:
                self._playing = await self._voices.once(self._waiting.popleft(), "ko")
            except MinwonError as fault:
                log.warning("typed.not_spoken", call_id=self._call.call_id, code=fault.code)
                continue
            await self._call.play(str(self._playing), to="agent")
