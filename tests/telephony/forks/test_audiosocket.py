"""AudioSocket's bytes."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from telephony.forks.audiosocket import HUNG_UP, RATES, AudioSocketReader, message
from telephony.forks.said import Ended, Opened, Pressed, Said, Voice

PLAIN = UUID("6d1f8a52-2d4b-4b0e-9a51-0f6a1c3c2b11")
HELLO = message(0x01, PLAIN.bytes)


def read(data: bytes, cuts: list[int] | None = None) -> list[Said]:
    reader, said, at = AudioSocketReader(), [], 0
    for cut in [*sorted(cuts or ()), len(data)]:
        said += reader.feed(data[at:cut])
        at = max(at, cut)
    return [each for each in said if type(each) is not Said]


def test_a_stream_of_a_call() -> None:
    pcm = bytes(range(160)) * 2
    said = read(HELLO + message(0x10, pcm) + message(0x03, b"5") + HUNG_UP)
    assert said == [
        Opened(call=str(PLAIN), speakers=("caller",)),
        Voice(data=pcm, speakers=("caller",), coding="slin", rate=8000),
        Pressed(speaker="caller", digit="5"),
        Ended(),
    ]


@pytest.mark.parametrize("kind", RATES)
def test_every_rate_of_newer_asterisks(kind: int) -> None:
    voice = read(HELLO + message(kind, b"\1\0"))[1]
    assert isinstance(voice, Voice) and voice.rate == RATES[kind]


def test_what_the_caller_did_and_what_asterisk_could_not() -> None:
    assert read(HELLO + message(0xFF, b"\x01"))[1:] == [Ended()], "the caller hung up"
    assert read(HELLO + message(0xFF, b"\x04"))[1:] == [Ended(broken=True)]
    assert read(HELLO + message(0xFF))[1:] == [Ended(broken=True)]


def test_what_is_of_a_newer_asterisk_is_passed_over() -> None:
    assert read(HELLO + message(0x42, b"?") + message(0x03, b"x") + message(0x03) + message(0x01, PLAIN.bytes)) == [
        Opened(call=str(PLAIN), speakers=("caller",))
    ]


@pytest.mark.parametrize(
    "garbage",
    [b"GET / HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00", message(0x10, b"\0\0"), message(0x01, b"short"), b"\0\0\0"],
)
def test_what_is_no_audiosocket_is_known_by_its_first_bytes(garbage: bytes) -> None:
    with pytest.raises(BadInput):
        read(garbage)


MESSAGES = st.lists(
    st.one_of(
        st.builds(message, st.sampled_from(sorted(RATES)), st.binary(max_size=700)),
        st.builds(message, st.just(0x03), st.sampled_from([b"1", b"#", b"", b"zz"])),
        st.builds(message, st.integers(2, 0xFE).filter(lambda kind: kind not in RATES), st.binary(max_size=9)),
    ),
    max_size=8,
)


@given(MESSAGES, st.data())
def test_wherever_tcp_cuts_the_same_is_read(messages: list[bytes], data: st.DataObject) -> None:
    stream = HELLO + b"".join(messages)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    assert read(stream, cuts) == read(stream)


@given(st.binary(max_size=400))
def test_garbage_is_read_or_refused(garbage: bytes) -> None:
    reader = AudioSocketReader()
    list(reader.feed(HELLO))
    list(reader.feed(garbage))
    with suppress(BadInput):
        read(garbage)


def test_half_a_message_is_seen() -> None:
    reader = AudioSocketReader()
    list(reader.feed(HELLO))
    assert not reader.partial
    list(reader.feed(message(0x10, bytes(320))[:100]))
    assert reader.partial
