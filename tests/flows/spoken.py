"""Korean speech for tests, as the telephone brings it: espeak-ng, 8 kHz, through G.711 mu-law and back."""

from __future__ import annotations

import functools
import io
import subprocess
import wave

import numpy as np
import soxr

from core.audio import RATE

_MU = 255.0


@functools.cache
def spoken(text: str, voice: str = "f2", speed: int = 150, pitch: int = 50) -> bytes:
    """The sentence as 8 kHz mono s16le."""
    command = ["espeak-ng", "-v", f"ko+{voice}", "-s", str(speed), "-p", str(pitch), "--stdout", text]
    wav = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(wav)) as file:
        rate = file.getframerate()
    samples = np.frombuffer(wav[44:], "<i2").astype(np.float32) / 32768
    telephone = soxr.resample(samples, rate, RATE) * 0.6
    return (_g711(telephone) * 32767).astype("<i2").tobytes()


def _g711(samples: np.ndarray) -> np.ndarray:
    """Companded to 8 bits and back (ITU-T G.711, mu-law's formula)."""
    clipped = np.clip(samples, -1, 1)
    code = np.round(np.sign(clipped) * np.log1p(_MU * np.abs(clipped)) / np.log1p(_MU) * 127)
    return np.sign(code) * np.expm1(np.abs(code) / 127 * np.log1p(_MU)) / _MU
