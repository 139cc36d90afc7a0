"""What the menu's voice says, as WAV files: the city's own recordings where there are any, else espeak-ng's voice.

    prompts = Prompts(home.root / "cache" / "prompts", config_folder / "prompts", private=home.run / "spoken")
    await call.play(str(await prompts.path("여권 창구로 연결합니다.", "ko", "passport")))
    await call.play(str(await prompts.said(screen.say, "ja", screen.id)))
    await call.play(str(await prompts.once(typed_by_the_caller, "ko")), to="agent")

What a caller typed is never written into the cache, and never logged.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Final

import msgspec

from ars.model import LANGUAGES, Language, Words, said
from ars.prompt_cache import CACHE_BYTES, PromptCache
from ars.recording import telephone_recording
from core.errors import BadInput, EnvironmentFault
from core.log import get_logger
from core.spoken import ADVICE, FORM, Samples, Speech, Voice, sayable, voices_here, wav_bytes

ONCE_S: Final = 60.0
"""How long a file of ``once`` lives: a worker reads it at once."""
ONCE_FILES: Final = 64
"""Files of ``once`` at a time; beyond it the oldest is deleted."""
_SPEED: Final = 140
"""Words a minute: slower than talk, for ears of 75 years."""
_NAME: Final = re.compile(r"@?[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

log = get_logger("ars.prompts")


class Phrase(msgspec.Struct, frozen=True):
    """One thing to say."""

    text: str
    language: Language
    name: str = ""
    """Of the city's recording, ``NAME.LANGUAGE.wav``; '' = there is none."""


