"""What a caller hears of recording before anything else: that the call may be recorded, or the question whether it may.

In her language where a voice on this machine has it, else by the prompts that are shipped (Korean, English). A caller
who presses nothing has not agreed; one whose call is not recorded hears nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from ars.model import Language
from ars.words import say
from core.log import get_logger
from server.announcing import Announcing
from server.recording.call_recording import CallRecording

log = get_logger("server.recording.consent")

AGREES: Final = "1"
ANSWER_S: Final = 6.0
"""So long after the question a key is waited for."""


class Consent:
    """For one call."""

    def __init__(self, recording: CallRecording, announcing: Announcing, language: Callable[[], Language]) -> None:
        self._recording = recording
        self._announcing = announcing
        self._language = language
        self._answer: asyncio.Future[str] | None = None

    @property
    def takes_keys(self) -> bool:
        """Whether the caller's keys are the answer."""
        return self._answer is not None and not self._answer.done()

    def key(self, digit: str) -> None:
        """The caller pressed a key while ``takes_keys``."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(digit)

    async def before_talk(self) -> None:
        """Say what is to be said; returns when the caller has heard it, or answered."""
        recording = self._recording
        if recording.rule == "always" and recording.notice:
            await self._hear("notice")
        elif recording.rule == "consent":
            self._answer = asyncio.get_running_loop().create_future()
            told = asyncio.Event()
            heard = asyncio.create_task(self._hear("consent"))
            try:
                heard.add_done_callback(lambda _task: told.set())
                self._answer.add_done_callback(lambda _answer: told.set())
                await told.wait()
                async with asyncio.timeout(ANSWER_S):
                    answer = await self._answer
            except TimeoutError:
                answer = ""
            finally:
                self._answer.cancel()
                heard.cancel()
            if answer == AGREES:
                recording.consents()
            log.info("recording.asked", call_id=recording.call_id, agreed=answer == AGREES)

    async def notice(self) -> None:
        """Somebody has just started the recording in the middle of the talk: the caller is told, nobody waits."""
        if self._recording.notice:
            await self._announcing.notice(*self._said("notice"))

    async def _hear(self, what: str) -> None:
        await self._announcing.notice_out(*self._said(what))

    def _said(self, what: str) -> tuple[str, str, Language, str]:
        language, name = self._language(), f"recording-{what}"
        shipped = name if language == "ko" else f"{name}-en"
        return say(language, f"voice.recording_{what}"), shipped, language, name
