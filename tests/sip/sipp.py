"""Real SIP parties for the tests: SIPp processes that follow the scenarios of this folder."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import re
import socket
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Self

SCENARIOS = Path(__file__).parent / "scenarios"
HOST = "127.0.0.1"
_PLAYS = """  <nop><action><exec rtp_stream="@audio@,-1,@codec@"/></action></nop>
"""
_DEFAULTS = {
    "called": "120",
    "from": "<sip:01000001111@[local_ip]:[local_port]>",
    "headers": "",
    "media_ip": "[media_ip]",
    "codec": "PCMA/8000",
    "status": "503",
    "stays_ms": "20000",
    "answer": "SIP/2.0",
}


class Sipp:
    """One SIPp process. ``async with Sipp(...) as caller: ...; await caller.finished()``.

    It streams a tone of ``hertz``, or with ``echo`` sends back what it hears, or ``rtp`` does the talking for it.
    ``login`` is user and password for the digest of a scenario that answers one.
    """

    def __init__(
        self,
        folder: Path,
        scenario: str,
        *,
        to: str = "",
        hertz: float = 440,
        talk_s: float = 1.0,
        calls: int = 1,
        rate: int = 10,
        echo: bool = False,
        rtp: RtpParty | None = None,
        tcp: bool = False,
        host: str = HOST,
        login: tuple[str, str] | None = None,
        fill: Mapping[str, str] | None = None,
        patience_s: int = 30,
    ) -> None:
        self.port = free_port()
        self._folder = folder / f"{scenario}-{self.port}"
        self._folder.mkdir()
        audio = self._folder / "audio.al"
        audio.write_bytes(a_law(hertz))
        text = (SCENARIOS / f"{scenario}.xml").read_text("utf-8")
        wanted = {**_DEFAULTS, **(fill or {}), "audio": str(audio)}
        codec = wanted.pop("codec")
        kind = "0" if codec.startswith("PCMU") else "8"
        if echo or rtp is not None:
            text = text.replace(_PLAYS, "")
        if rtp is not None:
            text = text.replace("[media_port]", str(rtp.port))
        text = text.replace("RTP/AVP @codec@", f"RTP/AVP {kind}").replace(",-1,@codec@", f",-1,{kind},{codec}")
        for name, value in wanted.items():
            text = text.replace(f"@{name}@", value)
        self._scenario = self._folder / f"{scenario}.xml"
        self._scenario.write_text(text, "utf-8")
        self._arguments = [
            *(["-t", "t1"] if tcp else []),
            *(["-rtp_echo"] if echo else []),
            *["-sf", str(self._scenario), "-m", str(calls), "-l", str(calls), "-r", str(rate)],
            *(["-au", login[0], "-ap", login[1]] if login else []),
            *["-i", host, "-p", str(self.port), "-mi", HOST, "-mp", str(free_media_ports(10))],
            *["-d", str(int(talk_s * 1000)), "-timeout", str(patience_s), "-timeout_error", "-nostdin", "-nd", "-aa"],
            *["-trace_msg", "-message_file", str(self._folder / "messages.log")],
            *["-trace_err", "-error_file", str(self._folder / "errors.log")],
            *([to] if to else []),
        ]
        self._process: asyncio.subprocess.Process | None = None

    @property
    def uri(self) -> str:
        """Where this party can be called."""
        return f"sip:agent@{HOST}:{self.port}"

    async def __aenter__(self) -> Sipp:
        self._process = await asyncio.create_subprocess_exec(
            "sipp",
            *self._arguments,
            cwd=self._folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def finished(self, timeout: float = 20.0) -> None:
        """Wait for the end of the scenario; an ``AssertionError`` quotes what SIPp did not like."""
        assert self._process is not None
        async with asyncio.timeout(timeout):
            code = await self._process.wait()
        assert code == 0, f"{self._scenario.stem}: sipp ended with {code}: {self._errors()}"

    def received(self) -> list[str]:
        """The messages that came so far."""
        log = self._folder / "messages.log"
        parts = log.read_text("utf-8", "replace").split("message received")[1:] if log.exists() else []
        return [part.partition("message sent")[0] for part in parts]

    async def peer_rtp_port(self) -> int:
        """Where the other side wants to hear us, from the SDP that it sent."""
        async with asyncio.timeout(5):
            while True:
                for message in self.received():
                    found = re.search(r"^m=audio (\d+)", message, re.MULTILINE)
                    if found:
                        return int(found[1])
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """The party's power fails: no BYE."""
        assert self._process is not None
        self._process.kill()

    def _errors(self) -> str:
        path = self._folder / "errors.log"
        return path.read_text("utf-8", "replace")[-1500:] if path.exists() else "(no error file)"


