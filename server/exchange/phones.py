"""Our own telephones for test calls, and what they say and hear as files."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import numpy as np

from core.audio import RATE
from core.config import Config
from core.errors import EnvironmentFault, PortTaken
from server.exchange.tones import Code, Samples, sequence
from telephony.softphone import Answering, Registrar, Softphone

_APART = 20
"""RTP ports between our two phones; a phone that finds one taken seeks upwards."""


class OwnPhone:
    """A telephone as the configuration describes ours, on ``sip.port`` if nobody has it, else on any."""

    def __init__(self, config: Config, host: str, *, caller: bool) -> None:
        self._config, self._host, self._caller = config, host, caller
        self._open: Softphone | None = None

    async def __aenter__(self) -> Softphone:
        config = self._config
        for port in dict.fromkeys((config.sip.port if self._caller else 0, 0)):
            self._open = _softphone(config, self._host, port, caller=self._caller)
            try:
                return await self._open.__aenter__()
            except EnvironmentFault as fault:
                if not port or not ("bound" in str(fault) or isinstance(fault, PortTaken)):
                    raise
        raise EnvironmentFault("no port is free for a telephone")

    async def __aexit__(self, *exc: object) -> None:
        if self._open is not None:
            await self._open.__aexit__(*exc)


def _softphone(config: Config, host: str, port: int, *, caller: bool) -> Softphone:
    sip = config.sip
    opening: dict[str, Any] = {
        "quiet": True,
        "traced": caller,
        "codecs": sip.codecs,
        "rtp_port": sip.rtp_port + (0 if caller else _APART) if sip.rtp_port else 0,
        "public_address": sip.public_address,
        "tls": "tls" in sip.transports,
        "ca_file": sip.tls.ca_file if sip.tls else "",
        "srtp": sip.srtp,
    }
    register, registrar = sip.register, None
    if register is not None and caller:
        user = register.auth_user or register.user
        registrar = Registrar(uri=register.registrar, user=user, password=register.password, registers=False)
    user = register.user if register is not None else sip.caller_id.partition(":")[2].partition("@")[0] or "120"
    return Softphone(user=user, host=host, port=port, registrar=registrar, answering=Answering(), opening=opening)


def sound_file(folder: Path, code: Code) -> Path:
    """A code as a WAV file for a telephone; written once a folder."""
    path = folder / f"code-{code.bits}.wav"
    if not path.exists():
        with wave.open(str(path), "wb") as clip:
            clip.setparams((1, 2, RATE, 0, "NONE", ""))
            clip.writeframes(sequence(code).tobytes())
    return path


def samples_of(path: Path) -> Samples:
    """The samples of a recording; none where nothing was recorded."""
    try:
        with wave.open(str(path), "rb") as clip:
            return np.frombuffer(clip.readframes(clip.getnframes()), np.int16)
    except (OSError, EOFError, wave.Error):
        return np.zeros(0, np.int16)
