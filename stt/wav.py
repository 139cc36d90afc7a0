"""WAV files of any rate, depth and number of channels as the house's 8 kHz frames, one stream a channel.

Read in blocks and resampled as a stream (soxr), so an hour-long recording needs no memory to speak of. Only what the
standard library's ``wave`` can't is done here: IEEE float and the extensible header.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
import numpy as np
import numpy.typing as npt
import soxr

from core.audio import FRAME_BYTES, FRAME_S, RATE, Frame
from core.errors import BadInput

_BLOCK: Final = 1 << 14
"""Samples of each channel read at once."""
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_MOST_CHANNELS: Final = 8

Floats = npt.NDArray[np.float32]


class WavInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a WAV file's header says."""

    rate: int
    channels: int
    bits: int
    is_float: bool
    data_at: int
    """Where the samples begin."""
    data_bytes: int

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return self.data_bytes / (self.rate * self.channels * self.bits // 8)


def inspect(path: Path) -> WavInfo:
    """Read the header. Raises ``BadInput`` in one line when the file can't be used."""
    try:
        with path.open("rb") as file:
            return _header(file, path)
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}") from error


def frames(path: Path, channel: int) -> Iterator[Frame]:
    """One channel as frames of 20 ms at 8 kHz; the last one is filled up with silence."""
    info = inspect(path)
    resample = soxr.ResampleStream(info.rate, RATE, 1, dtype="float32") if info.rate != RATE else None
    pending = bytearray()
    number = 0
    for block, last in _blocks(path, info, channel):
        if resample is not None:
            block = resample.resample_chunk(block, last=last)
        pending += (np.clip(block, -1, 1) * 32767).astype("<i2").tobytes()
        if last and len(pending) % FRAME_BYTES:
            pending += bytes(FRAME_BYTES - len(pending) % FRAME_BYTES)
        whole = len(pending) // FRAME_BYTES
        for at in range(whole):
            yield Frame(bytes(pending[at * FRAME_BYTES : (at + 1) * FRAME_BYTES]), number * FRAME_S)
            number += 1
        del pending[: whole * FRAME_BYTES]


def _blocks(path: Path, info: WavInfo, channel: int) -> Iterator[tuple[Floats, bool]]:
    stride = info.channels * info.bits // 8
    left = info.data_bytes
    with path.open("rb") as file:
        file.seek(info.data_at)
        while left > 0:
            data = file.read(min(left, _BLOCK * stride))
            left -= len(data)
            yield _samples(data, info)[channel :: info.channels], left <= 0


def _samples(data: bytes, info: WavInfo) -> Floats:
    """Interleaved samples in -1..1."""
    if info.is_float:
        floats: Floats = np.nan_to_num(np.frombuffer(data, f"<f{info.bits // 8}").astype(np.float32))
        return floats
    if info.bits == 8:  # the only unsigned depth
        return (np.frombuffer(data, "u1").astype(np.float32) - 128) / np.float32(128)
    if info.bits == 24:
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        return wide.view("<i4").ravel().astype(np.float32) / np.float32(2**31)
    return np.frombuffer(data, f"<i{info.bits // 8}").astype(np.float32) / np.float32(2 ** (info.bits - 1))


def _header(file: BinaryIO, path: Path) -> WavInfo:
    size = path.stat().st_size
    start = file.read(12)
    if len(start) < 12 or start[:4] not in (b"RIFF", b"RF64") or start[8:] != b"WAVE":
        raise BadInput(f"{path} is no WAV file; convert it: sox {path.name} {path.stem}.wav")
    form: tuple[int, int, int, int] | None = None
    while len(chunk := file.read(8)) == 8:
        name, length = chunk[:4], struct.unpack("<I", chunk[4:])[0]
        at = file.tell()
        if name == b"fmt ":
            form = _format(file.read(min(length, 40)), path)
        elif name == b"data":
            if form is None:
                break
            kind, channels, rate, bits = form
            stride = channels * bits // 8
            # A recorder that was killed leaves a length of 0 or too large: what is there counts.
            there = size - at if length in (0, 0xFFFFFFFF) else min(length, size - at)
            if there < stride:
                raise BadInput(f"{path} holds no audio")
            return WavInfo(
                rate=rate,
                channels=channels,
                bits=bits,
                is_float=kind == _FLOAT,
                data_at=at,
                data_bytes=there // stride * stride,
            )
        file.seek(at + length + length % 2)
    raise BadInput(f"{path} is a broken WAV file: it has no {'format' if form is None else 'audio'}; record it again")


def _format(data: bytes, path: Path) -> tuple[int, int, int, int]:
    if len(data) < 16:
        raise BadInput(f"{path} is a broken WAV file: its format is cut off; record it again")
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", data)
    if kind == _EXTENSIBLE and len(data) >= 26:
        (kind,) = struct.unpack_from("<H", data, 24)
    known = (kind == _PCM and bits in (8, 16, 24, 32)) or (kind == _FLOAT and bits in (32, 64))
    if not known:
        raise BadInput(
            f"{path} has an encoding that can't be read (format {kind}, {bits} bits); convert it: "
            f"sox {path.name} -b 16 -e signed {path.stem}-pcm.wav"
        )
    if not (1 <= channels <= _MOST_CHANNELS and 1000 <= rate <= 384_000):
        raise BadInput(
            f"{path} claims {channels} channels at {rate} Hz; 1 to {_MOST_CHANNELS} at 1 to 384 kHz can be read"
        )
    return kind, channels, rate, bits
