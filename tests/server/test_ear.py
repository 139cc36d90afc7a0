"""What the caller hears: pieces in their order, silence at once, nothing of what is out of date."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ars.model import Language
from ars.voice import Piece
from core.errors import BadInput, EnvironmentFault, MinwonError
from server.ear import MUSIC, Ear
from tests.fakes.bridge import ScriptedBridge, ScriptedCall


class Voices:
    """Renders a sentence to a path of its own; may be slow, or have no voice."""

    def __init__(self) -> None:
        self.slow: dict[str, asyncio.Event] = {}
        self.missing: dict[str, MinwonError] = {}
        self.asked: list[str] = []

    async def path(self, text: str, language: Language, name: str = "") -> str:
        self.asked.append(text)
        if text in self.slow:
            await self.slow[text].wait()
        if text in self.missing:
            raise self.missing[text]
        return f"/{text}.wav"


class Room:
    """An ear at an answered call whose prompts end when the test says so."""

    def __init__(self) -> None:
        self.voices = Voices()
        self.ends = 0
        self.call: ScriptedCall = ScriptedBridge(prompt_s=3600).ring()
        self.ear = Ear(self.call, self.voices, self._end)

    def _end(self) -> None:
        self.ends += 1

    async def open(self) -> None:
        await self.call.answer()
        self.task = asyncio.create_task(self.ear.run())

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.call.hang_up()

    async def done(self, prompt: str) -> None:
        self.ear.prompt_done(f"/{prompt}.wav")
        await settle()

    @property
    def played(self) -> list[str]:
        return [done.removeprefix("play /").removesuffix(".wav") for done in self.call.done[1:]]


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def words(*texts: str) -> list[Piece]:
    return [Piece(text=text, language="ko") for text in texts]


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    await room.open()
    yield room
    await room.close()


async def test_pieces_follow_each_other_and_the_end_is_told_once(room: Room) -> None:
    room.ear.speak(words("a", "b"))
    assert not room.ear.quiet.is_set()
    await settle()
    assert room.played == ["a"]
    await room.done("a")
    assert room.played == ["a", "b"]
    assert room.ends == 0
    await room.done("b")
    await room.done("b")
    assert room.ends == 1
    assert room.ear.quiet.is_set()


async def test_hush_is_silence_at_once_and_no_end(room: Room) -> None:
    room.ear.speak(words("a", "b"))
    await settle()
    await room.ear.hush()
    await room.done("a")
    assert room.played == ["a", "stop_prompt"]
    assert room.ends == 0
    assert room.ear.quiet.is_set()
    await room.ear.hush()
    assert room.played == ["a", "stop_prompt"], "nothing sounds, nothing is stopped"


async def test_hush_before_the_first_word_leaves_nothing_to_stop(room: Room) -> None:
    room.ear.speak(words("a"))
    await room.ear.hush()
    await settle()
    assert room.played == []
    assert room.ends == 0


async def test_what_is_prepared_for_older_words_is_not_played(room: Room) -> None:
    room.voices.slow["a"] = asyncio.Event()
    room.ear.speak(words("a"))
    await settle()
    room.ear.speak(words("b"))
    room.voices.slow["a"].set()
    await settle()
    assert room.played == ["b"]


async def test_hush_while_words_are_prepared(room: Room) -> None:
    room.voices.slow["a"] = asyncio.Event()
    room.ear.speak(words("a"))
    await settle()
    await room.ear.hush()
    room.voices.slow["a"].set()
    await settle()
    assert room.played == []
    assert room.ends == 0


async def test_the_end_of_older_words_skips_no_piece_of_the_newer_ones(room: Room) -> None:
    room.ear.speak(words("same", "old"))
    await settle()
    room.voices.slow["same"] = asyncio.Event()
    room.ear.speak(words("same", "next"))
    await settle()
    await room.done("same")  # of the first speech, while the second is prepared
    room.voices.slow["same"].set()
    await settle()
    assert room.played == ["same", "same"]
    await room.done("same")
    assert room.played == ["same", "same", "next"]


async def test_an_end_of_something_else_is_nothing(room: Room) -> None:
    room.ear.speak(words("a", "b"))
    await settle()
    await room.done("z")
    room.ear.prompt_done("")
    await settle()
    assert room.played == ["a"]


@pytest.mark.parametrize("fault", [BadInput("no voice", code="no_voice"), EnvironmentFault("the disk is full")])
async def test_a_piece_without_a_voice_is_left_out(room: Room, fault: MinwonError) -> None:
    room.voices.missing["a"] = fault
    room.ear.speak(words("a", "b"))
    await settle()
    assert room.played == ["b"]


async def test_words_without_any_voice_are_over_at_once(room: Room) -> None:
    room.voices.missing = dict.fromkeys("ab", EnvironmentFault("no espeak-ng"))
    room.ear.speak(words("a", "b"))
    await settle()
    assert room.played == []
    assert room.ends == 1


async def test_music_follows_the_words(room: Room) -> None:
    room.ear.music = True
    room.ear.speak(words("a"))
    await settle()
    await room.done("a")
    assert room.played == ["a", f"play {MUSIC} loop"]
    room.ear.speak(words("b"))
    await settle()
    await room.done("b")
    assert room.played[2:] == ["b", f"play {MUSIC} loop"]
    assert room.ends == 2


async def test_music_that_is_wanted_while_words_are_said_waits_for_their_end(room: Room) -> None:
    room.ear.speak(words("a"))
    await settle()
    room.ear.music = True
    await settle()
    assert room.played == ["a"]
    await room.done("a")
    assert room.played == ["a", f"play {MUSIC} loop"]


async def test_music_begins_at_once_where_nothing_is_said_and_is_no_end_of_words(room: Room) -> None:
    room.ear.music = True
    await settle()
    room.ear.music = True
    await settle()
    assert room.played == [f"play {MUSIC} loop"]
    assert room.ends == 0
    await room.ear.hush()
    await settle()
    assert room.played[1:] == ["stop_prompt"]


async def test_after_hush_there_is_no_music_before_the_next_words(room: Room) -> None:
    room.ear.music = True
    await room.ear.hush()
    await settle()
    assert room.played == []
    room.ear.speak(words("a"))
    await settle()
    await room.done("a")
    assert room.played == ["a", f"play {MUSIC} loop"]


async def test_without_music_silence_follows(room: Room) -> None:
    room.ear.music = True
    room.ear.music = False
    room.ear.speak(words("a"))
    await settle()
    await room.done("a")
    assert room.played == ["a"]
