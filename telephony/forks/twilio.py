"""Media Streams as Twilio sends them, and those who took it over from there: JSON throughout, sound in base64.

https://www.twilio.com/docs/voice/media-streams/websocket-messages: ``connected``, ``start`` (callSid, tracks,
mediaFormat audio/x-mulaw 8000, customParameters), ``media`` (track, chunk, timestamp in milliseconds since the stream
began), ``dtmf``, ``mark``, ``stop``. Others write names_with_underscores and PCMU, PCMA or raw sound
(https://developers.telnyx.com/api-reference/websockets/stream-call-media-over-websocket,
https://developer.exotel.com/docs/agentstream/websocket-protocol).

``inbound`` is what the exchange receives from the line that was forked, the caller's unless ``speaker`` says otherwise.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.errors import BadInput
from core.events import Speaker
from telephony.forks.about import about
from telephony.forks.json_message import json_object
from telephony.forks.said import RATES, Coding, Dialect, Ended, Opened, Pressed, Said, Voice, is_key

EVENTS: Final = frozenset({"connected", "start"})
"""What such a stream begins with."""
_CODINGS: Final[dict[str, Coding]] = {
    "": "ulaw",
    "audio/x-mulaw": "ulaw",
    "audio/x-alaw": "alaw",
    "pcmu": "ulaw",
    "pcma": "alaw",
    "audio/x-raw": "slin",
    "raw/slin": "slin",
}
_OTHER: Final[dict[Speaker, Speaker]] = {"caller": "agent", "agent": "caller"}


class TwilioReader:
    """Messages of one stream. ``parameters``: those of the address."""

    dialect: Dialect = "twilio"

    def __init__(self, parameters: Sequence[tuple[str, str]]) -> None:
        self._parameters = parameters
        self._tracks: dict[str, Speaker] = {}
        self._heard: tuple[Speaker, ...] = ()
        self._coding: Coding = "ulaw"
        self._rate = 8000

    def read(self, message: str | bytes) -> Sequence[Said]:
        """See ``Reader``."""
        if isinstance(message, bytes):
            raise BadInput("a binary message in a stream of JSON", code="binary")
        told = json_object(message)
        match told.get("event"):
            case "media":
                voice = self._voice(_object(told, "media"))
                return [voice] if voice.speakers[0] in self._heard else [self._one_more(voice.speakers), voice]
            case "start" if not self._tracks:
                return [self._start(_object(told, "start"))]
            case "dtmf":
                return self._key(_object(told, "dtmf"))
            case "stop":
                return [Ended()]
        return ()

    def _start(self, start: Mapping[str, Any]) -> Said:
        custom = start.get("customParameters") or start.get("custom_parameters")
        form = start.get("mediaFormat") or start.get("media_format")
        facts = about(custom.items() if isinstance(custom, dict) else (), start.items(), self._parameters)
        shape = about(form.items() if isinstance(form, dict) else ())
        coding = _CODINGS.get(shape.first("encoding").lower())
        rate = shape.first("sampleRate", "sample_rate") or "8000"
        if coding is None or not rate.isdecimal() or int(rate) not in RATES:
            raise BadInput("sound of a form that is not known here; use mu-law, 8000 a second", code="encoding")
        self._coding, self._rate = coding, int(rate)
        own = facts.speaker
        self._tracks = {"inbound": own, "outbound": _OTHER[own]}
        tracks = start.get("tracks")
        told = [track for track in self._tracks if isinstance(tracks, list) and track in tracks]
        self._heard = tuple(self._tracks[track] for track in told or ("inbound",))
        return facts.opened(facts.first("callSid", "call_sid", "call_control_id"), self._heard)

    def _one_more(self, speakers: tuple[Speaker, ...]) -> Said:
        """A track that was not announced."""
        self._heard += speakers
        return Opened(call="", speakers=speakers)

    def _voice(self, media: Mapping[str, Any]) -> Voice:
        speaker = self._tracks.get(str(media.get("track") or "inbound").removesuffix("_track"))
        payload, stamp = media.get("payload"), str(media.get("timestamp") or "")
        if speaker is None or not isinstance(payload, str):
            raise BadInput("sound of no known track, or before the stream has started", code="track")
        try:
            data = binascii.a2b_base64(payload, strict_mode=True)
        except ValueError:
            raise BadInput("sound that is no base64", code="base64") from None
        return Voice(
            data=data,
            speakers=(speaker,),
            coding=self._coding,
            rate=self._rate,
            stamp_ms=int(stamp) if stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12 else None,
        )

    def _key(self, dtmf: Mapping[str, Any]) -> Sequence[Said]:
        speaker = self._tracks.get(str(dtmf.get("track") or "inbound").removesuffix("_track"))
        digit = dtmf.get("digit")
        return [Pressed(speaker=speaker, digit=digit)] if speaker and is_key(digit) else []


def _object(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    if not isinstance(found, dict):
        raise BadInput(f"an event '{name}' that tells nothing", code="event")
    return found
