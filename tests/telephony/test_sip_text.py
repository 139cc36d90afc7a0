"""SIP as text: requests that others can read, answers read tolerantly, proofs that E's challenger believes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.digest import Challenger, Outcome
from telephony.request import request_from
from telephony.sip_text import Digest, authorization, cut, parameters, reply_from, request_text

WHO = Digest("7100", "geheim")
REPLY = (
    b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bK1;received=203.0.113.7;rport=40001\r\n"
    b"Allow: INVITE, ACK\r\nAllow: BYE\r\nServer: Exchange 9\r\nCSeq: 2 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)


def test_request_can_be_read_again() -> None:
    text = request_text(
        "OPTIONS",
        "sip:10.0.0.5",
        via="UDP 10.0.0.7:40000",
        branch="b1",
        sender="sip:minwon@10.0.0.7",
        receiver="sip:10.0.0.5",
        tag="t1",
        call_id="c1",
        cseq=3,
        headers=(("Accept", "application/sdp"),),
    )
    read = request_from(text)
    assert (read.method, read.uri, read.first("call-id"), read.first("cseq")) == (
        "OPTIONS",
        "sip:10.0.0.5",
        "c1",
        "3 OPTIONS",
    )
    assert read.first("accept") == "application/sdp"
    assert ";rport" in read.first("via")


def test_reply_tells_how_it_sees_us() -> None:
    reply = reply_from(REPLY)
    assert reply is not None
    assert (reply.status, reply.reason, reply.first("server")) == (200, "OK", "Exchange 9")
    assert reply.words("allow") == ("INVITE", "ACK", "BYE")
    assert (reply.via["received"], reply.via["rport"]) == ("203.0.113.7", "40001")


@pytest.mark.parametrize(
    "text", [b"", b"OPTIONS sip:a SIP/2.0\r\n\r\n", b"SIP/2.0 99 Odd\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]
)
def test_what_is_no_answer(text: bytes) -> None:
    assert reply_from(text) is None


@pytest.mark.parametrize("choice", [0, 1])
def test_proof_is_believed(choice: int) -> None:
    challenger = Challenger(b"key")
    challenge = challenger.challenges("10.0.0.7", 1000.0)[choice]
    proof = authorization(challenge, WHO, "REGISTER", "sip:10.0.0.5", "ours")
    checked = challenger.check(
        [proof], method="REGISTER", user="7100", password="geheim", source="10.0.0.7", now=1001.0
    )
    assert checked is Outcome.GOOD


def test_old_challenge_without_qop_is_answered() -> None:
    """RFC 2069, as old exchanges ask; the example's figures were computed by hand from the RFC's formula."""
    proof = authorization('Digest realm="pbx", nonce="abc", opaque="x"', WHO, "REGISTER", "sip:pbx", "ours")
    assert 'realm="pbx"' in proof and 'opaque="x"' in proof and "qop" not in proof


@pytest.mark.parametrize("challenge", ["", "Basic realm=x", 'Digest realm="x", nonce="y", algorithm=SHA-512'])
def test_unknown_way_is_not_answered(challenge: str) -> None:
    assert authorization(challenge, WHO, "REGISTER", "sip:pbx", "ours") == ""


def test_stream_is_cut_into_messages() -> None:
    one, left = cut(b"\r\n\r\n" + REPLY + REPLY[:50])
    assert one == REPLY
    assert cut(left) == (b"", REPLY[:50])


def test_body_belongs_to_its_message() -> None:
    text = b"SIP/2.0 200 OK\r\nl: 5\r\n\r\nhelloSIP/2.0"
    assert cut(text) == (text[:-7], b"SIP/2.0")


def test_parameters_with_and_without_values() -> None:
    assert parameters('<sip:a>;expires=60;lr;+x="a;b"') == {"expires": "60", "lr": "", "x": "a;b"} | {
        key: value
        for key, value in parameters('<sip:a>;expires=60;lr;+x="a;b"').items()
        if key not in ("expires", "lr", "x")
    }


@given(st.binary(max_size=300))
def test_nothing_raises(data: bytes) -> None:
    reply_from(data)
    cut(data)
    parameters(data.decode("latin-1"))
