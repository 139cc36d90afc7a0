"""What the contract suite needs from the other side of a bridge: a caller and agents' phones that do as they are told.

``ScriptedExchange`` plays them for the fake, ``RealExchange`` with softphones over real SIP and RTP.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import wave
from array import array
from pathlib import Path
from typing import Literal, Protocol, Self

from core.audio import RATE
from core.config import SipConfig
from core.errors import Refused
from core.events import Party, Speaker
from telephony.contract import Bridge, Call, DialResult
from telephony.sip import SipBridge
from telephony.softphone import Answering, PhoneCall, Softphone
from tests.fakes.bridge import ScriptedBridge, ScriptedCall

CALLER_HZ, AGENT_HZ, THIRD_HZ, SUPERVISOR_HZ = 440, 1000, 1500, 2000
HERTZ = {"caller": CALLER_HZ, "agent": AGENT_HZ, "third": THIRD_HZ, "supervisor": SUPERVISOR_HZ}
Who = Literal["caller", "agent", "third", "supervisor"]
Answers = DialResult | Literal["late"]
"""'late': after 0.7 s."""
_NOWHERE = "sip:2109@127.0.0.1:9"


class Exchange(Protocol):
    """One caller at a time, and agents' phones."""

    @property
    def bridge(self) -> Bridge: ...
    async def ring(self, caller: Party, called: str) -> Call:
        """A call comes in."""

    async def phone(self, answers: Answers, who: Who = "agent") -> str:
        """The address of an agent's phone (a third's, a supervisor's) that answers like this."""

    async def call_out(self, answers: DialResult, *, ring_timeout_s: float = 5.0) -> Call:
        """A call that we make; the caller's phone will answer like this."""

    async def talk(self, speaker: Speaker) -> None:
        """That side makes its tone for a second: the caller's is 440 Hz, the agent's 1000 Hz, the third's 1500 Hz."""

    async def press(self, speaker: Speaker, digits: str) -> None: ...
    async def hold(self, speaker: Speaker, held: bool) -> None: ...
    async def hang_up(self, who: Who) -> None: ...
    async def ask_transfer(self, uri: str) -> bool:
        """The transfer key of the agent's phone; False: it was refused."""

    async def transfer_heard(self) -> list[int]:
        """What her phone was told of it, up to the final status."""

    async def caller_is_over(self) -> int:
        """Wait until the caller's phone knows that the call has ended; the status that it was told."""

    async def all_over(self) -> None:
        """End what a test left behind."""


class ScriptedExchange:
    """The fake's parties."""

    def __init__(self) -> None:
        self.bridge = ScriptedBridge()
        self._calls: list[ScriptedCall] = []

    async def __aenter__(self) -> Self:
        await self.bridge.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.bridge.__aexit__(*exc)

    async def ring(self, caller: Party, called: str) -> Call:
        self._calls.append(self.bridge.ring(caller, called))
        return await anext(aiter(self.bridge.calls()))

    async def phone(self, answers: Answers, who: Who = "agent") -> str:
        uri = f"sip:{answers}-{who}@scripted"
        self.bridge.script(uri, "answered" if answers == "late" else answers, after_s=0.7 if answers == "late" else 0.0)
        return uri

    async def call_out(self, answers: DialResult, *, ring_timeout_s: float = 5.0) -> Call:
        uri = f"sip:01000001111@{answers}"
        self.bridge.script(uri, answers)
        call = await self.bridge.call_out(uri, reference="callback", ring_timeout_s=ring_timeout_s)
        self._calls.append(self.bridge.all_calls[-1])
        return call

    async def talk(self, speaker: Speaker) -> None:
        call = self._calls[-1]
        side = "agent" if speaker == "third" and call.third_is_agent else speaker
        await call.say(side, tone(HERTZ[speaker]), pace_s=0.001)

    async def press(self, speaker: Speaker, digits: str) -> None:
        self._calls[-1].press(speaker, digits)

    async def hold(self, speaker: Speaker, held: bool) -> None:
        self._calls[-1].party_holds(speaker, held)

    async def hang_up(self, who: Who) -> None:
        if who == "supervisor":
            self._calls[-1].supervisor_hangs_up()
        else:
            call = self._calls[-1]
            call.party_hangs_up("agent" if who == "third" and call.third_is_agent else who)

    async def ask_transfer(self, uri: str) -> bool:
        return self._calls[-1].ask_transfer("agent", uri)

    async def transfer_heard(self) -> list[int]:
        return self._calls[-1].told

    async def caller_is_over(self) -> int:
        await self._calls[-1].ended.wait()
        refused = [int(done.split()[1]) for done in self._calls[-1].done if done.startswith("refuse")]
        return refused[0] if refused else 200

    async def all_over(self) -> None:
        for call in self._calls:
            call.party_hangs_up("caller")


