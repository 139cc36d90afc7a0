"""A city's own recording as it came from the studio, made fit for the telephone: 8 kHz, mono, 16 bits.

Read here and not by ``wave``, which knows neither floating point nor WAVE_FORMAT_EXTENSIBLE, and studios write both
(Microsoft, "Multiple channel audio data and WAVE files", 2007).
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soxr

from core.audio import RATE
from core.errors import BadInput
from core.spoken import Samples

LARGEST: Final = 128 << 20
"""Bytes of a recording: four minutes at 96 kHz, stereo, 24 bits, and much more at usual rates."""
LONGEST_S: Final = 600.0
"""Seconds: what a SIP worker plays."""
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_LOWEST, _HIGHEST = 4000, 384_000
"""Hz."""
_CHANNELS = 8


def telephone_recording(path: Path) -> Samples:
    """The recording at telephone rate, its channels mixed, its level as it was recorded.

    Raises ``BadInput`` that names the file, ``OSError`` if it cannot be read.
    """
    if path.stat().st_size > LARGEST:
        raise BadInput(f"{path.name} is larger than {LARGEST >> 20} MB; save it as 8 kHz, mono, 16 bits")
    try:
        sound, rate = _sound_and_rate(path.read_bytes())
    except (ValueError, struct.error) as error:
        raise BadInput(f"{path.name} can't be used ({error}); save it as WAV, PCM, 8 kHz, mono, 16 bits") from error
    narrow = sound if rate == RATE else soxr.resample(sound, rate, RATE)
    return np.round(np.clip(narrow, -1.0, 1.0) * 32767).astype(np.int16)


def _sound_and_rate(data: bytes) -> tuple[npt.NDArray[np.float64], int]:
    """Mono, full scale 1.0; ``ValueError`` says what is wrong."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("it is no WAV file")
    chunks = _chunks(data)
    shape = chunks.get(b"fmt ", b"")
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", shape)
    if kind == _EXTENSIBLE:
        (kind,) = struct.unpack_from("<H", shape, 24)
    if not (_LOWEST <= rate <= _HIGHEST and 1 <= channels <= _CHANNELS):
        raise ValueError(f"{rate} Hz and {channels} channels are not believable")
    pcm = chunks.get(b"data", b"")
    frame = channels * bits // 8
    if not frame or len(pcm) < frame:
        raise ValueError("it is empty")
    if len(pcm) / frame / rate > LONGEST_S:
        raise ValueError(f"it is longer than {LONGEST_S / 60:.0f} minutes")
    samples = _decoded(kind, bits, pcm[: len(pcm) // frame * frame])
    mono: npt.NDArray[np.float64] = np.nan_to_num(samples.reshape(-1, channels).mean(axis=1))
    return mono, rate


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """The chunks by name, the first of each; a length that goes beyond the file ends with it."""
    found: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        found.setdefault(name, data[at + 8 : at + 8 + length])
        at += 8 + length + length % 2
    return found


def _decoded(kind: int, bits: int, pcm: bytes) -> npt.NDArray[np.float64]:
    whole = np.frombuffer(pcm, np.uint8)
    match kind, bits:
        case 1, 8:
            return (whole.astype(np.float64) - 128) / 128
        case 1, 16:
            return np.frombuffer(pcm, "<i2").astype(np.float64) / 2**15
        case 1, 24:
            wide = np.zeros((len(pcm) // 3, 4), np.uint8)
            wide[:, 1:] = whole.reshape(-1, 3)
            return np.frombuffer(wide.tobytes(), "<i4").astype(np.float64) / 2**31
        case 1, 32:
            return np.frombuffer(pcm, "<i4").astype(np.float64) / 2**31
        case 3, 32:
            return np.frombuffer(pcm, "<f4").astype(np.float64)
        case 3, 64:
            return np.frombuffer(pcm, "<f8").astype(np.float64)
    raise ValueError(f"format {kind} with {bits} bits is not known")
