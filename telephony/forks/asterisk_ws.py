"""Asterisk's WebSocket channel (chan_websocket): binary messages are sound, text messages are control.

https://docs.asterisk.org/Configuration/Channel-Drivers/WebSocket/ (Asterisk 20.16, 21.11, 22.6, 23.0 and newer). Text
is either one line, ``MEDIA_START connection_id:... channel:... format:ulaw optimal_frame_size:160``, or, with
``control_message_format = json`` (20.18, 22.8, 23.2), an object with ``"event"`` and, in MEDIA_START,
``"channel_variables"``. A channel carries one voice; the dialplan says whose by ``v(call=...,speaker=agent)``, which
becomes parameters of the address, or by channel variables ``MINWON_CALL``, ``MINWON_SPEAKER`` ...

MEDIA_XOFF and MEDIA_XON tell when Asterisk's own queue is full of what we send. We send nothing, so there is nothing to
hold back: Asterisk makes silence by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.errors import BadInput
from core.events import Speaker
from telephony.forks.about import about
from telephony.forks.json_message import json_object
from telephony.forks.said import RATES, Coding, Dialect, Opened, Pressed, Said, Voice, is_key

START: Final = "MEDIA_START"
_VARIABLE: Final = "MINWON_"
_SLIN: Final = re.compile(r"slin(\d{0,3})")
_LAWS: Final[dict[str, Coding]] = {"ulaw": "ulaw", "alaw": "alaw"}


class AsteriskReader:
    """Messages of one channel. ``parameters``: those of the address."""

    dialect: Dialect = "asterisk"

    def __init__(self, parameters: Sequence[tuple[str, str]]) -> None:
        self._parameters = parameters
        self._speakers: tuple[Speaker, ...] = ()
        self._coding: Coding = "slin"
        self._rate = 8000

    def read(self, message: str | bytes) -> Sequence[Said]:
        """See ``Reader``."""
        if isinstance(message, bytes):
            if not self._speakers:
                raise BadInput("sound before MEDIA_START", code="event")
            return [Voice(data=message, speakers=self._speakers, coding=self._coding, rate=self._rate)]
        told = control(message)
        match told.get("event"):
            case "MEDIA_START" if not self._speakers:
                return [self._open(told)]
            case "DTMF_END" if self._speakers and is_key(told.get("digit")):
                return [Pressed(speaker=self._speakers[0], digit=told["digit"])]
        return ()

    def _open(self, told: Mapping[str, Any]) -> Opened:
        self._coding, self._rate = _format(told.get("format"))
        variables = told.get("channel_variables")
        own = variables.items() if isinstance(variables, dict) else ()
        named = ((name.removeprefix(_VARIABLE).lower(), value) for name, value in own if name.startswith(_VARIABLE))
        facts = about(self._parameters, named)
        self._speakers = (facts.speaker,)
        return facts.opened(str(told.get("connection_id") or told.get("channel_id") or ""), self._speakers)


def control(message: str) -> dict[str, Any]:
    """A text message of either form."""
    if message.lstrip().startswith("{"):
        return json_object(message)
    event, *pairs = message.split(maxsplit=64) or [""]
    fields = (pair.partition(":") for pair in pairs)
    return {**{name: value for name, colon, value in fields if colon}, "event": event}


def _format(name: object) -> tuple[Coding, int]:
    """Asterisk's name of a codec: ulaw, alaw, slin, slin12, slin16 ... slin192, with slin44 for 44,100."""
    text = name if isinstance(name, str) else "slin"
    if text in _LAWS:
        return _LAWS[text], 8000
    found = _SLIN.fullmatch(text)
    rate = 0 if found is None else 44100 if found[1] == "44" else int(found[1] or 8) * 1000
    if rate not in RATES:
        raise BadInput(f"format {text[:16]} is not known here: dial with c(slin) or c(ulaw)", code="encoding")
    return "slin", rate