class Prompts:
    """One for the node, made before it serves. Every path is absolute, 8 kHz mono 16 bits: what ``Call.play`` takes."""

    def __init__(self, cache: Path, recordings: Path | None, *, private: Path, limit_bytes: int = CACHE_BYTES) -> None:
        """``private``: a folder below the home's run folder, for ``once``; leftovers in it are deleted."""
        self._cache = PromptCache(cache.absolute(), limit_bytes)
        self._recordings = recordings
        self._private = private.absolute()
        self._names = voices_here()
        self._speech: Speech | None = None
        with contextlib.suppress(EnvironmentFault):  # told when something is to be said
            self._speech = Speech()
        self._making: dict[str, asyncio.Task[Path]] = {}
        self._broken: set[str] = set()
        """Keys of recordings that can't be used and were reported."""
        self._once: dict[Path, asyncio.TimerHandle] = {}
        """In the order they were made."""
        self._sweep()

    async def path(self, text: str, language: Language, name: str = "", *, patiently: bool = False) -> Path:
        """The city's recording of that name and language, else the text spoken; made once, then found.

        ``EnvironmentFault`` when espeak-ng is missing or the disk is full: go on without voice. ``BadInput`` with code
        'no_voice' for a text that no voice here can read, see ``can_say``.
        """
        recording = self._recording(name, language)
        if recording is not None:
            file, key = recording
            try:
                return await self._recorded(file, key)
            except (BadInput, OSError) as error:
                if key not in self._broken:
                    log.warning("prompts.recording_broken", file=file.name, advice=str(error))
                self._broken.add(key)
        return await self._spoken(text, language, patiently)

    async def said(self, words: Words, language: Language, name: str = "") -> Path:
        """``path`` of a menu's words: in that language if it is recorded or can be read here, else in English, else in
        Korean."""
        for choice in dict.fromkeys((language, "en", "ko")):
            recorded = self._recording(name, choice) is not None
            if recorded or (choice in words and self.can_say(words[choice], choice)):
                with contextlib.suppress(BadInput):  # a broken recording of what can't be spoken
                    return await self.path(words.get(choice, ""), choice, name)
        return await self.path(said(words, "ko"), "ko", name)

    async def prepare(self, phrases: Iterable[Phrase]) -> None:
        """Make all of them ahead, one after another at low priority; cancel the await to stop. Faults are logged: the
        first one of the machine ends it, a text without a sound is passed over."""
        done = passed_over = 0
        for phrase in phrases:
            try:
                await self.path(phrase.text, phrase.language, phrase.name, patiently=True)
                done += 1
            except BadInput:
                passed_over += 1
            except EnvironmentFault as fault:
                log.warning("prompts.not_prepared", done=done, advice=str(fault))
                return
        log.info("prompts.prepared", done=done, passed_over=passed_over)

    async def once(self, text: str, language: Language) -> Path:
        """A caller's own words, for one hearing: a private file that is gone after a minute, or with ``forget``.

        Raises as ``path`` does.
        """
        sound = await self._say(text, language, patiently=False)
        path = self._private / f"{secrets.token_hex(12)}.wav"
        try:
            await asyncio.to_thread(_write_private, path, sound)
        except OSError as error:
            raise EnvironmentFault(
                f"nothing can be written into {self._private} ({error.strerror}): make room there"
            ) from error
        finally:
            # Also when the await was cancelled: the thread may write it yet.
            self._once[path] = asyncio.get_running_loop().call_later(ONCE_S, self.forget, path)
            for oldest in list(self._once)[:-ONCE_FILES]:
                self.forget(oldest)
        return path

    def forget(self, path: Path) -> None:
        """Delete a file of ``once`` now: it has been heard. Of other files nothing happens."""
        timer = self._once.pop(path, None)
        if timer is not None:
            timer.cancel()
            path.unlink(missing_ok=True)

    def can_say(self, text: str, language: Language) -> bool:
        """Whether a voice here can read this text. Never for Mongolian with espeak-ng 1.51; Japanese in kana only."""
        return language in self._names and bool(sayable(text, language))

    def voices(self) -> dict[Language, bool]:
        """Which languages have a voice of their own here; the others are spoken in English."""
        return {language: language in self._names for language in LANGUAGES}

    async def close(self) -> None:
        """Break off what is being made, delete what was for one hearing."""
        for task in list(self._making.values()):
            task.cancel()
        await asyncio.gather(*self._making.values(), return_exceptions=True)
        for path in list(self._once):
            self.forget(path)

    async def _spoken(self, text: str, language: Language, patiently: bool) -> Path:
        voice = self._voice(text, language)
        key = _digest("spoken", FORM, text, voice)

        async def make() -> Path:
            sound = await self._say(text, language, patiently=patiently)
            return await asyncio.to_thread(self._cache.add, key, sound)

        return await self._made(key, make)

    async def _recorded(self, file: Path, key: str) -> Path:
        async def make() -> Path:
            sound = await asyncio.to_thread(telephone_recording, file)
            return await asyncio.to_thread(self._cache.add, key, sound)

        return await self._made(key, make)

    async def _made(self, key: str, make: Callable[[], Awaitable[Path]]) -> Path:
        """The file of that key, made by whoever asks first; who stops waiting does not stop the others."""
        found = self._cache.find(key)
        if found is not None:
            return found
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.create_task(_path_of(make), name="prompt")
            task.add_done_callback(lambda done: self._no_longer(key, done))
        return await asyncio.shield(task)

    def _no_longer(self, key: str, task: asyncio.Task[Path]) -> None:
        self._making.pop(key, None)
        if not task.cancelled():
            task.exception()  # who waits gets it; if nobody does any more, it is nobody's

    async def _say(self, text: str, language: Language, *, patiently: bool) -> Samples:
        voice = self._voice(text, language)
        if self._speech is None:
            raise EnvironmentFault(ADVICE)
        return await self._speech.say(sayable(text, language), voice, patiently=patiently)

    def _voice(self, text: str, language: Language) -> Voice:
        if self._speech is None:
            raise EnvironmentFault(ADVICE)
        if not self.can_say(text, language):
            raise BadInput(f"no voice here can read this text in '{language}': say it in English", code="no_voice")
        return Voice(name=self._names[language], speed=_SPEED)

    def _recording(self, name: str, language: Language) -> tuple[Path, str] | None:
        """The city's file and its key in the cache, which is another one when the file is replaced."""
        if self._recordings is None or not _NAME.fullmatch(name):
            return None
        file = self._recordings / f"{name}.{language}.wav"
        try:
            about = file.stat()
        except OSError:
            return None
        key = _digest("recorded", FORM, str(file), about.st_mtime_ns, about.st_size)
        return None if key in self._broken else (file, key)

    def _sweep(self) -> None:
        try:
            self._private.mkdir(mode=0o700, parents=True, exist_ok=True)
            for left in self._private.glob("*.wav"):
                left.unlink(missing_ok=True)
        except OSError as error:
            log.warning("prompts.private_folder", folder=str(self._private), advice=error.strerror)


async def _path_of(make: Callable[[], Awaitable[Path]]) -> Path:
    return await make()


def _write_private(path: Path, sound: Samples) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(wav_bytes(sound))
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]
