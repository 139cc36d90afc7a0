"""espeak-ng as a voice: what it can read, how it fails. (Level and shape: tests/server/test_demo_voice.py.)"""

from __future__ import annotations

import asyncio
import io
import os
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audio import RATE
from core.errors import BadInput, EnvironmentFault
from core.spoken import AT_A_TIME, LONGEST, Speech, Voice, sayable, voices_here, wav_bytes, write_wav

TEXTS = {
    "ko": "여권 창구로 연결합니다.",
    "en": "We are connecting you.",
    "zh": "您好，请稍等。",
    "ja": "りょけんはいちばんです。",
    "vi": "Xin chào.",
}


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that is found as espeak-ng."""
    path = folder / "espeak-ng"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return path


@pytest.mark.parametrize("language", TEXTS)
async def test_each_language_has_a_voice_that_reads_it(language: str) -> None:
    name = voices_here()[language]
    assert sayable(TEXTS[language], language) == TEXTS[language]
    sound = await Speech().say(TEXTS[language], Voice(name=name))
    assert 0.5 < len(sound) / RATE < 5.0 and np.abs(sound).max() > 3000


def test_what_each_language_is_read_by() -> None:
    names = voices_here()
    assert (names["ko"], names["en"], names["zh"]) == ("ko", "en-us", "cmn-latn-pinyin")


async def test_patient_speech_is_the_same() -> None:
    speech = Speech()
    plain, patient = await speech.say("네.", Voice()), await speech.say("네.", Voice(), patiently=True)
    assert np.array_equal(plain, patient)


@pytest.mark.parametrize(
    ("text", "language", "left"),
    [
        ("3번은 中文, 4번은 日本語", "ko", "3번은 , 4번은 "),
        ("Press 2 for 한국어", "en", "Press 2 for "),
        ("旅券の窓口", "ja", ""),
        ("パスポートは1ばん", "ja", "パスポートは1ばん"),
        ("Монгол хэл", "mn", "Монгол хэл"),
        ("한국어", "zh", ""),
        ("...", "ko", ""),
        ("안녕", "xx", ""),
    ],
)
def test_letters_that_the_voice_cannot_read_are_left_out(text: str, language: str, left: str) -> None:
    assert sayable(text, language) == left


@given(st.text(), st.sampled_from(["ko", "en", "zh", "ja", "vi", "mn"]))
def test_what_is_left_is_part_of_the_text_and_stays(text: str, language: str) -> None:
    left = sayable(text, language)
    rest = iter(text)
    assert all(letter in rest for letter in left), "in order, nothing added"
    assert sayable(left, language) == left


async def test_too_much_at_once_is_refused() -> None:
    with pytest.raises(BadInput, match="too long"):
        await Speech().say("가" * (LONGEST + 1), Voice())


async def test_a_text_that_is_no_utf8_is_spoken_all_the_same() -> None:
    assert len(await Speech().say("네 \ud800 네", Voice()))


async def test_only_so_many_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = tmp_path / "running"
    running.mkdir()
    script = f"touch {running}/$$; ls {running} | wc -l >> {tmp_path}/counts; sleep 0.1; rm {running}/$$; exit 1"
    program(tmp_path, script, monkeypatch)
    speech = Speech()
    said = await asyncio.gather(*(speech.say("네.", Voice()) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(error, EnvironmentFault) for error in said)
    counts = [int(line) for line in (tmp_path / "counts").read_text().split()]
    assert len(counts) == 5 and max(counts) == AT_A_TIME


async def test_one_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60", monkeypatch)
    monkeypatch.setattr("core.spoken._SAY_S", 0.5)
    with pytest.raises(EnvironmentFault, match="did not finish"):
        await Speech().say("네.", Voice())
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


async def test_one_that_was_uninstalled_meanwhile_is_a_fault_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    speech = Speech()
    monkeypatch.setattr(speech, "_espeak", "/nowhere/espeak-ng")
    with pytest.raises(EnvironmentFault, match="cannot be started"):
        await speech.say("안녕하세요", Voice(name="ko"))


def test_without_espeak_there_are_no_voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert voices_here() == {}
    with pytest.raises(EnvironmentFault, match="apt-get install espeak-ng"):
        Speech()


def test_with_a_broken_espeak_there_are_none_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "exit 3", monkeypatch)
    assert voices_here() == {}


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = np.arange(800, dtype=np.int16)
    write_wav(tmp_path / "a.wav", sound)
    with wave.open(str(tmp_path / "a.wav"), "rb") as clip:
        assert (clip.getframerate(), clip.getnchannels(), clip.getsampwidth()) == (RATE, 1, 2)
        assert clip.readframes(1000) == sound.tobytes()
    assert (tmp_path / "a.wav").read_bytes() == wav_bytes(sound) == io.BytesIO(wav_bytes(sound)).read()

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        write_wav(tmp_path / "b.wav", sound)
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]
