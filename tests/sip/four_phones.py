"""Four people for tests, each with a tone of her own, and what each of them hears.

One softphone process is the caller's, another is agent, third and supervisor: a line each.
"""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import numpy as np

from telephony.contract import Call
from telephony.sip import SipBridge
from telephony.softphone import PhoneCall, Softphone
from tests.contracts.exchange import tone, write_wav

Who = Literal["caller", "agent", "third", "supervisor"]
HERTZ: dict[Who, int] = {"caller": 620, "agent": 1000, "third": 1500, "supervisor": 2100}
_RINGING_HZ, _REMINDER_HZ = 480, 425
_LEAST = 500.0
"""Amplitude from which a tone counts; each is spoken with 4000."""


class FourPhones:
    """The phones, and the present call on each."""

    def __init__(self, bridge: SipBridge, caller: Softphone, house: Softphone, folder: Path) -> None:
        self.bridge, self.caller, self.house = bridge, caller, house
        self.on: dict[Who, PhoneCall] = {}
        self._folder = folder
        self._records = 0
        for who, hertz in HERTZ.items():
            write_wav(folder / f"{who}.wav", tone(hertz, 2.0, 4000))

    def uri(self, who: Who) -> str:
        """Where that one can be called."""
        return f"sip:{who}@{self.house.address}"

    async def joined(self) -> Call:
        """Caller and agent talk."""
        self.on["caller"] = await self.caller.dial(f"sip:120@{self.bridge.addresses[0]}")
        call = await anext(aiter(self.bridge.calls()))
        await call.answer()
        await self.speaks("caller")
        assert await call.dial(self.uri("agent"), reference="kim", ring_timeout_s=15) == "answered"
        await self.comes("agent")
        return call

    async def with_third(self) -> Call:
        """... and the agent asks a third."""
        call = await self.joined()
        assert await call.consult(self.uri("third"), reference="tax", ring_timeout_s=15) == "answered"
        await self.comes("third")
        return call

    async def comes(self, who: Who) -> PhoneCall:
        """The next call of the house's phone is that one's, who begins to speak."""
        call = await self.house.next_call()
        while call.ended is not None:  # of a test before
            call = await self.house.next_call()
        self.on[who] = call
        await self.speaks(who)
        return call

    async def hears(self, who: Who, seconds: float = 0.3) -> set[str]:
        """Whom and what a phone hears from now on."""
        self._records += 1
        path = self._folder / f"heard-{self._records}.wav"
        await self.on[who].record(path)
        await asyncio.sleep(seconds)
        await self.on[who].record(None)
        with wave.open(str(path), "rb") as file:
            return _named(np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float))

    async def until_heard(self, within_s: float = 15.0, **expected: str) -> None:
        """Wait until everybody named hears exactly that: ``caller="agent third", agent="music"``."""
        wanted = {who: set(words.split()) for who, words in expected.items()}
        heard: dict[str, set[str]] = {}
        try:
            async with asyncio.timeout(within_s):
                while heard != wanted:
                    found = await asyncio.gather(*(self.hears(who) for who in wanted))  # type: ignore[arg-type]
                    heard = dict(zip(wanted, found, strict=True))
        except TimeoutError:
            raise AssertionError(f"heard {heard}, not {wanted}") from None

    async def over(self) -> None:
        """Everybody hangs up."""
        calls = [*self.caller.calls.values(), *self.house.calls.values()]
        await asyncio.gather(*(call.hang_up() for call in calls), return_exceptions=True)
        self.on.clear()

    async def speaks(self, who: Who) -> None:
        """From the answer on that one is to be heard."""
        await self.on[who].answered()
        await self.on[who].noise(self._folder / f"{who}.wav")


def _named(voice: np.ndarray[tuple[int], np.dtype[np.float64]]) -> set[str]:
    """Whose tones are in there all the time, and what else sounds."""
    if len(voice) < 800:
        return set()
    strength = np.abs(np.fft.rfft(voice * np.hanning(len(voice)))) * 4 / len(voice)
    per_hertz = len(voice) / 8000

    def amplitude(hertz: float) -> float:
        at = round(hertz * per_hertz)
        return float(strength[max(0, at - 2) : at + 3].max())

    names: set[str] = {who for who, hertz in HERTZ.items() if amplitude(hertz) > _LEAST}
    if not names and np.abs(voice).max() > _LEAST:
        tones = {"ringing": amplitude(_RINGING_HZ), "reminder": amplitude(_REMINDER_HZ)}
        loudest = max(tones, key=lambda name: tones[name])
        names.add(loudest if tones[loudest] > float(strength.max()) * 0.8 else "music")
    return names


@asynccontextmanager
async def four_phones(bridge: SipBridge, folder: Path) -> AsyncIterator[FourPhones]:
    """Phones that answer at once."""
    async with Softphone(user="01000001111") as caller, Softphone(user="house") as house:
        phones = FourPhones(bridge, caller, house, folder)
        try:
            yield phones
        finally:
            await phones.over()
