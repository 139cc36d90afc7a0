"""WAV files as recorders write them, and as they should not."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audio import FRAME_BYTES, FRAME_S
from core.errors import BadInput
from stt import wav


def riff(data: bytes, rate: int, channels: int, bits: int, kind: int = 1, *, length: int | None = None) -> bytes:
    """A WAV file; kind 0xFFFE writes the extensible header of a PCM file, with a chunk before the data to skip."""
    stride = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * stride, stride, bits)
    if kind == 0xFFFE:
        form += struct.pack("<HHIH14s", 22, bits, 0, 1, b"\0" * 14)
    body = b"WAVE" + b"fmt " + struct.pack("<I", len(form)) + form + b"LIST" + struct.pack("<I", 3) + b"abc\0"
    body += b"data" + struct.pack("<I", len(data) if length is None else length) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def encoded(x: np.ndarray, bits: int, kind: int) -> bytes:
    if kind == 3:
        return x.astype(f"<f{bits // 8}").tobytes()
    if bits == 8:
        return (x * 127 + 128).astype("u1").tobytes()
    whole = (x * (2 ** (bits - 1) - 1)).astype("<i4")
    if bits == 24:
        return whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    return whole.astype(f"<i{bits // 8}").tobytes()


def played(path: Path, channel: int = 0) -> np.ndarray:
    pieces = list(wav.frames(path, channel))
    assert all(len(frame.pcm) == FRAME_BYTES for frame in pieces)
    assert [frame.start for frame in pieces] == pytest.approx([i * FRAME_S for i in range(len(pieces))])
    return np.frombuffer(b"".join(frame.pcm for frame in pieces), "<i2") / 32767


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100, 48000])
@pytest.mark.parametrize(("bits", "kind"), [(8, 1), (16, 1), (24, 1), (32, 1), (32, 3), (64, 3), (16, 0xFFFE)])
def test_every_usual_kind_plays_the_same(tmp_path: Path, rate: int, bits: int, kind: int) -> None:
    """A second of 500 Hz in the right channel of two, silence in the left."""
    x = np.zeros((rate, 2))
    x[:, 1] = 0.5 * np.sin(2 * np.pi * 500 * np.arange(rate) / rate)
    path = tmp_path / "x.wav"
    path.write_bytes(riff(encoded(x.ravel(), bits, kind), rate, 2, bits, kind))
    info = wav.inspect(path)
    assert (info.rate, info.channels, info.seconds) == (rate, 2, pytest.approx(1.0))
    left, right = played(path, 0), played(path, 1)
    assert len(right) == pytest.approx(8000, abs=160)
    assert np.abs(left).max() < 0.01
    spectrum = np.abs(np.fft.rfft(right[:8000]))
    assert spectrum.argmax() == 500
    assert np.sqrt(np.mean(right[800:7200] ** 2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF, 10_000_000])
def test_a_recorder_that_was_killed(tmp_path: Path, length: int) -> None:
    """The header's length is nonsense: what is there is played."""
    path = tmp_path / "x.wav"
    path.write_bytes(riff(bytes(16001), 8000, 1, 16, length=length))
    assert len(played(path)) == 8000


def test_too_loud_and_no_number(tmp_path: Path) -> None:
    """Floats beyond 1 are limited, NaN is silence."""
    path = tmp_path / "x.wav"
    path.write_bytes(riff(np.array([2.0, -3.0, np.nan, 0.5] * 80, "<f4").tobytes(), 8000, 1, 32, 3))
    assert played(path)[:4] == pytest.approx([1, -1, 0, 0.5], abs=1e-3)


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "no WAV file"),
        (b"ID3\4" + bytes(100), "no WAV file; convert it: sox"),
        (riff(b"", 8000, 1, 16), "holds no audio"),
        (riff(bytes(100), 8000, 1, 16)[:30], "broken"),
        (riff(bytes(100), 8000, 1, 16)[:44], "has no audio"),
        (riff(bytes(100), 8000, 1, 4, 2), "encoding.*convert it: sox"),
        (riff(bytes(100), 8000, 1, 8, 7), "encoding.*convert it: sox"),
        (riff(bytes(100), 0, 1, 16), "0 Hz"),
        (riff(bytes(100), 8000, 0, 16), "0 channels"),
        (riff(bytes(1000), 8000, 40, 16), "40 channels"),
        (b"RIFF\0\0\0\0WAVEdata\4\0\0\0abcd", "broken"),
    ],
)
def test_useless_files_are_told_in_one_line(tmp_path: Path, content: bytes, advice: str) -> None:
    """What is wrong, and where it helps, what to do."""
    path = tmp_path / "x.wav"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=advice) as told:
        wav.inspect(path)
    assert "\n" not in str(told.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """Not there; a folder."""
    for path in (tmp_path / "nothing.wav", tmp_path):
        with pytest.raises(BadInput, match="can't be read"):
            wav.inspect(path)


@given(st.binary(max_size=120), st.integers(0, 60))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int) -> None:
    """Never another exception."""
    path = tmp_path_factory.mktemp("wav") / "x.wav"
    good = riff(bytes(64), 8000, 1, 16)
    path.write_bytes(good[:at] + junk + good[at + len(junk) :])
    try:
        info = wav.inspect(path)
        list(wav.frames(path, info.channels - 1))
    except BadInput:
        pass
