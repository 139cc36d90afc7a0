"""Scripted people's voices: sentences rendered by espeak-ng, brought to telephone rate and level, kept as WAV files."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import wave
from asyncio.subprocess import PIPE
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec
import numpy as np
import numpy.typing as npt
import soxr

from core.audio import RATE
from core.errors import BadInput, EnvironmentFault
from server.demo.noise import Kind, noise

VOICE_DBFS = -20.0
"""Mean power of a voice while it sounds: a clear telephone voice with headroom for the noise."""
_PEAK = 0.8
"""No sample goes beyond this, even if the voice stays softer for it."""
NOISE_S = 20.0
"""Length of a noise loop."""
_SAY_S = 20.0
_EDGE = 0.005
"""Samples under this share of full scale at either end are silence; what is kept of it is ``_MARGIN_S``."""
_MARGIN_S = 0.05
_FORM = 1
"""Raised when rendering changes, so that old files of the cache are not taken for new ones."""


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody sounds."""

    variant: str = ""
    """espeak-ng voice variant: 'm3', 'f2', 'klatt4'; '' = the plain Korean voice."""
    pitch: int = 50
    """0..99."""
    speed: int = 160
    """Words a minute, 80..450."""


class VoiceBox:
    """Renders sentences and noises into a folder; what is there already is not made again."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._espeak = shutil.which("espeak-ng")
        if self._espeak is None:
            raise EnvironmentFault("espeak-ng is missing: apt-get install espeak-ng")
        cache.mkdir(parents=True, exist_ok=True)

    async def say(self, text: str, voice: Voice) -> Path:
        """The sentence as 8 kHz mono WAV.

        Raises ``BadInput`` for a text without a sound, ``EnvironmentFault`` when espeak-ng fails.
        """
        target = self._cache / f"{_digest(_FORM, text, voice)}.wav"
        if not target.exists():
            await asyncio.to_thread(_write, target, telephone(*await self._speak(text, voice)))
        return target

    async def noise(self, kind: Kind, seed: int, snr_db: float) -> Path:
        """Background noise to loop, so far below the voices, as 8 kHz mono WAV."""
        target = self._cache / f"{_digest(_FORM, kind, seed, snr_db)}.wav"
        if not target.exists():
            await asyncio.to_thread(lambda: _write(target, noise(kind, NOISE_S, seed, VOICE_DBFS - snr_db)))
        return target

    async def _speak(self, text: str, voice: Voice) -> tuple[npt.NDArray[np.int16], int]:
        """What espeak-ng makes of it, at its own rate (22,050 Hz)."""
        name = f"ko+{voice.variant}" if voice.variant else "ko"
        manner = ("-v", name, "-p", str(voice.pitch), "-s", str(voice.speed))
        assert self._espeak is not None
        with NamedTemporaryFile(dir=self._cache, prefix=".", suffix=".wav") as spoken:
            process = await asyncio.create_subprocess_exec(
                self._espeak, *manner, "-w", spoken.name, "--stdin", stdin=PIPE, stderr=PIPE
            )
            try:
                async with asyncio.timeout(_SAY_S):
                    _, complaint = await process.communicate(text.encode())
            except TimeoutError as error:
                raise EnvironmentFault(f"espeak-ng did not finish in {_SAY_S:.0f} s: is the machine busy?") from error
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
            if process.returncode != 0:
                why = complaint.decode(errors="replace").strip()
                raise EnvironmentFault(f"espeak-ng can't speak as '{name}': {why}")
            return _read(spoken.name)


def telephone(sound: npt.NDArray[np.int16], rate: int) -> npt.NDArray[np.int16]:
    """Bring a voice to 8 kHz and one level, without the silence at its ends. Raises ``BadInput`` if all is silence."""
    narrow = soxr.resample(sound.astype(np.float64) / 32768, rate, RATE)
    audible = np.flatnonzero(np.abs(narrow) > _EDGE)
    if not len(audible):
        raise BadInput("espeak-ng makes no sound of this text: is it Korean?")
    margin = int(_MARGIN_S * RATE)
    narrow = narrow[max(0, audible[0] - margin) : audible[-1] + margin]
    loudness = float(np.sqrt(np.mean(np.square(narrow[np.abs(narrow) > _EDGE]))))
    gain = min(10 ** (VOICE_DBFS / 20) / loudness, _PEAK / float(np.max(np.abs(narrow))))
    level: npt.NDArray[np.float64] = narrow * gain * 32767
    return np.round(level).astype(np.int16)


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _read(path: str) -> tuple[npt.NDArray[np.int16], int]:
    with wave.open(path, "rb") as spoken:
        return np.frombuffer(spoken.readframes(spoken.getnframes()), dtype="<i2"), spoken.getframerate()


def _write(target: Path, sound: npt.NDArray[np.int16]) -> None:
    """Whole or not at all: another process may look for the same file."""
    with NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as draft, wave.open(draft, "wb") as clip:
        clip.setparams((1, 2, RATE, 0, "NONE", ""))
        clip.writeframes(sound.astype("<i2").tobytes())
    Path(draft.name).rename(target)
