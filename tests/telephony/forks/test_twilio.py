"""Media Streams in the dialects of Twilio and its followers."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.events import Party
from telephony.forks.said import Ended, Opened, Pressed, Voice
from telephony.forks.twilio import TwilioReader

START = {
    "event": "start",
    "sequenceNumber": "1",
    "streamSid": "MZ1",
    "start": {
        "streamSid": "MZ1",
        "accountSid": "AC1",
        "callSid": "CA1",
        "tracks": ["inbound", "outbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"from": "01012345678", "agent": "2107", "to": "120"},
    },
}


def text(told: object) -> str:
    return msgspec.json.encode(told).decode()


def media(data: bytes, track: str = "inbound", stamp: object = "20") -> str:
    payload = base64.b64encode(data).decode()
    inner = {"track": track, "chunk": "2", "timestamp": stamp, "payload": payload}
    return text({"event": "media", "sequenceNumber": "3", "media": inner, "streamSid": "MZ1"})


def started(**custom: str) -> TwilioReader:
    reader = TwilioReader([])
    told: dict[str, Any] = msgspec.json.decode(text(START))
    told["start"]["customParameters"] |= custom
    reader.read(text(told))
    return reader


def test_a_stream_of_two_tracks() -> None:
    reader = TwilioReader([])
    assert not reader.read(text({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
    assert reader.read(text(START)) == [
        Opened(
            call="CA1",
            speakers=("caller", "agent"),
            caller=Party(number="01012345678"),
            agent=Party(number="2107"),
            called="120",
        )
    ]
    data = bytes(range(160))
    assert reader.read(media(data)) == [Voice(data=data, speakers=("caller",), coding="ulaw", rate=8000, stamp_ms=20)]
    assert reader.read(media(data, "outbound", 40)) == [
        Voice(data=data, speakers=("agent",), coding="ulaw", rate=8000, stamp_ms=40)
    ]
    dtmf = {"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": "1"}}
    assert reader.read(text(dtmf)) == [Pressed(speaker="caller", digit="1")]
    assert not reader.read(text({"event": "mark", "mark": {"name": "x"}}))
    assert reader.read(text({"event": "stop", "stop": {"callSid": "CA1"}})) == [Ended()]


def test_a_stream_that_was_forked_from_the_agents_line() -> None:
    voice = started(speaker="agent").read(media(b"\xff"))[0]
    assert isinstance(voice, Voice) and voice.speakers == ("agent",)


def test_names_with_underscores_and_a_law() -> None:
    reader = TwilioReader([])
    inner = {
        "call_control_id": "v3:1",
        "from": "+82215771577",
        "media_format": {"encoding": "PCMA", "sample_rate": 8000},
    }
    opened = reader.read(text({"event": "start", "start": inner}))[0]
    assert isinstance(opened, Opened)
    assert (opened.call, opened.caller.number, opened.speakers) == ("v3:1", "+82215771577", ("caller",))
    voice = reader.read(media(b"\xd5"))[0]
    assert isinstance(voice, Voice) and voice.coding == "alaw"


def test_a_track_that_was_not_announced() -> None:
    reader = TwilioReader([])
    reader.read(text({"event": "start", "start": {"callSid": "CA1"}}))
    one_more, voice = reader.read(media(b"\xff", "outbound"))
    assert one_more == Opened(call="", speakers=("agent",))
    assert isinstance(voice, Voice) and voice.speakers == ("agent",)
    assert len(reader.read(media(b"\xff", "outbound"))) == 1


@pytest.mark.parametrize("stamp", ["", None, "-20", "x", "9" * 40, {"a": 1}])
def test_a_stamp_that_is_none(stamp: object) -> None:
    voice = started().read(media(b"\xff", stamp=stamp))[0]
    assert isinstance(voice, Voice) and voice.stamp_ms is None


def test_what_cannot_be_listened_to() -> None:
    opus = {"event": "start", "start": {"mediaFormat": {"encoding": "audio/opus"}}}
    broken = {"event": "media", "media": {"track": "inbound", "payload": "?"}}
    for reader, message in (
        (TwilioReader([]), text(opus)),
        (TwilioReader([]), media(b"\xff")),
        (started(), media(b"\xff", "sideways")),
        (started(), text(broken)),
        (started(), text({"event": "media"})),
        (started(), "not json"),
        (started(), b"\xff" * 160),
    ):
        with pytest.raises(BadInput):
            reader.read(message)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 9999), st.text(max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)
NAMES = st.sampled_from(["event", "start", "media", "dtmf", "tracks", "payload", "track", "mediaFormat", "x"])


@given(st.sampled_from(["start", "media", "dtmf", "stop", "mark"]), st.dictionaries(NAMES, VALUES, max_size=4))
def test_lies_are_read_or_refused(event: str, inner: dict[str, object]) -> None:
    for reader in (TwilioReader([]), started()):
        with suppress(BadInput):
            reader.read(text({"event": event, event: inner}))
