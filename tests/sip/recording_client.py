"""A recording client (RFC 7866) for tests: one dialog over UDP, two voices, metadata as the test says.

async with RecordingClient(bridge.addresses[0]) as sbc:
    assert await sbc.record(CALLER, HANEUL) == 200
    await sbc.update(CALLER, BADA)
    await sbc.ask("BYE")
"""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from typing import Self

from tests.sip.attendant import Attendant, Attended
from tests.sip.raw_caller import RawCaller
from tests.sip.sipp import HOST, RtpParty
from tests.telephony.siprec.messages import body, rfc7865, sdp

MULTIPART = 'multipart/mixed;boundary="uniqueBoundary"'
REQUIRE = "Require: siprec\r\n"
CALLER = ("p1", "sip:01012345678@10.0.0.9", "홍길동", "1")
HANEUL = ("p2", "sip:2107@10.0.0.5", "김하늘", "2")
BADA = ("p3", "sip:2108@10.0.0.5", "이바다", "2")
CALLER_HZ, AGENT_HZ = 440, 880

Person = tuple[str, str, str, str]


class RecordingClient(RawCaller):
    """``host``: where it calls from, another address of the loopback network. ``speech``: A-law of caller and agent
    instead of their tones."""

    def __init__(self, to: str, *, host: str = HOST, speech: tuple[bytes, bytes] = (b"", b"")) -> None:
        super().__init__(to)
        self._speech = speech
        self._from = host
        self._parties = AsyncExitStack()
        self.voices: list[RtpParty] = []

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self._from, 0))
        self.here = f"{self._from}:{self._transport.get_extra_info('sockname')[1]}"
        for hertz, speech in zip((CALLER_HZ, AGENT_HZ), self._speech, strict=True):
            self.voices.append(await self._parties.enter_async_context(RtpParty(hertz, speech)))
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._parties.aclose()
        await super().__aexit__(*exc)

    async def record(self, *people: Person, directions: tuple[str, ...] = ("sendonly", "sendonly")) -> int:
        """The first INVITE with that metadata (none = no metadata); on 200 both voices begin to speak."""
        status = await self._offer("INVITE", rfc7865(*people) if people else "", directions)
        if status == 200:
            self.speak()
        return status

    async def update(
        self,
        *people: Person,
        directions: tuple[str, ...] = ("sendonly", "sendonly"),
        method: str = "INVITE",
        session: str = "s1",
        stopped: bool = False,
    ) -> int:
        """A re-INVITE or UPDATE with another offer, other metadata. A direction 'gone' is port 0."""
        xml = rfc7865(*people, session=session, stopped=stopped) if people else ""
        return await self._offer(method, xml, directions)

    async def metadata(self, *people: Person, method: str = "UPDATE", **more: object) -> int:
        """Metadata alone, without an SDP."""
        xml = rfc7865(*people, **more)  # type: ignore[arg-type]
        return await self.ask(method, body=_crlf(xml), headers=REQUIRE, content="application/rs-metadata+xml")

    def speak(self) -> None:
        """Both voices to where the last answer wants them; a stream that was refused is silent."""
        for voice, port in zip(self.voices, self.ports, strict=False):
            if port:
                voice.talk_to(port)

    @property
    def ports(self) -> list[int]:
        """Of the last answer with an SDP."""
        answer = next(text for text in reversed(self.received) if "m=audio" in text)
        return [int(port) for port in re.findall(r"^m=audio (\d+)", answer, re.MULTILINE)]

    @property
    def answered_directions(self) -> list[str]:
        """Of the last answer with an SDP."""
        answer = next(text for text in reversed(self.received) if "m=audio" in text)
        return re.findall(r"^a=(sendrecv|sendonly|recvonly|inactive)", answer, re.MULTILINE)

    async def _offer(self, method: str, xml: str, directions: tuple[str, ...]) -> int:
        streams = [
            f"{0 if direction == 'gone' else voice.port} {label} {'inactive' if direction == 'gone' else direction}"
            for label, voice, direction in zip("12", self.voices, directions, strict=False)
        ]
        if not xml:
            return await self.ask(method, body=_crlf(sdp(*streams)), headers=REQUIRE)
        return await self.ask(method, body=_crlf(body(sdp(*streams), xml)), headers=REQUIRE, content=MULTIPART)


class Recorder(Attendant):
    """Takes every recording session and listens to both voices."""

    async def _connect(self, attended: Attended) -> bool:
        await attended.call.answer()
        attended.joined.set()
        return True


def _crlf(text: str) -> str:
    return text.replace("\n", "\r\n")
