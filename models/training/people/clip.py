"""One recording with its transcript, as it lies on the disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
import numpy.typing as npt
import soxr

from core.audio import RATE
from core.errors import BadInput, EnvironmentFault

if TYPE_CHECKING:
    from types import ModuleType

Floats = npt.NDArray[np.float32]

NEEDS_EXTRA = "reading recordings needs the training packages: pip install 'minwon[training]'"


AUDIO: Final = (".wav", ".flac", ".ogg", ".mp3", ".pcm")
"""Endings of sound files."""
PCM_RATE: Final = 16_000
"""KsponSpeech and AI Hub's other ``.pcm`` files: 16 kHz, 16 bits, little endian, mono, no header."""


def raw_rate(path: Path) -> int:
    """For ``Clip.raw_rate``."""
    return PCM_RATE if path.suffix == ".pcm" else 0


class Clip(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a sound file, who speaks in it and what was said."""

    speaker: str
    """Whoever it is, by any name; '' = nobody knows."""
    name: str
    """Its own within the corpus."""
    text: str
    """The transcript as its corpus writes it; ``transcript.spoken`` makes words of it."""
    path: Path
    start_s: float = 0.0
    end_s: float = 0.0
    """0 = to the end of the file."""
    channel: int = -1
    """Of a stereo recording; -1 = all of them mixed."""
    raw_rate: int = 0
    """Samples per second of a file without a header (16 bits, little endian, mono); 0 = it has one."""


def samples(clip: Clip) -> tuple[Floats, int]:
    """Mono samples in -1..1 at the file's own rate, and that rate. Raises ``BadInput`` when it can't be read."""
    if clip.raw_rate:
        return _headerless(clip), clip.raw_rate
    sound = _soundfile()
    try:
        with sound.SoundFile(str(clip.path)) as file:
            rate = int(file.samplerate)
            begin = int(clip.start_s * rate)
            count = int(clip.end_s * rate) - begin if clip.end_s else -1
            file.seek(min(begin, len(file)))
            block: Floats = file.read(count, dtype="float32", always_2d=True)
    except (RuntimeError, OSError) as error:
        raise BadInput(f"{clip.path} is no sound file that can be read") from error
    if clip.channel >= block.shape[1]:
        raise BadInput(f"{clip.path} has {block.shape[1]} channels, no number {clip.channel}")
    mono: Floats = block.mean(axis=1) if clip.channel < 0 else block[:, clip.channel]
    return mono, rate


def telephone_rate(sound: Floats, rate: int, speed: float = 1.0) -> Floats:
    """At 8 kHz; ``speed`` > 1 is faster and higher, like a tape that runs too fast."""
    if rate == RATE and speed == 1.0:
        return sound
    narrow: Floats = soxr.resample(sound, rate, RATE / speed).astype(np.float32)
    return narrow


def _headerless(clip: Clip) -> Floats:
    try:
        data = clip.path.read_bytes()
    except OSError as error:
        raise BadInput(f"{clip.path} can't be read: {error.strerror}") from error
    wave = np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float32) / np.float32(32768)
    begin = int(clip.start_s * clip.raw_rate)
    end = int(clip.end_s * clip.raw_rate) or len(wave)
    return wave[begin:end]


def _soundfile() -> ModuleType:
    try:
        import soundfile
    except ImportError as error:
        raise EnvironmentFault(NEEDS_EXTRA) from error
    return soundfile  # type: ignore[no-any-return]
