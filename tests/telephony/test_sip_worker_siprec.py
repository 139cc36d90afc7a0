"""What of a recording client's request the stack need not see."""

from __future__ import annotations

import pytest

from telephony.request import Request, request_from
from telephony.sip_worker_siprec import is_metadata_alone, requires_siprec
from tests.telephony.siprec.messages import body, rfc7865, sdp

XML = rfc7865(("p1", "sip:2107@x", "", "1"))
OFFER = sdp("4000 1 sendonly")


def request(headers: str, text: str = "") -> Request:
    return request_from(f"UPDATE sip:a@b SIP/2.0\r\n{headers}\r\n{text}".encode())


@pytest.mark.parametrize(
    ("headers", "required"),
    [
        ("Require: siprec\r\n", True),
        ("Require: timer, SIPREC\r\n", True),
        ("Require: timer\r\nRequire:siprec\r\n", True),
        ("Supported: siprec\r\n", False),
        ("Require: siprecs\r\n", False),
        ("", False),
    ],
)
def test_whether_siprec_is_required(headers: str, required: bool) -> None:
    assert requires_siprec(request(headers)) is required


@pytest.mark.parametrize(
    ("content_type", "text", "alone"),
    [
        ("application/rs-metadata+xml", XML, True),
        ("application/rs-metadata", XML, True),
        ("multipart/mixed;boundary=b", f"--b\nContent-Type: application/rs-metadata+xml\n\n{XML}\n--b--", True),
        ("multipart/mixed;boundary=uniqueBoundary", body(OFFER, XML), False),
        ("application/sdp", OFFER, False),
        ("multipart/mixed;boundary=missing", body(OFFER, XML), False),
        ("application/rs-metadata+xml", "", False),
    ],
)
def test_whether_a_body_is_metadata_alone(content_type: str, text: str, alone: bool) -> None:
    assert is_metadata_alone(request(f"Content-Type: {content_type}\r\n", text)) is alone
