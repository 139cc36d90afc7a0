"""Prompts as files."""

from __future__ import annotations

import os
import wave
from pathlib import Path

import pytest

from core.audio import FRAME_BYTES, FRAME_S
from core.errors import BadInput
from telephony.prompts_folder import FOLDER, HOLD_MUSIC, LONGEST_S, clip_from, load


def test_the_shipped_prompts_are_there_and_can_be_played() -> None:
    prompts = load(FOLDER)
    assert prompts.keys() >= {"connecting", "waiting", "closing", "fault", "music", "ding", HOLD_MUSIC}
    for name, clip in prompts.items():
        assert 0.1 < len(clip) / FRAME_BYTES * FRAME_S < 40, name
        assert len(clip) % FRAME_BYTES == 0
        assert any(clip), f"{name} is silent"


def test_the_last_frame_is_filled_up(tmp_path: Path) -> None:
    path = written(tmp_path / "short.wav", rate=8000, channels=1, samples=161)
    assert len(clip_from(path)) == 2 * FRAME_BYTES


def test_an_empty_file_is_an_empty_clip(tmp_path: Path) -> None:
    assert clip_from(written(tmp_path / "empty.wav", rate=8000, channels=1, samples=0)) == b""


def test_what_is_too_long_is_not_read(tmp_path: Path) -> None:
    path = written(tmp_path / "endless.wav", rate=8000, channels=1, samples=10)
    with path.open("r+b") as file:
        file.truncate(LONGEST_S * 16_000 + (1 << 20))
    with pytest.raises(BadInput, match=r"endless\.wav is longer than 10 minutes"):
        clip_from(path)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    for path in (tmp_path / "pipe.wav", tmp_path):
        with pytest.raises(BadInput, match="is no file"):
            clip_from(path)


@pytest.mark.parametrize(("rate", "channels"), [(16000, 1), (8000, 2)])
def test_another_format_is_told(tmp_path: Path, rate: int, channels: int) -> None:
    path = written(tmp_path / "wrong.wav", rate=rate, channels=channels, samples=100)
    with pytest.raises(BadInput, match=r"wrong\.wav has .* write it as 8 kHz"):
        clip_from(path)


@pytest.mark.parametrize("content", [b"", b"not a WAV at all", b"RIFF\0\0\0\0WAVE"])
def test_what_is_no_wav_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.wav").write_bytes(content)
    with pytest.raises(BadInput, match=r"broken\.wav is no WAV"):
        load(tmp_path)


def written(path: Path, *, rate: int, channels: int, samples: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * channels * samples))
    return path
