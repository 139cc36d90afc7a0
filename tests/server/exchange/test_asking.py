"""What an exchange's answers mean."""

from __future__ import annotations

import msgspec
import pytest

from core.config import SipConfig, TlsConfig
from server.exchange.asking import answered, granted_s, registered, seen_as, unanswered
from server.exchange.line import Asked, Silent
from server.exchange.target import Target
from telephony.sip_text import Reply

TARGET = Target(host="10.0.0.5", port=0, transports=("udp", "tcp"), why="--to")
OURS = "10.0.0.7:40000"


def asked(status: int = 200, *, took_ms: float = 3.0, tries: int = 1, **headers: str) -> Asked:
    values = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Asked(Reply(status, "Reason", values), took_ms, OURS, tries)


def test_a_good_answer() -> None:
    step = answered("udp", asked(server="Exchange 9", allow="INVITE, ACK, BYE, CANCEL, REFER"), SipConfig(), {})
    assert (step.state, step.change) == ("ok", "")
    assert "Exchange 9" in step.says


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (asked(403), "trunk peer"),
        (asked(401), "sip.register"),
        (asked(503), "state"),
        (asked(allow="ACK, BYE"), "takes calls"),
        (asked(allow="INVITE, ACK, BYE, CANCEL"), "sip.transfer"),
        (asked(tries=3), "packet loss"),
        (asked(took_ms=900), "busy exchange"),
    ],
)
def test_what_wants_a_look(answer: Asked, hint: str) -> None:
    step = answered("udp", answer, SipConfig(), {})
    assert step.state == "note"
    assert hint in step.change


def test_tls_that_is_not_checked_is_said() -> None:
    tls = {"version": "TLSv1.3"}
    unchecked = answered("tls", asked(), SipConfig(), tls)
    checked = SipConfig(tls=TlsConfig(certificate_file="c", key_file="k", ca_file="ca"))
    assert (unchecked.state, answered("tls", asked(), checked, tls).state) == ("note", "ok")


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        (Silent("no answer to OPTIONS within 4 s"), "firewall"),
        (Silent("nobody listens on that port"), "check the port"),
        (Silent("x", code="certificate"), "ca_file"),
        (Silent("x", code="tls"), "TLS"),
    ],
)
def test_silence(fault: Silent, hint: str) -> None:
    alone = unanswered("udp", TARGET, fault, others=False)
    assert (alone.state, hint in alone.change) == ("fault", True)
    assert unanswered("udp", TARGET, fault, others=True).state == "note"


@pytest.mark.parametrize(
    ("via", "public", "state", "hint"),
    [
        ("SIP/2.0/UDP 10.0.0.7:40000;rport=40000;received=10.0.0.7", "", "ok", ""),
        ("SIP/2.0/UDP 10.0.0.7:40000", "", "ok", ""),
        ("SIP/2.0/UDP 10.0.0.7:40000;rport=1;received=10.0.0.7", "", "note", "1:1 NAT"),
        ("SIP/2.0/UDP 10.0.0.7:40000;rport=40000;received=203.0.113.7", "", "fault", 'public_address = "203.0.113.7"'),
        ("SIP/2.0/UDP 10.0.0.7:40000;rport=40000;received=203.0.113.7", "203.0.113.7", "ok", ""),
        ("SIP/2.0/UDP 10.0.0.7:40000;rport=40000;received=203.0.113.7", "203.0.113.8", "fault", "203.0.113.7"),
    ],
)
def test_nat(via: str, public: str, state: str, hint: str) -> None:
    step = seen_as(asked(via=via), SipConfig(public_address=public))
    assert step.state == state
    assert hint in step.change


@pytest.mark.parametrize(
    ("status", "state", "hint"),
    [
        (200, "ok", ""),
        (401, "fault", "password"),
        (403, "fault", "our address"),
        (404, "fault", "extension"),
        (500, "fault", "log"),
    ],
)
def test_registration(status: int, state: str, hint: str) -> None:
    answer = asked(status, contact="<sip:120@10.0.0.7:40000>;expires=300")
    step = registered(answer, True, 300, bound=True, contact="sip:120@10.0.0.7:40000")
    assert step.state == state
    assert hint in step.change
    if status == 200:
        assert step.facts["expires_s"] == 300


def test_registration_that_anybody_could_make() -> None:
    assert registered(asked(200), False, 300, bound=True, contact="x").state == "note"


def test_registration_too_short() -> None:
    step = registered(asked(423, min_expires="600"), True, 300, bound=True, contact="x")
    assert "expires_s = 600" in step.change


def test_granted_time() -> None:
    contacts = ("<sip:other@10.0.0.9>;expires=10", "<sip:120@10.0.0.7>;q=1;expires=55")
    assert granted_s(contacts, "sip:120@10.0.0.7", "3600") == 55
    assert granted_s((), "sip:120@10.0.0.7", "3600") == 3600
    assert granted_s((), "x", "soon") == 0


def test_steps_are_json() -> None:
    assert b"options udp" in msgspec.json.encode(answered("udp", asked(), SipConfig(), {}))
