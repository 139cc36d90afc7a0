"""Which exchange is meant, and whether it could reach us."""

from __future__ import annotations

import pytest

from core.config import Config, PeerConfig, RegisterConfig, SipConfig
from core.errors import BadInput
from server.exchange.target import Target, named, placed, target_of

TARGET = Target(host="pbx.city.example", port=0, transports=("udp",), why="sip.register.registrar")


@pytest.mark.parametrize(
    ("sip", "host", "port", "transports"),
    [
        (
            SipConfig(register=RegisterConfig(registrar="sip:pbx.city.example:5070", user="120")),
            "pbx.city.example",
            5070,
            ("udp", "tcp"),
        ),
        (SipConfig(outbound="sip:{number}@10.0.0.5;transport=tcp"), "10.0.0.5", 0, ("tcp",)),
        (SipConfig(trunks=("127.0.0.0/8", "10.0.0.9/32")), "10.0.0.9", 0, ("udp", "tcp")),
    ],
)
def test_found_in_the_configuration(sip: SipConfig, host: str, port: int, transports: tuple[str, ...]) -> None:
    target = target_of(Config(sip=sip))
    assert target is not None
    assert (target.host, target.port, target.transports) == (host, port, transports)


def test_a_peer_counts_and_nothing_is_nothing() -> None:
    target = target_of(Config(peers=(PeerConfig(name="cucm", networks=("10.20.0.10/32",)),)))
    assert target is not None and target.host == "10.20.0.10"
    assert target_of(Config()) is None
    assert target_of(Config(sip=SipConfig(trunks=("10.0.0.0/24",)))) is None


@pytest.mark.parametrize(("to", "port"), [("sips:9196@10.0.0.5", 5061), ("sip:9196@10.0.0.5:5080;transport=tls", 5080)])
def test_told_address_with_tls(to: str, port: int) -> None:
    target = target_of(Config(), to)
    assert target is not None and target.transports == ("tls",)
    assert target.port_of("tls") == port


@pytest.mark.parametrize("to", ["9196", "tel:9196", "sip:", "sip:a@b c", "sip:9@10.0.0.5:99999"])
def test_what_is_no_address(to: str) -> None:
    with pytest.raises(BadInput, match="sip:NUMBER@EXCHANGE"):
        target_of(Config(), to)


def test_names() -> None:
    assert named(TARGET, ["10.0.0.5"], "").state == "ok"
    assert named(TARGET, ["10.0.0.5", "10.0.0.6"], "").state == "note"
    unknown = named(TARGET, [], "Name or service not known")
    assert (unknown.state, "sip.register.registrar" in unknown.change) == ("fault", True)


@pytest.mark.parametrize(
    ("sip", "state", "change"),
    [
        (SipConfig(), "fault", 'sip.host = "10.0.0.7"'),
        (SipConfig(host="10.0.0.7"), "fault", '"10.0.0.5/32"'),
        (SipConfig(host="10.0.0.8", trunks=("10.0.0.0/24",)), "note", 'sip.host = "10.0.0.7"'),
        (SipConfig(host="10.0.0.7", trunks=("10.0.0.0/24",)), "ok", ""),
        (SipConfig(host="0.0.0.0", trunks=("10.0.0.5/32",)), "ok", ""),
    ],
)
def test_whether_the_exchange_can_reach_us(sip: SipConfig, state: str, change: str) -> None:
    step = placed(Config(sip=sip), "10.0.0.5", "10.0.0.7")
    assert step.state == state
    assert change in step.change
