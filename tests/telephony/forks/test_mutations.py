"""Streams with broken bytes in them: read, or refused with a word; nothing else ever happens."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from core.errors import MinwonError
from telephony.forks.about import parameters
from telephony.forks.audiosocket import HUNG_UP, AudioSocketReader, message
from telephony.forks.dialects import reader_for
from telephony.forks.joining import Joining
from telephony.forks.said import Reader
from telephony.forks.stream import Stream
from telephony.forks.telling_uuid import telling_uuid
from tests.telephony.forks.exchange import PCM, media, text
from tests.telephony.forks.test_call import Clock, Connection

MUTATED = 2500
INSERTED = [b"{", b"]", b'"', b"null", b"-1", b"1e999", b"\0", b"\xff" * 9, b"[" * 999]
JAMBONZ: list[str | bytes] = [
    text(callSid="1", **{"from": "01012345678"}, sampleRate=16000, mixType="stereo", metadata={"agent": "2107"}),
    PCM * 2,
    text(event="dtmf", dtmf="5"),
    text(type="disconnect"),
]
TWILIO: list[str | bytes] = [
    text(event="connected"),
    text(
        event="start",
        start={
            "callSid": "CA1",
            "tracks": ["inbound", "outbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000},
            "customParameters": {"agent": "2107"},
        },
    ),
    media(b"\xff" * 20, "inbound", 20),
    media(b"\xff" * 20, "outbound", 40),
    text(event="dtmf", dtmf={"track": "inbound_track", "digit": "1"}),
    text(event="stop"),
]
ASTERISK: list[str | bytes] = [
    text(event="MEDIA_START", connection_id="1", format="slin16", channel_variables={"MINWON_CALL": "7"}),
    PCM,
    "DTMF_END digit:5",
    text(event="MEDIA_XOFF"),
]
UUID = telling_uuid("171234567842", "caller", number="01012345678", extension="2107")
AUDIOSOCKET = message(0x01, UUID.bytes) + message(0x10, PCM) + message(0x03, b"5") + message(0x12, PCM) + HUNG_UP


def broken(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, doubled, gone, or the rest cut off."""
    bytes_ = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(bytes_) + 1)
        match chance.randrange(5):
            case 0 if bytes_:
                bytes_[at % len(bytes_)] = chance.randrange(256)
            case 1:
                del bytes_[at : at + chance.randint(1, 8)]
            case 2:
                bytes_[at:at] = bytes_[at : at + chance.randint(1, 40)]
            case 3:
                bytes_[at:at] = chance.choice(INSERTED)
            case 4:
                del bytes_[at + 20 :]
    return bytes(bytes_)


def words(messages: list[str | bytes], chance: random.Random) -> Iterator[str | bytes]:
    for each in messages:
        if chance.random() < 0.6:
            yield each
        elif isinstance(each, bytes):
            yield broken(each, chance)
        else:
            yield broken(each.encode(), chance).decode("utf-8", "replace")


@pytest.mark.parametrize("messages", [JAMBONZ, TWILIO, ASTERISK], ids=["jambonz", "twilio", "asterisk"])
def test_websocket_streams(messages: list[str | bytes]) -> None:
    chance = random.Random(7866)
    refused = 0
    for _ in range(MUTATED):
        clock, link = Clock(), Connection()
        stream = Stream(Joining(lambda call: None, clock), link, "10.0.0.5")
        reader: Reader | None = None
        try:
            for each in words(messages, chance):
                if reader is None:
                    reader = reader_for(each, parameters("/?call=7"))
                    stream.dialect = reader.dialect
                clock.now += 0.02
                if not stream.take(reader.read(each)):
                    break
        except MinwonError as fault:
            refused += 1
            stream.fail(fault)
        stream.over(broken=True)
        assert stream.call is None or stream.call.over
    assert 0 < refused < MUTATED


def test_audiosockets() -> None:
    chance = random.Random(9019)
    refused = 0
    for _ in range(MUTATED):
        clock = Clock()
        stream = Stream(Joining(lambda call: None, clock), Connection(), "10.0.0.5", "audiosocket")
        reader, data = AudioSocketReader(), broken(AUDIOSOCKET, chance)
        try:
            for at in range(0, len(data), 97):
                clock.now += 0.02
                for said in reader.feed(data[at : at + 97]):
                    if not stream.take((said,)):
                        break
        except MinwonError as fault:
            refused += 1
            stream.fail(fault)
        stream.over(broken=reader.partial)
        assert stream.call is None or stream.call.over
    assert 0 < refused < MUTATED
