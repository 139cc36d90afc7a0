"""baresip as somebody's phone: registered at the exchange, answers by itself, says something, records what it hears."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import wave
from pathlib import Path
from typing import Self

import numpy as np

from core.audio import RATE
from tests.contracts.exchange import tone, write_wav
from tests.lab.exchange import PASSWORD
from tests.patience import until
from tests.sip.attendant import tones
from tests.sip.sipp import HOST, free_port

_STARTS = 3


class Baresip:
    """One phone. ``async with Baresip(folder, "2101", exchange.address) as phone`` = it is registered."""

    def __init__(
        self,
        folder: Path,
        user: str,
        exchange: str,
        *,
        hertz: float = 700.0,
        says: bytes = b"",
        answers: bool = True,
        registers: bool = True,
        dials: str = "",
        srtp: bool = False,
    ) -> None:
        """It plays a tone, or ``says`` that again and again (8 kHz, 16 bits), for a minute of each call.
        ``dials``: a number that it calls as soon as it is registered; ``srtp``: it speaks encrypted or not at all."""
        self.user = user
        self._dials = dials
        self._folder = folder / f"baresip-{user}"
        self._folder.mkdir(parents=True)
        self._exchange = exchange
        self._registers = registers
        self._port, self._control = free_port(), free_port()
        self._process: asyncio.subprocess.Process | None = None
        voice = np.resize(np.frombuffer(says, "<i2"), 60 * RATE).tobytes() if says else tone(hertz, 60.0)
        write_wav(self._folder / "says.wav", voice)
        mode = "auto" if answers else "manual"
        register = "regint=60" if registers else "regint=0"
        encryption = ";mediaenc=srtp-mand" if srtp else ""
        (self._folder / "accounts").write_text(
            f"<sip:{user}@{exchange}>;{register};auth_user={user};auth_pass={PASSWORD};answermode={mode};"
            f"audio_codecs=PCMA/8000/1{encryption}\n",
            "utf-8",
        )
        (self._folder / "config").write_text(
            f"""
sip_listen {HOST}:{self._port}
ctrl_tcp_listen {HOST}:{self._control}
audio_source aufile,{self._folder / "says.wav"}
audio_player aubridge,ear
snd_path {self._folder}
audio_srate 8000
audio_channels 1
rtp_ports 20000-29999
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module srtp.so
module stdio.so
module ctrl_tcp.so
module_app account.so
module_app menu.so
""",
            "utf-8",
        )

    async def __aenter__(self) -> Self:
        for _ in range(_STARTS - 1):
            await self._start()
            with contextlib.suppress(TimeoutError):
                await self._until_registered()
                return self
            await self._stop()  # another took one of its ports, or its first REGISTER was lost: it asks again too late
        await self._start()
        await self._until_registered()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stop()

    async def _until_registered(self) -> None:
        if self._registers:
            await until(lambda: "200 OK" in self.log, within_s=15)

    async def _start(self) -> None:
        with (self._folder / "baresip.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *("baresip", "-f", str(self._folder), "-t", "300"),
                *(("-e", f"/dial sip:{self._dials}@{self._exchange}") if self._dials else ()),
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def _stop(self) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), 5)
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    @property
    def uri(self) -> str:
        """Where it can be called without the exchange."""
        return f"sip:{self.user}@{HOST}:{self._port}"

    async def command(self, name: str, words: str = "") -> None:
        """What somebody does at the phone: 'transfer' to an address, 'hold', 'resume', 'hangup'."""
        text = json.dumps({"command": name, "params": words, "token": name})
        _, writer = await asyncio.open_connection(HOST, self._control)
        writer.write(f"{len(text)}:{text},".encode())  # a netstring
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    @property
    def log(self) -> str:
        """What it wrote."""
        path = self._folder / "baresip.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    @property
    def over(self) -> bool:
        """Whether a call of this phone has ended."""
        return "session closed" in self.log or "terminated (duration" in self.log

    def heard(self) -> set[int]:
        """The pitches that it has heard in its calls; none of a call before its recording is whole."""
        pitches: set[int] = set()
        for recording in self._folder.glob("dump-*-dec.wav"):
            with contextlib.suppress(wave.Error, EOFError), wave.open(str(recording)) as file:
                assert file.getframerate() == RATE
                pitches |= tones(np.frombuffer(file.readframes(file.getnframes()), "<i2"))
        return pitches
