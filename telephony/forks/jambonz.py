"""Linear PCM over a WebSocket: jambonz ``listen``, and FreeSWITCH's mod_audio_fork and mod_audio_stream below it.

The first text message tells of the call: jambonz sends its call attributes with ``sampleRate`` and ``mixType``
(https://docs.jambonz.org/verbs/verbs/listen, sub-protocol ``audio.jambonz.org``); mod_audio_stream sends the JSON of
its command, or nothing at all (https://github.com/amigniter/mod_audio_stream), and then the address must tell. Binary
messages are 16 bits, little-endian; stereo is the caller's sample, then the other's
(https://github.com/drachtio/drachtio-freeswitch-modules, mod_audio_fork). Of keys tells ``"event": "dtmf"`` (with
``passDtmf``). There is no goodbye but the WebSocket's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import BadInput
from core.events import Speaker
from telephony.forks.about import about
from telephony.forks.json_message import json_object
from telephony.forks.said import BOTH, RATES, Dialect, Ended, Opened, Pressed, Said, Voice, is_key

_GOODBYES = frozenset({"disconnect", "hangup", "stop"})


class JambonzReader:
    """Messages of one ``listen``. ``parameters``: those of the address."""

    dialect: Dialect = "jambonz"

    def __init__(self, parameters: Sequence[tuple[str, str]]) -> None:
        self._parameters = parameters
        self._speakers: tuple[Speaker, ...] = ()
        self._rate = 8000

    def read(self, message: str | bytes) -> Sequence[Said]:
        """See ``Reader``."""
        if isinstance(message, bytes):
            opened = [] if self._speakers else [self._open({})]
            return [*opened, Voice(data=message, speakers=self._speakers, coding="slin", rate=self._rate)]
        told = json_object(message)
        return self._event(told) if self._speakers else [self._open(told)]

    def _open(self, told: Mapping[str, Any]) -> Opened:
        inner = told.get("metadata")
        facts = about(told.items(), inner.items() if isinstance(inner, dict) else (), self._parameters)
        rate = facts.first("sampleRate", "sample_rate", "rate") or "8000"
        if not rate.isdecimal() or int(rate) not in RATES:
            raise BadInput(f"{rate[:12]} samples a second are not known here; use 8000 or 16000", code="encoding")
        self._rate = int(rate)
        self._speakers = _speakers(facts.first("mixType", "mix_type", "mix") or "mono", facts.speaker)
        return facts.opened(facts.first("callSid", "call_sid", "callId", "callid", "uuid"), self._speakers)

    def _event(self, told: Mapping[str, Any]) -> Sequence[Said]:
        kind = told.get("event") or told.get("type")
        if kind == "dtmf":
            digit = told.get("dtmf") or told.get("digit")
            return [Pressed(speaker=self._speakers[0], digit=digit)] if is_key(digit) else []
        return [Ended()] if isinstance(kind, str) and kind in _GOODBYES else []


def _speakers(mix: str, own: Speaker) -> tuple[Speaker, ...]:
    match mix:
        case "mono":
            return (own,)
        case "stereo":
            return BOTH if own == "caller" else ("agent", "caller")
    raise BadInput("two voices in one channel can't be told apart: let mixType be stereo", code="mixed")
