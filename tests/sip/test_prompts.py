"""Prompts as the parties' phones hear them: beside the other's voice, over hold music, stopped at once."""

from __future__ import annotations

import asyncio
import contextlib
import wave
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from core.config import SipConfig
from core.errors import Refused
from core.events import Speaker
from telephony.contract import AnySignal, Call, Held, LegEnded, LegSound, PromptDone
from telephony.sip import SipBridge
from telephony.softphone import Answering, PhoneCall, Softphone
from tests.contracts.exchange import tone, write_wav
from tests.sip.conftest import short

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]

CALLER_HZ, AGENT_HZ, TYPED_HZ, MENU_HZ = 440, 1000, 1500, 2000
MUSIC = {520, 660, 780, 580, 700, 880}


class House:
    """A bridge of one worker, a caller's and an agent's phone."""

    def __init__(self, bridge: SipBridge, caller: Softphone, agent: Softphone, folder: Path) -> None:
        self.bridge, self.caller, self.agent, self.folder = bridge, caller, agent, folder
        self.phones: dict[Speaker, PhoneCall] = {}
        self._records = 0

    async def answered(self) -> Call:
        self.phones["caller"] = await self.caller.dial(f"sip:120@{self.bridge.addresses[0]}")
        call = await anext(aiter(self.bridge.calls()))
        await call.answer()
        return call

    async def joined(self) -> Call:
        call = await self.answered()
        assert await call.dial(self.agent.uri, reference="kim", ring_timeout_s=5) == "answered"
        self.phones["agent"] = await self.agent.next_call()
        await self.phones["agent"].answered()
        return call

    def file(self, name: str, hertz: float, seconds: float = 1.0) -> str:
        path = self.folder / f"{name}.wav"
        write_wav(path, tone(hertz, seconds))
        return str(path)

    async def heard(self, speaker: Speaker, seconds: float = 0.6) -> set[int]:
        """The tones that a phone hears from now on."""
        self._records += 1
        path = self.folder / f"heard-{self._records}.wav"
        await self.phones[speaker].record(path)
        await asyncio.sleep(seconds)
        await self.phones[speaker].record(None)
        with wave.open(str(path), "rb") as file:
            return all_tones(file.readframes(file.getnframes()))

    async def until_heard(self, speaker: Speaker, what: Callable[[set[int]], bool]) -> None:
        async with asyncio.timeout(15):
            while not what(await self.heard(speaker)):
                pass


def all_tones(pcm: bytes) -> set[int]:
    """Every tone that is a good part of some fifth of a second, rounded to 20 Hz."""
    found: set[int] = set()
    voice = np.frombuffer(pcm, "<i2").astype(float)
    for at in range(0, len(voice) - 1600, 1600):
        powers = np.abs(np.fft.rfft(voice[at : at + 1600] * np.hanning(1600))) / 400
        found |= {round(int(place) * 5 / 20) * 20 for place in np.flatnonzero(powers > 700)}
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = short(tmp_path_factory)
    async with (
        SipBridge(SipConfig(port=0, rtp_port=0, workers=1), run_dir=folder / "run") as bridge,
        Softphone(user="01000001111") as caller,
        Softphone(user="2101", answering=Answering()) as agent,
    ):
        yield House(bridge, caller, agent, folder)


@pytest_asyncio.fixture(loop_scope="module")
async def house(open_house: House) -> AsyncIterator[House]:
    yield open_house
    with contextlib.suppress(Refused):  # over before the order came
        await open_house.phones["caller"].hang_up()
    if "agent" in open_house.phones:
        await open_house.phones.pop("agent").over()


async def test_the_agent_hears_a_prompt_beside_the_caller_who_does_not(house: House) -> None:
    call = await house.joined()
    await call.play(house.file("typed", TYPED_HZ, 20.0), to="agent")
    talk = asyncio.create_task(house.phones["caller"].say(house.file("caller", CALLER_HZ, 3.0)))
    await house.until_heard("agent", lambda heard: {CALLER_HZ, TYPED_HZ} <= heard)
    assert TYPED_HZ not in await house.heard("caller")
    await call.stop_prompt("agent")
    await house.until_heard("agent", lambda heard: TYPED_HZ not in heard)
    assert await talk, "the caller was not interrupted"


async def news(signals: AsyncIterator[AnySignal]) -> AnySignal:
    """The next signal but for the sound's figures, which come every two seconds."""
    while isinstance(signal := await anext(signals), LegSound):
        pass
    return signal


async def test_a_prompt_that_is_replaced_is_heard_no_more_and_one_that_ends_leaves_silence(house: House) -> None:
    call = await house.answered()
    await call.play(house.file("first", TYPED_HZ, 20.0))
    await house.until_heard("caller", lambda heard: heard == {TYPED_HZ})
    await call.play(house.file("second", MENU_HZ, 1.0))
    signals = call.signals()
    async with asyncio.timeout(10):
        assert isinstance(await news(signals), PromptDone)
    await house.until_heard("caller", lambda heard: heard == set())


async def test_a_looped_file_goes_on(house: House) -> None:
    call = await house.answered()
    await call.play(house.file("short", MENU_HZ, 0.1), loop=True)
    await house.until_heard("caller", lambda heard: heard == {MENU_HZ})
    assert MENU_HZ in await house.heard("caller", 1.0)


async def test_a_prompt_goes_over_the_music_of_hold_which_comes_back(house: House) -> None:
    call = await house.joined()
    await house.phones["agent"].hold(True)
    signals = call.signals()
    async with asyncio.timeout(10):
        assert isinstance(await news(signals), Held)
    await house.until_heard("caller", lambda heard: bool(heard & MUSIC))
    await call.play(house.file("notice", TYPED_HZ, 20.0))
    await house.until_heard("caller", lambda heard: TYPED_HZ in heard and not heard & MUSIC)
    await call.stop_prompt()
    await house.until_heard("caller", lambda heard: bool(heard & MUSIC) and TYPED_HZ not in heard)
    await house.phones["agent"].hold(False)
    await house.until_heard("caller", lambda heard: not heard)


async def test_a_file_in_the_run_folder_may_go_as_soon_as_it_is_over(house: House) -> None:
    call = await house.answered()
    (house.folder / "run" / "spoken").mkdir(exist_ok=True)
    path = house.folder / "run" / "spoken" / "once.wav"
    write_wav(path, tone(TYPED_HZ, 0.3))
    await call.play(str(path), loop=True)
    await house.until_heard("caller", lambda heard: TYPED_HZ in heard)
    path.unlink()
    assert TYPED_HZ in await house.heard("caller")
    await call.play(str(path))
    signals = call.signals()
    async with asyncio.timeout(10):
        assert await news(signals) == PromptDone(prompt=str(path)), "nothing was kept of it"
    await house.until_heard("caller", lambda heard: TYPED_HZ not in heard)


async def test_the_call_ends_in_the_middle_of_prompts_to_both(house: House) -> None:
    call = await house.joined()
    await call.play(house.file("a", TYPED_HZ, 20.0))
    await call.play(house.file("b", MENU_HZ, 20.0), to="agent")
    await call.play(house.file("unread", MENU_HZ, 60.0), to="agent")
    await house.phones["caller"].hang_up()
    async with asyncio.timeout(15):
        assert [type(signal) async for signal in call.signals()] == [LegEnded, LegEnded]
    again = await house.joined()
    assert not {TYPED_HZ, MENU_HZ} & await house.heard("agent"), "a headset that was given back says nothing"
    await again.hang_up()
