"""Reading a request's few facts, whatever it looks like."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from telephony.request import decoded, is_sip_address, request_from, user_part

INVITE = (
    b"INVITE sip:120@10.0.0.1 SIP/2.0\r\nv: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK1\r\nf: <sip:1@10.0.0.9>;tag=7\r\n"
    b't: "a;tag=b" <sip:120@10.0.0.1>\r\ni: abc@10.0.0.9\r\nSubject: one\r\n  two\r\nX-A: 1\r\nX-A: 2\r\n'
    b"c: application/sdp\r\nl: 4\r\n\r\nv=0\r\n"
)


def test_compact_names_folded_lines_and_repeated_headers() -> None:
    request = request_from(INVITE)
    assert (request.method, request.uri, request.body) == ("INVITE", "sip:120@10.0.0.1", "v=0\n")
    assert request.first("call-id") == "abc@10.0.0.9"
    assert request.first("subject") == "one two"
    assert request.all("x-a") == ["1", "2"]
    assert request.first("content-type") == "application/sdp"
    assert request.first("nothing") == ""


def test_in_dialog_is_a_tag_in_to_and_not_in_a_quoted_name() -> None:
    assert not request_from(INVITE).in_dialog
    assert request_from(INVITE.replace(b"<sip:120@10.0.0.1>\r\ni", b"<sip:120@10.0.0.1> ; TAG = 9\r\ni")).in_dialog


@given(st.binary(max_size=400))
@example(b"")
@example(b"\r\n\r\n")
def test_never_raises(message: bytes) -> None:
    request = request_from(message)
    assert isinstance(request.in_dialog, bool)
    assert user_part(request.uri) is not None


@pytest.mark.parametrize(
    ("uri", "user"),
    [
        ("sip:120@10.0.0.1", "120"),
        ("sips:120;phone-context=kr@h", "120"),
        ("<sip:%ED%99%8D@h>", "홍"),
        ("tel:+82-10-0000-1111;ext=3", "+82-10-0000-1111"),
        ("sip:10.0.0.1", ""),
        ("sip:user:secret@h", "user"),
        ("isbn:2983792873", ""),
        ("", ""),
    ],
)
def test_user_part(uri: str, user: str) -> None:
    assert user_part(uri) == user


def test_older_exchanges_write_cp949() -> None:
    assert decoded("홍길동".encode()) == decoded("홍길동".encode("cp949")) == "홍길동"
    assert "\ufffd" in decoded(b"\xff\xff\xff")


@pytest.mark.parametrize("uri", ["sip:01000001111@10.0.0.5", "sips:1@pbx.city.example:5061;transport=tls", "SIP:a@b"])
def test_an_address_that_can_be_called(uri: str) -> None:
    assert is_sip_address(uri)


@pytest.mark.parametrize(
    "uri",
    ["", "sip:10.0.0.5", "tel:0100", "sip:1@h\r\nX: y", "sip:1@h\n", "sip:1@h> <sip:2@h", "sip:1 2@h", "sip:@h",
     "sip:1@" + "h" * 300, '"A" <sip:1@h>', "sip:1@h,sip:2@h"],
)  # fmt: skip
def test_what_cannot_be_called(uri: str) -> None:
    assert not is_sip_address(uri)
