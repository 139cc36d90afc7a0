"""Typed words in the agent's ear: in order, none over the other, none when she does not want it."""

from __future__ import annotations

from pathlib import Path

from ars.model import Language
from core.errors import EnvironmentFault
from server.reading_aloud import LIMIT, ReadingAloud
from tests.fakes.bridge import ScriptedBridge, ScriptedCall


class Voices:
    """Files that are names alone."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.fails = False

    async def once(self, text: str, language: Language) -> Path:
        if self.fails:
            raise EnvironmentFault("no voice")
        return Path(f"/{text}.wav")

    def forget(self, path: Path) -> None:
        self.heard.append(path.stem)


async def a_talk() -> tuple[ScriptedCall, Voices, ReadingAloud]:
    call = ScriptedBridge().ring()
    await call.answer()
    await call.dial("sip:kim", reference="kim", ring_timeout_s=1)
    voices = Voices()
    reading = ReadingAloud(call, voices)
    reading.on = True
    return call, voices, reading


def played(call: ScriptedCall) -> list[str]:
    return [order for order in call.done if order.startswith("play")]


async def test_one_message_after_the_other() -> None:
    call, voices, reading = await a_talk()
    for text in ("one", "two"):
        await reading.typed(text)
    assert played(call) == ["play /one.wav to agent"]
    await reading.prompt_done("/other.wav")
    await reading.prompt_done("/one.wav")
    assert played(call) == ["play /one.wav to agent", "play /two.wav to agent"]
    await reading.prompt_done("/two.wav")
    assert voices.heard == ["one", "two"]


async def test_nothing_is_read_unless_she_wants_it() -> None:
    call, _, reading = await a_talk()
    reading.on = False
    await reading.typed("one")
    assert played(call) == []


async def test_a_missing_voice_stops_nothing() -> None:
    call, voices, reading = await a_talk()
    voices.fails = True
    await reading.typed("one")
    voices.fails = False
    await reading.typed("two")
    assert played(call) == ["play /two.wav to agent"]


async def test_a_flood_leaves_the_oldest_out() -> None:
    call, _, reading = await a_talk()
    for number in range(LIMIT + 3):
        await reading.typed(f"m{number}")
    await reading.prompt_done("/m0.wav")
    assert played(call)[-1] == "play /m3.wav to agent"
