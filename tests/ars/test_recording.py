"""Recordings from the studio."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ars.recording import LARGEST, _sound_and_rate, telephone_recording
from core.audio import RATE
from core.errors import BadInput

PCM, FLOAT = 1, 3


def wav(
    samples: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    *,
    rate: int = 8000,
    bits: int = 16,
    kind: int = PCM,
    extensible: bool = False,
) -> bytes:
    """A WAV file; ``samples`` by time and channel, full scale 1.0."""
    channels = samples.shape[1]
    match kind, bits:
        case 1, 8:
            pcm = (samples * 127 + 128).astype(np.uint8).tobytes()
        case 1, 24:
            wide = (samples * (2**23 - 1)).astype("<i4").reshape(-1)
            pcm = wide.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
        case 1, _:
            pcm = (samples * (2 ** (bits - 1) - 1)).astype(f"<i{bits // 8}").tobytes()
        case _:
            pcm = samples.astype(f"<f{bits // 8}").tobytes()
    frame = channels * bits // 8
    shape = struct.pack("<HHIIHH", 0xFFFE if extensible else kind, channels, rate, rate * frame, frame, bits)
    if extensible:
        shape += struct.pack("<HHIH", 22, bits, 0, kind) + bytes.fromhex("000000001000800000aa00389b71")
    chunks = _chunk(b"fmt ", shape) + _chunk(b"LIST", b"odd") + _chunk(b"data", pcm)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def tone(rate: int, channels: int = 1, seconds: float = 0.5) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    wave = 0.5 * np.sin(2 * np.pi * 500 * np.arange(int(rate * seconds)) / rate)
    return np.repeat(wave[:, None], channels, axis=1)


@pytest.mark.parametrize(
    ("rate", "channels", "bits", "kind", "extensible"),
    [
        (8000, 1, 16, PCM, False),
        (48000, 2, 24, PCM, True),
        (44100, 2, 16, PCM, False),
        (96000, 1, 32, FLOAT, True),
        (16000, 1, 64, FLOAT, False),
        (22050, 1, 32, PCM, False),
        (8000, 1, 8, PCM, False),
    ],
)
def test_any_studio_format_becomes_the_same_telephone_tone(
    tmp_path: Path, rate: int, channels: int, bits: int, kind: int, extensible: bool
) -> None:
    (tmp_path / "a.wav").write_bytes(wav(tone(rate, channels), rate=rate, bits=bits, kind=kind, extensible=extensible))
    sound = telephone_recording(tmp_path / "a.wav")
    assert sound.dtype == np.int16 and len(sound) == pytest.approx(RATE // 2, abs=2)
    middle = sound[1000:3000].astype(float)
    assert np.abs(middle).max() == pytest.approx(0.5 * 32767, rel=0.03)
    assert np.argmax(np.abs(np.fft.rfft(middle))) * RATE / len(middle) == pytest.approx(500, abs=5)


def test_what_is_louder_than_full_scale_is_cut_not_turned_over(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(tone(8000) * 4, kind=FLOAT, bits=32))
    sound = telephone_recording(tmp_path / "a.wav")
    assert sound.max() == 32767 and sound.min() == -32767


def test_a_file_that_ends_too_early_is_played_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = wav(tone(8000))
    (tmp_path / "a.wav").write_bytes(whole[:-4001])
    assert len(telephone_recording(tmp_path / "a.wav")) == 1999


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no WAV"),
        (b"ID3 an mp3", "no WAV"),
        (wav(tone(8000))[:30], "can't be used"),
        (wav(np.zeros((0, 1))), "empty"),
        (wav(tone(8000), rate=7), "not believable"),
        (wav(tone(8000)).replace(struct.pack("<HH", 1, 1), struct.pack("<HH", 7, 1), 1), "format 7 with 16 bits"),
        (wav(np.zeros((4000 * 601, 1)), rate=4000, bits=8), "longer than 10 minutes"),
    ],
)
def test_what_cannot_be_used_is_told_with_the_way_out(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "greeting.ko.wav").write_bytes(content)
    with pytest.raises(
        BadInput, match=rf"greeting\.ko\.wav can't be used \(.*{why}|can't be used.*save it as"
    ) as caught:
        telephone_recording(tmp_path / "greeting.ko.wav")
    assert why in str(caught.value) and "save it as WAV, PCM, 8 kHz, mono, 16 bits" in str(caught.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.wav").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(BadInput, match="larger than 128 MB"):
        telephone_recording(tmp_path / "a.wav")


@given(st.integers(0, 100), st.binary(min_size=1, max_size=8))
def test_broken_bytes_are_told_and_nothing_else(at: int, noise: bytes) -> None:
    whole = wav(tone(8000, seconds=0.01))
    try:
        sound, rate = _sound_and_rate(whole[:at] + noise + whole[at + len(noise) :])
    except (ValueError, struct.error):
        return
    assert np.isfinite(sound).all() and rate >= 4000
