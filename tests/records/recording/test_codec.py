"""What an encoder writes into a sealed file is the sound that went in."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from core.audio import RATE
from records.recording.codec import CONTENT, Codec, Encoder, decode
from records.recording.sealed_file import SealedReader, SealedWriter

KEY = bytes(range(32))


def speech(seconds: int) -> np.ndarray:
    """Something that rises and falls as speech does, the legs in turn."""
    t = np.arange(seconds * RATE) / RATE
    loud = np.clip(np.sin(2 * np.pi * 0.5 * t), 0, 1) * 9000
    left, right = np.sin(2 * np.pi * 300 * t) * loud, np.sin(2 * np.pi * 500 * t) * (9000 - loud)
    return np.stack([left, right], axis=1).astype(np.int16)


@pytest.mark.parametrize("codec", ["opus", "flac", "wav"])
def test_through_a_sealed_file(tmp_path: Path, codec: Codec) -> None:
    sound = speech(60)
    path = tmp_path / "a.mrec"
    with SealedWriter(path, KEY, "rec-1", CONTENT[codec]) as file:
        encoder = Encoder(file, codec)
        for at in range(0, len(sound), 10 * RATE):
            encoder.put(sound[at : at + 10 * RATE])
        encoder.close()
    with SealedReader(path, KEY, "rec-1") as reader:
        data = reader.read(0, reader.size)
    got = decode(io.BytesIO(data))
    assert len(got) == len(sound)
    if codec == "opus":
        error = (got.astype(float) - sound)[RATE:]
        assert np.sqrt((error**2).mean()) < 0.25 * np.sqrt((sound.astype(float) ** 2).mean())
    else:
        assert (got == sound).all()


@pytest.mark.parametrize("codec", ["opus", "flac"])
def test_a_silenced_part_is_silent_in_the_file(codec: Codec) -> None:
    sound = speech(10)
    sound[3 * RATE : 6 * RATE] = 0
    buffer = io.BytesIO()
    encoder = Encoder(buffer, codec)
    encoder.put(sound)
    encoder.close()
    buffer.seek(0)
    part = decode(buffer, 3.1, 2.8)
    assert len(part) == round(2.8 * RATE)
    loudest = np.abs(part.astype(int)).max()
    assert loudest == 0 if codec == "flac" else loudest < 33  # 60 dB below full scale: what a codec hums to itself
