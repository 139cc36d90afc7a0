"""Whose SIP is read."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigError
from telephony.allow_list import AllowList


def test_addresses_and_networks() -> None:
    allowed = AllowList(["10.0.0.5", "192.168.7.0/24", "fd00::/8"])
    assert "10.0.0.5" in allowed and "192.168.7.200" in allowed and "fd00::1" in allowed
    assert "10.0.0.6" not in allowed and "192.168.8.1" not in allowed and "2001:db8::1" not in allowed


def test_an_ipv4_address_in_ipv6_dress() -> None:
    assert "::ffff:10.0.0.5" in AllowList(["10.0.0.0/8"])


def test_nothing_is_in_an_empty_list_and_nonsense_in_none() -> None:
    assert "127.0.0.1" not in AllowList([])
    assert "pbx.city.example" not in AllowList(["0.0.0.0/0"])


def test_a_wrong_entry_is_named() -> None:
    with pytest.raises(ConfigError, match=r"sip\.trunks: 'pbx' is no network"):
        AllowList(["pbx"])


@given(st.ip_addresses(v=4), st.ip_addresses(v=4), st.integers(0, 32))
def test_agrees_with_arithmetic(address: IPv4Address, network: IPv4Address, length: int) -> None:
    same_prefix = int(address) >> (32 - length) == int(network) >> (32 - length)
    assert (str(address) in AllowList([str(ip_network(f"{network}/{length}", strict=False))])) == same_prefix
