"""Prompts as files."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from core.audio import FRAME_BYTES, FRAME_S
from core.errors import BadInput
from telephony.prompts_folder import FOLDER, HOLD_MUSIC, clip_from, load


def test_the_shipped_prompts_are_there_and_can_be_played() -> None:
    prompts = load(FOLDER)
    assert prompts.keys() >= {"connecting", "waiting", "closing", "fault", HOLD_MUSIC}
    for name, clip in prompts.items():
        assert 2 < len(clip) * FRAME_S < 30, name
        assert {len(piece) for piece in clip} == {FRAME_BYTES}
        assert any(any(piece) for piece in clip), f"{name} is silent"


def test_the_last_piece_is_filled_up(tmp_path: Path) -> None:
    path = written(tmp_path / "short.wav", rate=8000, channels=1, samples=161)
    assert [len(piece) for piece in clip_from(path)] == [FRAME_BYTES, FRAME_BYTES]


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
