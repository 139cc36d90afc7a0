"""Where test sentences are spoken. What was said once in a voice is kept for the next channel."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from core.g711 import Samples
from core.spoken import Speech, Voice


class Booth:
    """Clips in memory, some 50 kB each. ``EnvironmentFault`` without espeak-ng."""

    def __init__(self) -> None:
        self._spoken: dict[tuple[str, Voice], Samples] = {}

    def speak(self, texts: Sequence[str], voices: Sequence[Voice]) -> list[Samples]:
        """Each text in its voice: 8 kHz at the house's level, no silence at its ends. Waits; not for an event loop."""
        wanted = list(zip(texts, voices, strict=True))
        missing = [key for key in dict.fromkeys(wanted) if key not in self._spoken]
        if missing:
            self._spoken.update(zip(missing, asyncio.run(_said(missing)), strict=True))
        return [self._spoken[key] for key in wanted]


async def _said(wanted: Sequence[tuple[str, Voice]]) -> list[Samples]:
    speech = Speech()
    async with asyncio.TaskGroup() as tasks:
        clips = [tasks.create_task(speech.say(text, voice)) for text, voice in wanted]
    return [clip.result() for clip in clips]
