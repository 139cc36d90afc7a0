"""Speech and other sounds for tests, made when a test asks for them: espeak-ng, G.711, tones, music."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
import soxr

from core.audio import FRAME_BYTES, FRAME_S, RATE, Frame

Samples = npt.NDArray[np.float64]

TINY_NOISE = 1e-4
"""What a quiet telephone line adds, as a share of full scale."""


@cache
def say(text: str, voice: str = "ko+f4", speed: int = 160) -> Samples:
    """The sentence at 8 kHz, loudest sample 1, nothing before or behind."""
    program = shutil.which("espeak-ng")
    if program is None:
        pytest.skip("espeak-ng is not installed")
    spoken = subprocess.run(
        [program, "-v", voice, "-s", str(speed), "--stdout", text], capture_output=True, check=True
    ).stdout
    with wave.open(io.BytesIO(spoken)) as file:
        rate = file.getframerate()
    x = soxr.resample(np.frombuffer(spoken[44:], "<i2") / 32768, rate, RATE)
    loud = np.nonzero(np.abs(x) > 0.01)[0]
    x = x[loud[0] : loud[-1] + 1]
    return np.asarray(x / np.abs(x).max())


def pause(seconds: float) -> Samples:
    """Nothing."""
    return np.zeros(round(seconds * RATE))


def line(*parts: Samples, level: float = 0.5, noise: float = TINY_NOISE) -> bytes:
    """The parts one after the other, as they arrive over a G.711 mu-law line, in whole frames."""
    x = np.concatenate(parts) * level
    x = x + np.random.default_rng(7).standard_normal(len(x)) * noise
    x = np.concatenate([x, np.zeros(-len(x) % (FRAME_BYTES // 2))])
    squeezed = np.round(np.sign(x) * np.log1p(255 * np.abs(np.clip(x, -1, 1))) / np.log(256) * 127) / 127
    y = np.sign(squeezed) * np.expm1(np.abs(squeezed) * np.log(256)) / 255
    return (y * 32767).astype("<i2").tobytes()


def cut(pcm: bytes) -> list[bytes]:
    """Frames of 20 ms."""
    return [pcm[at : at + FRAME_BYTES] for at in range(0, len(pcm), FRAME_BYTES)]


def frames(pcm: bytes, start: float = 0.0) -> Iterator[Frame]:
    """Frames with their times."""
    for number, piece in enumerate(cut(pcm)):
        yield Frame(piece, start + number * FRAME_S)


def tone(*hertz: float, seconds: float, on: float = 1.0, period: float = 1.0, level: float = 0.2) -> Samples:
    """Sine waves, for ``on`` seconds of every ``period``."""
    t = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(level * sum(np.sin(2 * np.pi * f * t) for f in hertz) * (t % period < on))


def keys(digits: str, level: float = 0.3) -> Samples:
    """DTMF (ITU-T Q.23): 100 ms a key, 100 ms between."""
    rows, columns = (697, 770, 852, 941), (1209, 1336, 1477)
    parts = []
    for digit in digits:
        row, column = divmod("123456789*0#".index(digit), 3)
        parts += [tone(rows[row], columns[column], seconds=0.1, level=level), pause(0.1)]
    return np.concatenate(parts)


def music(seconds: float, seed: int) -> Samples:
    """Chords of a plucked, six-partial instrument: as much hold music as arithmetic can make."""
    rng = np.random.default_rng(seed)
    scale = 261.6 * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16]) / 12)
    x = np.zeros(round((seconds + 3) * RATE))
    at = 0.0
    while at < seconds:
        long = float(rng.choice([0.25, 0.5, 0.5, 1.0]))
        t = np.arange(round(long * 1.6 * RATE)) / RATE
        for f in rng.choice(scale, rng.integers(1, 4), replace=False):
            note = sum(np.sin(2 * np.pi * f * h * t) / h**1.3 for h in range(1, 7) if f * h < 3800)
            x[round(at * RATE) : round(at * RATE) + len(t)] += note * np.exp(-2.5 * t)
        at += long
    x = x[: round(seconds * RATE)]
    return np.asarray(x / np.abs(x).max())


def bare(text: str) -> str:
    """Without spaces: word spacing is a convention."""
    return text.replace(" ", "")
