"""Whose SIP is read, and on what terms."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigError
from telephony.peers import Peers
from telephony.wire import Peer


def name_at(address: str, *peers: Peer) -> str:
    peer = Peers(peers).of(address)
    return peer.name if peer is not None else ""


def test_addresses_and_networks() -> None:
    ours = Peer(name="ours", networks=("10.0.0.5", "192.168.7.0/24", "fd00::/8"))
    for address in ("10.0.0.5", "192.168.7.200", "fd00::1"):
        assert name_at(address, ours) == "ours"
    for address in ("10.0.0.6", "192.168.8.1", "2001:db8::1"):
        assert name_at(address, ours) == ""


def test_the_first_that_fits_counts() -> None:
    one, rest = Peer(name="one", networks=("10.0.0.5/32",)), Peer(name="rest", networks=("10.0.0.0/8",))
    assert name_at("10.0.0.5", one, rest) == "one" and name_at("10.0.0.6", one, rest) == "rest"
    assert name_at("10.0.0.5", rest, one) == "rest"


def test_an_ipv4_address_in_ipv6_dress() -> None:
    assert name_at("::ffff:10.0.0.5", Peer(name="ours", networks=("10.0.0.0/8",))) == "ours"


def test_nobody_is_in_an_empty_list_and_no_name_is_an_address() -> None:
    assert name_at("127.0.0.1") == ""
    assert name_at("pbx.city.example", Peer(name="all", networks=("0.0.0.0/0",))) == ""


def test_a_wrong_entry_is_named() -> None:
    with pytest.raises(ConfigError, match=r"peer 'cucm': 'pbx' is no network"):
        Peers([Peer(name="cucm", networks=("pbx",))])


@given(st.ip_addresses(v=4), st.ip_addresses(v=4), st.integers(0, 32))
def test_agrees_with_arithmetic(address: IPv4Address, network: IPv4Address, length: int) -> None:
    same_prefix = int(address) >> (32 - length) == int(network) >> (32 - length)
    peer = Peer(name="n", networks=(str(ip_network(f"{network}/{length}", strict=False)),))
    assert (name_at(str(address), peer) == "n") == same_prefix
