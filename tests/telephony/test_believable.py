"""What never reaches the stack."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.believable import is_unbelievable
from telephony.request import request_from


def message(header: str = "", body: str = "", start: str = "INVITE sip:120@h SIP/2.0") -> bytes:
    return f"{start}\r\nCall-ID: 1\r\n{header}\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    "header",
    [
        "Record-Route: <tel:1>",
        "Record-Route: <sip:a;lr>, <sipj127.0.0.1:9;lr>",
        "Record-Route: <sip:a;lr>\r\nRecord-Route: <mailto:b>",
        "Route: <x:y>",
        "Contact: <tel:+8231>",
        'm: "Kim" <http://h>',
        "Contact: nothing",
        "CONTACT: <>",
        "Contact: <sip:a@b>\r\n , <urn:c>",
    ],
)
@pytest.mark.parametrize("start", ["INVITE sip:120@h SIP/2.0", "SIP/2.0 200 OK"])
def test_ways_that_are_none_of_sip(header: str, start: str) -> None:
    assert is_unbelievable(request_from(message(header, start=start)))


@pytest.mark.parametrize(
    "header",
    [
        "Contact: <sip:a@b>",
        "Contact: SIPS:a@b;x=y",
        'm: "A" <sip:a@b>;q=0.3',
        "Contact: *",
        "Contact:",
        "Record-Route: <sip:a;lr>,<sips:b;lr>",
        "Route: < sip:a;lr>",
        "From: <tel:1>",
        "P-Asserted-Identity: <tel:1>",
        "Refer-To: <tel:1>",
    ],
)
def test_ways_that_are_fine(header: str) -> None:
    assert not is_unbelievable(request_from(message(header)))


def test_a_host_name_that_kills() -> None:
    deadly = f"v=0\r\nc=IN IP4 {'a' * 254}\r\n"
    assert is_unbelievable(request_from(message(body=deadly)))
    assert not is_unbelievable(request_from(message(body=deadly.replace("aa", "a", 1))))


@pytest.mark.parametrize(
    ("start", "media", "deadly"),
    [
        ("SIP/2.0 200 OK", 1, False),
        ("SIP/2.0 200 OK", 2, False),
        ("SIP/2.0 183 Progress", 3, True),
        ("INVITE sip:120@h SIP/2.0", 3, False),
    ],
)
def test_answers_to_more_than_was_asked(start: str, media: int, deadly: bool) -> None:
    body = "v=0\r\n" + "m=audio 1 RTP/AVP 8\r\n" * media
    assert is_unbelievable(request_from(message(body=body, start=start))) == deadly


@given(st.binary(max_size=400))
def test_it_never_raises(noise: bytes) -> None:
    is_unbelievable(request_from(b"INVITE sip:a SIP/2.0\r\nContact: " + noise))
