"""Real SIP parties for the tests: SIPp processes that follow the scenarios of this folder."""

from __future__ import annotations

import asyncio
import math
import socket
from array import array
from collections.abc import Mapping
from pathlib import Path

SCENARIOS = Path(__file__).parent / "scenarios"
HOST = "127.0.0.1"
_DEFAULTS = {
    "called": "120",
    "from": "<sip:01000001111@[local_ip]:[local_port]>",
    "headers": "",
    "media_ip": "[media_ip]",
    "codec": "PCMA/8000",
    "status": "503",
    "answer": "SIP/2.0",
}


class Sipp:
    """One SIPp process. ``async with Sipp(...) as caller: ...; await caller.finished()``."""

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
        tcp: bool = False,
        fill: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self._folder = folder / f"{scenario}-{self.port}"
        self._folder.mkdir()
        audio = self._folder / "audio.al"
        audio.write_bytes(a_law(hertz))
        text = (SCENARIOS / f"{scenario}.xml").read_text("utf-8")
        wanted = {**_DEFAULTS, **(fill or {}), "audio": str(audio)}
        media = wanted.pop("codec")
        text = text.replace("RTP/AVP @codec@", f"RTP/AVP {0 if media.startswith('PCMU') else 8}")
        text = text.replace(",-1,@codec@", f",-1,{0 if media.startswith('PCMU') else 8},{media}")
        for name, value in wanted.items():
            text = text.replace(f"@{name}@", value)
        self._scenario = self._folder / f"{scenario}.xml"
        self._scenario.write_text(text, "utf-8")
        self._arguments = [
            *(["-t", "t1"] if tcp else []),
            *(["-rtp_echo"] if echo else []),
            *["-sf", str(self._scenario), "-m", str(calls), "-l", str(calls), "-r", str(rate)],
            *["-i", HOST, "-p", str(self.port), "-mi", HOST, "-mp", str(free_port())],
            *["-d", str(int(talk_s * 1000)), "-timeout", "30", "-timeout_error", "-nostdin", "-nd"],
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

    def kill(self) -> None:
        """The party's power fails: no BYE."""
        assert self._process is not None
        self._process.kill()

    def _errors(self) -> str:
        path = self._folder / "errors.log"
        return path.read_text("utf-8", "replace")[-1500:] if path.exists() else "(no error file)"


def free_port() -> int:
    """A port that nobody listens on, UDP and TCP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        udp.bind((HOST, 0))
        port = int(udp.getsockname()[1])
        tcp.bind((HOST, port))
        return port


def a_law(hertz: float, seconds: float = 2.0, loudness: int = 8000) -> bytes:
    """A sine as G.711 A-law (ITU-T G.711), raw."""
    samples = (int(loudness * math.sin(2 * math.pi * hertz * at / 8000)) for at in range(int(seconds * 8000)))
    return bytes(_a_law_byte(sample) for sample in samples)


def _a_law_byte(sample: int) -> int:
    sign = 0x80 if sample >= 0 else 0
    magnitude = min(abs(sample), 32635) >> 3
    exponent = max(0, magnitude.bit_length() - 5)
    mantissa = (magnitude >> max(exponent, 1)) & 0x0F
    return (sign | (exponent << 4) | mantissa) ^ 0x55


def s16(pcm: bytes) -> array[int]:
    """PCM as numbers."""
    return array("h", pcm)
