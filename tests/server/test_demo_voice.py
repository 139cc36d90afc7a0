"""Rendering with the real espeak-ng."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path

import numpy as np
import pytest

from core.audio import RATE
from core.errors import BadInput, EnvironmentFault
from server.demo.voice import Voice, VoiceBox, telephone

WOMAN, MAN = Voice(variant="f2", pitch=60), Voice(variant="m3", pitch=30, speed=140)


def read(path: Path) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    with wave.open(str(path), "rb") as clip:
        assert (clip.getframerate(), clip.getnchannels(), clip.getsampwidth()) == (RATE, 1, 2)
        return np.frombuffer(clip.readframes(clip.getnframes()), dtype="<i2") / 32768.0


async def test_a_sentence_becomes_a_telephone_voice(tmp_path: Path) -> None:
    sound = read(await VoiceBox(tmp_path).say("여권을 잃어버렸어요.", WOMAN))
    assert 1.0 < len(sound) / RATE < 4.0
    voiced = sound[np.abs(sound) > 0.005]
    assert 20 * np.log10(np.sqrt(np.mean(voiced**2))) == pytest.approx(-20, abs=1.5)
    assert np.max(np.abs(sound)) < 0.81
    assert np.max(np.abs(sound[: RATE // 10])) > 0.005, "no long silence before the first word"


async def test_it_is_rendered_once_and_again_for_another_voice(tmp_path: Path) -> None:
    box = VoiceBox(tmp_path / "new" / "cache")
    first = await box.say("네.", WOMAN)
    made = first.stat().st_mtime_ns
    assert await box.say("네.", WOMAN) == first and first.stat().st_mtime_ns == made
    other = await box.say("네.", MAN)
    assert other != first
    assert not np.array_equal(read(other), read(first))
    assert sorted(first.parent.iterdir()) == sorted([first, other]), "nothing else is left in the cache"


async def test_many_at_once(tmp_path: Path) -> None:
    box = VoiceBox(tmp_path)
    same = await asyncio.gather(*(box.say("감사합니다.", WOMAN) for _ in range(4)))
    assert len(set(same)) == 1 and len(read(same[0]))


def test_a_text_without_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no sound"):
        asyncio.run(VoiceBox(tmp_path).say("...", WOMAN))
    assert not list(tmp_path.iterdir())


def test_silence_has_no_level() -> None:
    with pytest.raises(BadInput):
        telephone(np.zeros(22050, np.int16), 22050)


async def test_noise_is_kept_too(tmp_path: Path) -> None:
    box = VoiceBox(tmp_path)
    near, far = await box.noise("street", 3, snr_db=10), await box.noise("street", 3, snr_db=30)
    assert np.std(read(near)) == pytest.approx(10 * np.std(read(far)), rel=0.05)
    assert await box.noise("street", 3, snr_db=10) == near


def test_missing_espeak_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFault, match=r"^espeak-ng is missing: apt-get install espeak-ng$"):
        VoiceBox(tmp_path)


async def test_failing_espeak_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "espeak-ng"
    program.write_text("#!/bin/sh\necho 'no such voice' >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(EnvironmentFault, match="no such voice"):
        await VoiceBox(tmp_path / "cache").say("네.", WOMAN)
