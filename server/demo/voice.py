"""Scripted people's voices and the noise around them, rendered once and kept as WAV files."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from core.spoken import FORM, VOICE_DBFS, Speech, Voice, telephone, write_wav
from server.demo.noise import Kind, noise

__all__ = ["NOISE_S", "VOICE_DBFS", "Voice", "VoiceBox", "telephone"]

NOISE_S = 20.0
"""Length of a noise loop."""


class VoiceBox:
    """Renders sentences and noises into a folder; what is there already is not made again."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._speech = Speech()
        cache.mkdir(parents=True, exist_ok=True)

    async def say(self, text: str, voice: Voice) -> Path:
        """The sentence as 8 kHz mono WAV.

        Raises ``BadInput`` for a text without a sound, ``EnvironmentFault`` when espeak-ng fails.
        """
        target = self._cache / f"{_digest(FORM, text, voice)}.wav"
        if not target.exists():
            sound = await self._speech.say(text, voice)
            await asyncio.to_thread(write_wav, target, sound)
        return target

    async def noise(self, kind: Kind, seed: int, snr_db: float) -> Path:
        """Background noise to loop, so far below the voices, as 8 kHz mono WAV."""
        target = self._cache / f"{_digest(FORM, kind, seed, snr_db)}.wav"
        if not target.exists():
            await asyncio.to_thread(lambda: write_wav(target, noise(kind, NOISE_S, seed, VOICE_DBFS - snr_db)))
        return target


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]
