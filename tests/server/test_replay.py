"""`minwon replay` over recordings as people have them."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
import pytest

from core.audio import RATE
from core.config import Config, SttConfig
from core.errors import BadInput
from server.replay import play
from tests.flows.spoken import spoken

CONFIG = Config(stt=SttConfig(workers=1))


def write(path: Path, *legs: bytes) -> Path:
    """A WAV with one channel for each leg."""
    longest = max(len(leg) for leg in legs)
    samples = [np.frombuffer(leg.ljust(longest, b"\0"), "<i2") for leg in legs]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(legs))
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.column_stack(samples).astype("<i2").tobytes())
    return path


async def test_a_stereo_recording_is_a_call_of_two_legs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pause = bytes(RATE * 2)
    agent, caller = spoken("무엇을 도와 드릴까요"), spoken("대형 폐기물 스티커는 어디에서 사나요")
    file = write(tmp_path / "call.wav", pause + agent, pause + bytes(len(agent)) + pause + caller)
    await play([file], CONFIG, json=True, fast=True)
    finals = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(final["leg"], final["file"]) for final in finals] == [(0, str(file)), (1, str(file))]
    assert "폐기물" in finals[1]["text"]
    assert 0.9 < finals[0]["start"] < finals[0]["end"] <= finals[1]["start"]
    assert {"text", "start", "end", "confidence"} <= set(finals[0]["words"][0])


async def test_a_file_without_audio_is_said_before_any_is_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write(tmp_path / "good.wav", spoken("네"))
    empty = write(tmp_path / "empty.wav", b"")
    with pytest.raises(BadInput, match=r"empty\.wav"):
        await play([good, empty], CONFIG, json=False, fast=True)
    assert capsys.readouterr().out == ""


async def test_the_second_engine_hears_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its bundled model, whatever is configured."""
    file = write(tmp_path / "call.wav", bytes(RATE) + spoken("여권을 신청하려고 하는데요") + bytes(RATE))
    await play([file], CONFIG, json=True, fast=True, engine="sherpa")
    [final] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert final["text"].replace(" ", "") == "여권을신청하려고하는데요"
    assert [word["text"] for word in final["words"]] == final["text"].split()


async def test_a_closed_list_of_sentences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not in it is not heard; an engine that can't be bound to it says so before anything is played."""
    pause = bytes(RATE)
    file = write(tmp_path / "call.wav", pause + spoken("여권을 신청하려고요") + pause * 3 + spoken("아니요") + pause)
    grammar = tmp_path / "grammar.txt"
    grammar.write_text("네\n아니요\n", encoding="utf-8")
    await play([file], CONFIG, json=True, fast=True, grammar=grammar)
    assert [json.loads(line)["text"] for line in capsys.readouterr().out.splitlines()] == ["아니요"]
    with pytest.raises(BadInput, match="can't be bound to a list of sentences"):
        await play([file], CONFIG, json=True, fast=True, engine="sherpa", grammar=grammar)
