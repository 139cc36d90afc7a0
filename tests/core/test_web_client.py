"""Whose word about the client's address is believed."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigError
from core.web.client import Proxies

PROXIES = Proxies(("127.0.0.1/32", "::1/128", "10.0.0.0/24"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # a stranger says what it likes
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["1.2.3.4, 198.51.100.1, 10.0.0.5"], "198.51.100.1"),  # two proxies; the left one is invented
        ("127.0.0.1", ["1.2.3.4", "198.51.100.1, 10.0.0.5"], "198.51.100.1"),  # as two headers
        ("10.0.0.9", ["10.0.0.8, 10.0.0.7"], "10.0.0.8"),  # only proxies: the first of them
        ("127.0.0.1", ["198.51.100.1, unknown"], "127.0.0.1"),  # RFC 7239 'unknown': nothing left of it is believed
        ("127.0.0.1", ["198.51.100.1, , 10.0.0.5,"], "198.51.100.1"),
        ("127.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("127.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("127.0.0.1", ["2001:DB8:0::1"], "2001:db8::1"),
        ("::ffff:127.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("fe80::1%eth0", [], "fe80::1"),
        ("::1", ["x" * 100_000], "::1"),
        ("::1", ["1.2.3.4," * 10_000], "1.2.3.4"),
        ("::1", ["10.0.0.1," * 10_000], "10.0.0.1"),
        ("", ["198.51.100.1"], ""),  # a Unix socket
        (None, [], ""),
    ],
)
def test_address(peer: str | None, forwarded: list[str], client: str) -> None:
    assert PROXIES.address(peer, forwarded) == client


@given(peer=st.text(max_size=80), forwarded=st.lists(st.text(max_size=200), max_size=5))
def test_whatever_is_written_there_an_address_comes_out(peer: str, forwarded: list[str]) -> None:
    for end in (peer, "127.0.0.1"):
        found = PROXIES.address(end, forwarded)
        assert not found or ip_address(found)


@given(spoofed=st.lists(st.ip_addresses().map(str), max_size=8), client=st.ip_addresses(network="198.51.100.0/24"))
def test_a_client_cannot_choose_its_address(spoofed: list[str], client: object) -> None:
    assert PROXIES.address("127.0.0.1", [", ".join([*spoofed, str(client)])]) == str(client)


def test_a_wrong_network_is_said() -> None:
    with pytest.raises(ConfigError, match=r"web\.proxies"):
        Proxies(("10.0.0.1/24",))


@pytest.mark.parametrize(
    ("address", "trusted"),
    [("10.0.0.7", True), ("::ffff:10.0.0.7", True), ("10.0.1.7", False), ("", False), ("no address", False)],
)
def test_who_is_one_of_the_networks(address: str, trusted: bool) -> None:
    assert Proxies(["10.0.0.0/24"]).trusts(address) is trusted
