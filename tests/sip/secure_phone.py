"""baresip as a phone that speaks TLS and SRTP: it calls or is called, says a tone and records what it hears."""

from __future__ import annotations

import asyncio
import contextlib
import wave
from pathlib import Path
from typing import Self

from core.audio import RATE
from tests.contracts.exchange import tone, write_wav
from tests.patience import until
from tests.sip.pki import Authority
from tests.sip.sipp import HOST, free_port


class SecurePhone:
    """``async with SecurePhone(folder, authority, dials=uri)``: it calls at once, and hangs up at the end."""

    def __init__(
        self,
        folder: Path,
        authority: Authority | None = None,
        *,
        dials: str = "",
        srtp: str = "",
        hertz: float = 440.0,
    ) -> None:
        """``srtp``: '' or baresip's 'srtp' (offered), 'srtp-mand' (demanded)."""
        port = free_port()
        self.uri = f"sip:01000005555@{HOST}:{port + 1 if authority else port}" + (";transport=tls" if authority else "")
        self._folder = folder / f"phone-{port}"
        self._folder.mkdir()
        self._dials = dials
        self._process: asyncio.subprocess.Process | None = None
        write_wav(self._folder / "says.wav", tone(hertz, 30.0))
        trust = ""
        if authority is not None:
            certificate, key = authority.issue(f"phone-{port}")
            both = self._folder / "own.pem"
            both.write_bytes(certificate.read_bytes() + key.read_bytes())
            trust = f"sip_certificate {both}\nsip_cafile {authority.file}\n"
        (self._folder / "config").write_text(
            f"sip_listen {HOST}:{port}\n{trust}"
            f"net_interface {HOST}\n"
            f"audio_source aufile,{self._folder}/says.wav\naudio_player aubridge,ear\nsnd_path {self._folder}\n"
            "ausrc_srate 8000\nauplay_srate 8000\naudio_channels 1-1\n"
            "module_path /usr/lib/baresip/modules\n"
            "module g711.so\nmodule aufile.so\nmodule aubridge.so\nmodule sndfile.so\nmodule srtp.so\n"
            "module_app account.so\nmodule_app menu.so\n",
            "utf-8",
        )
        encryption = f";mediaenc={srtp}" if srtp else ""
        transport = ";transport=tls" if authority else ""
        (self._folder / "accounts").write_text(
            f"<sip:01000005555@{HOST}{transport}>;regint=0;answermode=auto;audio_codecs=PCMA{encryption}\n", "utf-8"
        )

    async def __aenter__(self) -> Self:
        with (self._folder / "log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *("baresip", "-f", str(self._folder), *(["-e", f"/dial {self._dials}"] if self._dials else [])),
                cwd=self._folder, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        await until(lambda: "baresip is ready" in self.log)
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), 5)
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()

    @property
    def log(self) -> str:
        """What it wrote."""
        path = self._folder / "log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def heard(self) -> list[int]:
        """The voice that it heard, as samples at 8 kHz; whole once the phone is closed."""
        samples: list[int] = []
        for recording in sorted(self._folder.glob("dump-*-dec.wav")):
            with wave.open(str(recording)) as file:
                assert file.getframerate() == RATE
                samples += memoryview(file.readframes(file.getnframes())).cast("h").tolist()
        return samples