def free_port() -> int:
    """A port that nobody listens on, UDP and TCP."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind((HOST, 0))
            port = int(udp.getsockname()[1])
            with contextlib.suppress(OSError):
                tcp.bind((HOST, port))
                return port


def free_media_ports(count: int, within: tuple[int, int] = (10_000, 19_990)) -> int:
    """The first of so many ports in a row for RTP and RTCP, by default below those that others here choose from."""
    low, high = within
    while True:
        first = random.randrange(low, high - count, 2)
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            for port in range(first, first + count):
                stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind((HOST, port))
            return first


class RtpParty(asyncio.DatagramProtocol):
    """The voice of a party: sends a tone as A-law RTP (RFC 3551) to whoever sent it something, or to ``to``; keeps
    what it hears."""

    def __init__(self, hertz: float, speech: bytes = b"") -> None:
        """``speech``: A-law that is said again and again instead of the tone."""
        self._tone = speech or a_law(hertz)
        self._transport: asyncio.DatagramTransport | None = None
        self._talking: asyncio.Task[None] | None = None
        self.port = 0
        self.heard = bytearray()
        """A-law bytes in the order of arrival."""

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(HOST, 0))
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._talking is not None:
            self._talking.cancel()
        if self._transport is not None:
            self._transport.close()

    def talk_to(self, port: int) -> None:
        """Begin to speak, as a phone behind a NAT does."""
        self.hush()
        self._talking = asyncio.create_task(self._talk((HOST, port)))

    def hush(self) -> None:
        """Send nothing any more."""
        if self._talking is not None:
            self._talking.cancel()

    def say(self, packet: bytes, port: int) -> None:
        """Send any datagram from where the voice comes from."""
        assert self._transport is not None
        self._transport.sendto(packet, (HOST, port))

    def datagram_received(self, data: bytes, _address: tuple[str, int]) -> None:
        if len(data) == 172:
            self.heard += data[12:]

    async def _talk(self, to: tuple[str, int]) -> None:
        assert self._transport is not None
        for sequence in range(3000):
            at = sequence * 160 % (len(self._tone) - 160)
            header = bytes((0x80, 8)) + struct.pack(">HII", sequence, sequence * 160, 0xC0FFEE)
            self._transport.sendto(header + self._tone[at : at + 160], to)
            await asyncio.sleep(0.02)


def a_law(hertz: float, seconds: float = 2.0, loudness: int = 8000) -> bytes:
    """A sine as G.711 A-law (ITU-T G.711), raw."""
    samples = (int(loudness * math.sin(2 * math.pi * hertz * at / 8000)) for at in range(int(seconds * 8000)))
    return bytes(_a_law_byte(sample) for sample in samples)


def linear(a_law_bytes: bytes | bytearray) -> list[int]:
    """G.711 A-law as numbers."""
    return [_LINEAR[byte] for byte in a_law_bytes]


def _a_law_byte(sample: int) -> int:
    sign = 0x80 if sample >= 0 else 0
    magnitude = min(abs(sample), 32635) >> 3
    exponent = max(0, magnitude.bit_length() - 5)
    mantissa = (magnitude >> max(exponent, 1)) & 0x0F
    return (sign | (exponent << 4) | mantissa) ^ 0x55


_LINEAR = {_a_law_byte(sample): sample for sample in range(-32768, 32768, 8)}
