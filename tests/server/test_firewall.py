"""The list for the firewall: nothing missing, nothing that stays on this machine."""

from __future__ import annotations

import pytest

from core.config import (
    AgentConfig,
    Config,
    ForksConfig,
    FrontConfig,
    PeerConfig,
    RegisterConfig,
    SipConfig,
    SmsConfig,
    StoreConfig,
    TlsConfig,
    WebConfig,
)
from server.firewall import Rule, nftables, rules, show

PHONE = AgentConfig(id="kim", name="김", uri="sip:2107@10.20.0.30")
SIP = SipConfig(host="10.20.0.15", trunks=("10.20.0.10/32",), workers=4)


def short(of: list[Rule]) -> set[tuple[str, str, str, str]]:
    return {(rule.direction, rule.protocol, rule.ports, rule.far) for rule in of}


def test_a_trunk_and_a_phone() -> None:
    far = "10.20.0.10, 10.20.0.30"
    assert short(rules(Config(sip=SIP, agents=(PHONE,)), 1200)) == {
        ("in", "udp", "5060-5063", far),
        ("in", "tcp", "5060-5063", far),
        ("out", "udp", "5060", far),
        ("out", "tcp", "5060", far),
        ("in", "udp", "16000-20799", far),
        ("out", "udp", "1024-65535", far),
    }


def test_what_stays_here_needs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert rules(Config(), 100) == []
    show([])
    assert "this machine alone" in capsys.readouterr().out


def test_tls_peers_and_registration() -> None:
    sip = SipConfig(
        host="10.20.0.15",
        trunks=(),
        workers=2,
        transports=("tls",),
        tls=TlsConfig(port=5061, certificate_file="c", key_file="k"),
        srtp="required",
        register=RegisterConfig(registrar="sip:pbx.city.example", user="120"),
    )
    found = rules(Config(sip=sip, peers=(PeerConfig(name="cucm", networks=("10.30.0.0/24",)),)), 100)
    assert ("in", "tcp", "5061-5063", "10.30.0.0/24, pbx.city.example") in short(found)
    assert ("out", "tcp", "5060, 5061", "10.30.0.0/24, pbx.city.example") in short(found)
    assert any("SRTP" in rule.why for rule in found)


def test_behind_the_front_workers_are_not_reached() -> None:
    sip = SipConfig(host="10.20.0.15", port=5070, trunks=("10.20.0.10/32",), fronts=("10.20.0.15",))
    found = rules(Config(sip=sip, front=FrontConfig(host="10.20.0.15", port=5060, tls_port=5061)), 100)
    assert {rule.ports for rule in found if rule.direction == "in" and "SIP" in rule.why} == {"5060", "5061"}


def test_pages_forks_database_and_messages() -> None:
    config = Config(
        web=WebConfig(host="0.0.0.0", port=8090, proxies=("10.9.0.1/32",)),
        forks=ForksConfig(host="10.20.0.15", port=8095, audiosocket_port=9092, networks=("10.20.0.11/32",)),
        store=StoreConfig(url="postgresql://minwon@db.city.example:5433/minwon"),
        sms=SmsConfig(gateway="sens", url="https://sens.example"),
    )
    found = short(rules(config, 100))
    assert {
        ("in", "tcp", "8090", "10.9.0.1/32"),
        ("in", "tcp", "8095", "10.20.0.11/32"),
        ("in", "tcp", "9092", "10.20.0.11/32"),
        ("out", "tcp", "5433", "db.city.example"),
        ("out", "tcp", "443", "sens.example"),
    } == found


def test_lines_for_nft(capsys: pytest.CaptureFixture[str]) -> None:
    text = nftables(rules(Config(sip=SIP), 100))
    assert "ip saddr { 10.20.0.10 } udp dport { 5060-5063 } accept" in text
    assert text.count("{") == text.count("}") and "1024-65535" not in text
    show(rules(Config(sip=SIP), 100))
    assert "table inet minwon" in capsys.readouterr().out


def test_of_many_networks_only_those_of_this_machine_are_left_out() -> None:
    forks = ForksConfig(host="10.20.0.15", port=8095, networks=("127.0.0.0/8", "10.20.0.11/32", "fd00::/8"))
    (rule,) = rules(Config(forks=forks), 100)
    assert rule.far == "10.20.0.11/32, fd00::/8"
    lines = nftables([rule]).splitlines()
    assert any("ip saddr { 10.20.0.11/32 } tcp dport { 8095 }" in line for line in lines)
    assert any("ip6 saddr { fd00::/8 } tcp dport { 8095 }" in line for line in lines)
