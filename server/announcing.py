"""What the house itself says to a caller outside of the menu: a warning in the middle of the talk, the last words."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final, Protocol

from ars.model import Language
from core.errors import MinwonError
from core.log import get_logger
from telephony.contract import Call

log = get_logger("server.announcing")

FAREWELL_S: Final = 15.0
"""The longest last words that we wait for."""


class Voices(Protocol):
    """Where sentences become files: ``ars.prompts.Prompts``."""

    async def path(self, text: str, language: Language, name: str = "") -> object:
        """The WAV file's path."""


class Announcing:
    """For one call."""

    def __init__(self, call: Call, voices: Voices | None) -> None:
        """Without ``voices`` nothing but the shipped prompts can be said."""
        self._call = call
        self._voices = voices
        self._done = asyncio.Event()

    def prompt_done(self) -> None:
        """A prompt for the caller was played to its end."""
        self._done.set()

    async def say(self, text: str, language: Language = "ko") -> None:
        """To the caller alone. Without a voice on this machine: ``EnvironmentFault``."""
        if self._voices is None or not text:
            self._done.set()
            return
        await self._call.play(str(await self._voices.path(text, language)))

    async def say_out(self, text: str) -> None:
        """And wait until she has heard it; she is not kept waiting for a voice that does not come."""
        self._done.clear()
        try:
            await self.say(text)
            async with asyncio.timeout(FAREWELL_S):
                await self._done.wait()
        except (MinwonError, TimeoutError) as fault:
            why = str(fault) or "the voice took too long"
            log.warning("call.end_not_announced", call_id=self._call.call_id, why=why)

    async def notice(self, text: str, prompt: str, language: Language, name: str) -> None:
        """Of the house's notices: the city's recording ``name`` or a voice of this machine, else the shipped
        ``prompt``."""
        if self._voices is not None:
            try:
                await self._call.play(str(await self._voices.path(text, language, name)))
                return
            except MinwonError as fault:
                log.info("notice.shipped_prompt", call_id=self._call.call_id, code=fault.code)
        await self._call.play(prompt)

    async def notice_out(self, text: str, prompt: str, language: Language, name: str) -> None:
        """And wait until she has heard it, or for as long as for last words."""
        self._done.clear()
        await self.notice(text, prompt, language, name)
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                await self._done.wait()

    async def close(self, over: asyncio.Event) -> None:
        """The closing prompt, until it was heard or the call is ``over``."""
        self._done.clear()
        await self._call.play("closing")
        waits = {asyncio.create_task(event.wait()) for event in (self._done, over)}
        await asyncio.wait(waits, timeout=FAREWELL_S, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
