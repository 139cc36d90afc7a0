"""What a softphone says: WAV files cut into frames. Its mouth and ear are heard in test_softphone.py."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from core.audio import FRAME_BYTES
from core.errors import BadInput
from telephony.sip_worker_softphone_media import Clip, read_wav


def write(path: Path, *, rate: int = 8000, channels: int = 1, width: int = 2, pcm: bytes = b"\1\0" * 400) -> Path:
    with wave.open(str(path), "wb") as clip:
        clip.setparams((channels, width, rate, 0, "NONE", ""))
        clip.writeframes(pcm)
    return path


def test_a_clip_is_cut_into_whole_frames() -> None:
    clip = Clip(7, b"\1\0" * 400)
    frames = []
    while not clip.over:
        frames.append(clip.next_frame())
    assert [len(frame) for frame in frames] == [FRAME_BYTES] * 3
    assert b"".join(frames) == b"\1\0" * 400 + bytes(160)
    assert clip.seconds == 0.05


def test_an_empty_clip_is_over_at_once() -> None:
    assert Clip(1, b"").over


def test_samples_are_read(tmp_path: Path) -> None:
    assert read_wav(str(write(tmp_path / "a.wav"))) == b"\1\0" * 400


@pytest.mark.parametrize("wrong", [{"rate": 16000}, {"channels": 2}, {"width": 1}])
def test_other_kinds_are_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    path = write(tmp_path / "a.wav", **wrong)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="8 kHz, mono, 16 bits"):
        read_wav(str(path))


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no wave at all, but long enough to look"])
def test_what_is_no_wav_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"a\.wav"):
        read_wav(str(path))