class RealExchange:
    """Softphones on loopback: the caller's, and one process that is agent, third and supervisor, a line each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.bridge = SipBridge(SipConfig(port=0, rtp_port=0, workers=1), run_dir=folder / "run")
        self._caller = Softphone(user="01000001111")
        self._house: dict[Answers, Softphone] = {}
        """Agents' phones and others', by the way they answer."""
        self._citizens: dict[Answers, Softphone] = {}
        """Phones that we call."""
        self._calls: list[PhoneCall] = []
        for name, hertz in HERTZ.items():
            write_wav(folder / f"{name}.wav", tone(hertz))

    async def __aenter__(self) -> Self:
        await asyncio.gather(self.bridge.__aenter__(), self._caller.__aenter__())
        return self

    async def __aexit__(self, *exc: object) -> None:
        phones = [self._caller, *self._house.values(), *self._citizens.values()]
        await asyncio.gather(*(phone.__aexit__(None, None, None) for phone in phones), self.bridge.__aexit__(*exc))

    async def ring(self, caller: Party, called: str) -> Call:
        address = self.bridge.addresses[0]
        name = f'"{caller.name}" ' if caller.name else ""
        user = "anonymous" if caller.anonymous else caller.number
        coming = asyncio.ensure_future(anext(aiter(self.bridge.calls())))
        while True:
            call = await self._caller.dial(f"sip:{called}@{address}", from_uri=f"{name}<sip:{user}@127.0.0.1>")
            self._calls.append(call)
            over = asyncio.ensure_future(call.over())
            await asyncio.wait({coming, over}, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                over.cancel()
                return coming.result()
            # A leg that nobody answers keeps its slot for 32 s (RFC 3261 timer B), and this worker has four.
            assert over.result().status == 503
            await asyncio.sleep(0.2)

    async def phone(self, answers: Answers, who: Who = "agent") -> str:
        uri = await self._uri(answers, self._house, "2101")
        return uri.replace("sip:2101@", f"sip:{who}@")

    async def call_out(self, answers: DialResult, *, ring_timeout_s: float = 5.0) -> Call:
        uri = await self._uri(answers, self._citizens, "01000001111")
        return await self.bridge.call_out(uri, reference="callback", ring_timeout_s=ring_timeout_s)

    async def _uri(self, answers: Answers, phones: dict[Answers, Softphone], user: str) -> str:
        if answers == "unreachable":
            return _NOWHERE
        behaviour = {
            "answered": Answering(),
            "late": Answering(after_ms=700),
            "no_answer": Answering(mode="ring"),
            "busy": Answering(mode="refuse", status=486),
            "refused": Answering(mode="refuse", status=603),
        }[answers]
        if answers not in phones:
            phones[answers] = await Softphone(user=user, answering=behaviour).__aenter__()
        return phones[answers].uri

    async def talk(self, speaker: Speaker) -> None:
        await (await self._side(speaker)).say(self._folder / f"{speaker}.wav")

    async def press(self, speaker: Speaker, digits: str) -> None:
        await (await self._side(speaker)).press(digits)

    async def hold(self, speaker: Speaker, held: bool) -> None:
        await (await self._side(speaker)).hold(held)

    async def hang_up(self, who: Who) -> None:
        await (await self._side(who)).hang_up()

    async def ask_transfer(self, uri: str) -> bool:
        side = await self._side("agent")
        before = side.transfer
        await side.refer(uri)
        # Accepted, and a NOTIFY that says so; or refused.
        await side.until(lambda call: len(call.transfer) > 1 or call.transferred, timeout=5)
        if not side.transferred:
            return True
        side.transfer, side.transferred = before, False
        return False

    async def transfer_heard(self) -> list[int]:
        told = await (await self._side("agent")).transfer_over()
        return [status for status in told if status != 100]

    async def caller_is_over(self) -> int:
        return (await self._calls[-1].over()).status

    async def all_over(self) -> None:
        phones = [self._caller, *self._house.values(), *self._citizens.values()]
        for call in [call for phone in phones for call in phone.calls.values()]:
            with contextlib.suppress(Refused):  # over before the order came
                await call.hang_up()
        self._calls.clear()

    async def _side(self, who: Who) -> PhoneCall:
        """That side's phone in the running call; it may hear of it a moment later than the bridge."""
        if who == "caller" and self._calls:
            return self._calls[-1]
        phones = self._citizens if who == "caller" else self._house
        async with asyncio.timeout(5):
            while True:
                for phone in phones.values():
                    for call in reversed(phone.calls.values()):
                        if call.up and (who == "caller" or _called(call) == who):
                            return call
                await asyncio.sleep(0.02)


def _called(call: PhoneCall) -> str:
    """Whom the INVITE was for."""
    return call.incoming.message.partition("sip:")[2].partition("@")[0] if call.incoming is not None else ""


def tone(hertz: float, seconds: float = 1.0, loudness: int = 8000) -> bytes:
    """A sine, 8 kHz s16le."""
    samples = (int(loudness * math.sin(2 * math.pi * hertz * at / RATE)) for at in range(int(seconds * RATE)))
    return array("h", samples).tobytes()


def write_wav(path: Path, pcm: bytes) -> str:
    """8 kHz mono, 16 bits. Returns the path."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return str(path)
