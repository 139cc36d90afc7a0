"""Prompts: recorded or spoken, made once, and what is private stays so."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from ars import prompts as module
from ars.model import Language, Words
from ars.prompts import Phrase, Prompts
from core.audio import RATE
from core.errors import BadInput, EnvironmentFault
from core.spoken import Samples, Speech, Voice, wav_bytes

TEXT = "여권 창구로 연결합니다."


class Folders:
    def __init__(self, root: Path) -> None:
        self.cache, self.recordings, self.private = root / "cache", root / "recordings", root / "run" / "spoken"
        self.recordings.mkdir()
        self.made: list[Prompts] = []

    def prompts(self, **more: int) -> Prompts:
        self.made.append(Prompts(self.cache, self.recordings, private=self.private, **more))
        return self.made[-1]

    def record(self, file: str, seconds: float) -> Path:
        path = self.recordings / file
        path.write_bytes(wav_bytes(np.full(int(seconds * RATE), 1000, np.int16)))
        return path


@pytest_asyncio.fixture
async def folders(tmp_path: Path) -> AsyncIterator[Folders]:
    one = Folders(tmp_path)
    yield one
    for prompts in one.made:
        await prompts.close()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, bool]]:
    """What espeak-ng was asked for: text, voice, patiently."""
    asked: list[tuple[str, str, bool]] = []
    say = Speech.say

    async def counted(self: Speech, text: str, voice: Voice, *, patiently: bool = False) -> Samples:
        asked.append((text, voice.name, patiently))
        return await say(self, text, voice, patiently=patiently)

    monkeypatch.setattr(Speech, "say", counted)
    return asked


def seconds(path: Path) -> float:
    with wave.open(str(path), "rb") as clip:
        assert (clip.getframerate(), clip.getnchannels(), clip.getsampwidth()) == (RATE, 1, 2)
        return clip.getnframes() / RATE


async def test_a_text_is_spoken_once_and_found_by_the_next_node(
    folders: Folders, said: list[tuple[str, str, bool]]
) -> None:
    path = await folders.prompts().path(TEXT, "ko")
    assert path.is_absolute() and 1.0 < seconds(path) < 5.0
    assert await folders.prompts().path(TEXT, "ko") == path
    assert said == [(TEXT, "ko", False)]


async def test_the_same_text_at_the_same_time_is_made_once(folders: Folders, said: list[tuple[str, str, bool]]) -> None:
    prompts = folders.prompts()
    paths = await asyncio.gather(*(prompts.path(TEXT, "ko") for _ in range(5)))
    assert len(set(paths)) == 1 and len(said) == 1


async def test_one_who_stops_waiting_does_not_stop_the_others(folders: Folders) -> None:
    prompts = folders.prompts()
    first, second = (asyncio.create_task(prompts.path(TEXT, "ko")) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).exists()


async def test_the_citys_recording_goes_before_the_voice(folders: Folders, said: list[tuple[str, str, bool]]) -> None:
    folders.record("passport.ko.wav", 0.5)
    prompts = folders.prompts()
    path = await prompts.path(TEXT, "ko", "passport")
    assert seconds(path) == 0.5 and path.parent == folders.cache and not said
    assert await prompts.path(TEXT, "ko", "passport") == path
    assert seconds(await prompts.path("Passports", "en", "passport")) != 0.5, "there is no English recording"


async def test_a_recording_that_is_replaced_gets_another_path(folders: Folders) -> None:
    folders.record("passport.ko.wav", 0.5)
    prompts = folders.prompts()
    before = await prompts.path(TEXT, "ko", "passport")
    folders.record("passport.ko.wav", 0.7)
    after = await prompts.path(TEXT, "ko", "passport")
    assert after != before and seconds(after) == 0.7


async def test_a_broken_recording_is_reported_once_and_the_text_is_spoken(folders: Folders) -> None:
    (folders.recordings / "passport.ko.wav").write_bytes(b"no WAV")
    prompts = folders.prompts()
    with capture_logs() as logs:
        paths = {await prompts.path(TEXT, "ko", "passport") for _ in range(3)}
    assert len(paths) == 1 and seconds(paths.pop()) > 1.0
    assert [(entry["event"], entry["file"]) for entry in logs] == [("prompts.recording_broken", "passport.ko.wav")]


@pytest.mark.parametrize("name", ["../secret", "a/b", "..", "a.b", "a" * 80])
async def test_a_name_leads_nowhere_else(folders: Folders, name: str) -> None:
    outside = folders.recordings.parent / "secret.ko.wav"
    outside.write_bytes(wav_bytes(np.ones(4000, np.int16)))
    assert seconds(await folders.prompts().path(TEXT, "ko", name)) > 1.0


async def test_words_are_said_in_the_next_best_language(folders: Folders, said: list[tuple[str, str, bool]]) -> None:
    prompts = folders.prompts()
    words: Words = {
        "ko": "여권",
        "en": "Passports",
        "ja": "旅券の窓口",
        "mn": "Паспорт",
        "zh": "护照",
        "vi": "Hộ chiếu",
    }
    languages: tuple[Language, ...] = ("ko", "zh", "vi", "ja", "mn")
    for language in languages:
        await prompts.said(words, language)
    await prompts.said({"ko": "세금"}, "zh")
    assert [name for _, name, _ in said] == ["ko", "cmn-latn-pinyin", "vi", "en-us", "ko"], "English was there already"
    folders.record("passport.mn.wav", 0.3)
    assert seconds(await prompts.said(words, "mn", "passport")) == 0.3
    (folders.recordings / "passport.ja.wav").write_bytes(b"no WAV")
    assert await prompts.said(words, "ja", "passport") == await prompts.path("Passports", "en")


async def test_what_no_voice_can_read_is_told(folders: Folders) -> None:
    prompts = folders.prompts()
    assert prompts.voices() == {"ko": True, "en": True, "zh": True, "ja": True, "vi": True, "mn": False}
    assert prompts.can_say("よやく", "ja") and not prompts.can_say("予約", "ja") and not prompts.can_say("Тийм", "mn")
    unreadable: tuple[tuple[str, Language], ...] = (("予約", "ja"), ("Тийм", "mn"), ("...", "ko"))
    for text, language in unreadable:
        with pytest.raises(BadInput) as caught:
            await prompts.path(text, language)
        assert caught.value.code == "no_voice"


async def test_prepared_ahead_patiently_and_stopped_by_cancelling(
    folders: Folders, said: list[tuple[str, str, bool]]
) -> None:
    prompts = folders.prompts()
    phrases = [Phrase("하나", "ko"), Phrase("...", "ko"), Phrase("둘", "ko")]
    await prompts.prepare(phrases)
    assert said == [("하나", "ko", True), ("둘", "ko", True)]
    assert (await prompts.path("둘", "ko")).exists() and len(said) == 2
    many = asyncio.create_task(prompts.prepare(Phrase(f"{number}번", "ko") for number in range(1000)))
    await asyncio.sleep(0.1)
    many.cancel()
    with pytest.raises(asyncio.CancelledError):
        await many
    assert len(said) < 900


async def test_what_a_caller_typed_is_for_one_hearing(folders: Folders) -> None:
    prompts = folders.prompts()
    with capture_logs() as logs:
        path = await prompts.once("제 번호는 공일공입니다", "ko")
        again = await prompts.once("제 번호는 공일공입니다", "ko")
    assert path != again and path.parent == folders.private and seconds(path) > 0.5
    assert path.stat().st_mode & 0o777 == 0o600 and folders.private.stat().st_mode & 0o777 == 0o700
    assert not folders.cache.exists(), "nothing of it is kept"
    prompts.forget(path)
    assert not path.exists() and again.exists()
    await prompts.close()
    assert not again.exists() and logs == []


async def test_it_goes_by_itself_and_never_are_there_many(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ONCE_FILES", 2)
    prompts = folders.prompts()
    paths = [await prompts.once(text, "ko") for text in ("하나", "둘", "셋")]
    assert [path.exists() for path in paths] == [False, True, True]
    monkeypatch.setattr(module, "ONCE_S", 0.05)
    last = await prompts.once("넷", "ko")
    async with asyncio.timeout(10):
        while last.exists():  # noqa: ASYNC110  (a file tells nobody that it went)
            await asyncio.sleep(0.02)


async def test_what_a_dead_node_left_is_deleted(folders: Folders) -> None:
    left = await folders.prompts().once("하나", "ko")
    assert left.exists()
    folders.prompts()
    assert not left.exists()


async def test_forget_touches_nothing_else(folders: Folders) -> None:
    prompts = folders.prompts()
    path = await prompts.path(TEXT, "ko")
    prompts.forget(path)
    assert path.exists()


async def test_without_espeak_there_are_recordings_and_advice(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folders.recordings))
    folders.record("passport.ko.wav", 0.5)
    prompts = folders.prompts()
    assert not any(prompts.voices().values())
    assert seconds(await prompts.path(TEXT, "ko", "passport")) == 0.5
    for ask in (prompts.path(TEXT, "ko"), prompts.once(TEXT, "ko"), prompts.said({"ko": TEXT}, "ko")):
        with pytest.raises(EnvironmentFault, match="apt-get install espeak-ng"):
            await ask
    with capture_logs() as logs:
        await prompts.prepare([Phrase(TEXT, "ko"), Phrase("둘", "ko")])
    assert [entry["event"] for entry in logs] == ["prompts.not_prepared"]


async def test_a_full_disk_is_told_and_tried_again(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    prompts = folders.prompts()

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", full)
        with pytest.raises(EnvironmentFault, match=r"No space left on device.*make room there"):
            await prompts.path(TEXT, "ko")
    assert (await prompts.path(TEXT, "ko")).exists()


async def test_the_limit_holds(folders: Folders) -> None:
    prompts = folders.prompts(limit_bytes=40_000)
    for number in range(6):
        await prompts.path(f"{number} 하나 둘", "ko")
    assert sum(path.stat().st_size for path in folders.cache.iterdir()) <= 40_000


async def test_closing_breaks_off_what_is_being_made(folders: Folders) -> None:
    prompts = folders.prompts()
    asking = asyncio.create_task(prompts.path(TEXT * 20, "ko"))
    await asyncio.sleep(0)
    await prompts.close()
    with pytest.raises(asyncio.CancelledError):
        await asking
