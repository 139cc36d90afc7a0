"""Who asks: the client's address behind trusted reverse proxies, for rate limits and the access log. Pure.

Each proxy appends to ``X-Forwarded-For`` the address that it was asked from, so the header is read from its right end:
what one of our proxies wrote is true, what stands left of the first stranger was written by anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from core.errors import ConfigError

MOST_HOPS: Final = 20
"""Proxies in a row that are followed; the header's rest is not even read."""
LONGEST_HOP: Final = 60
"""Characters of an address with brackets, zone and port."""


class Proxies:
    """The networks whose word is believed (``web.proxies``)."""

    def __init__(self, networks: Iterable[str]) -> None:
        """Raises ``ConfigError`` for what is no network."""
        try:
            self._networks: tuple[IPv4Network | IPv6Network, ...] = tuple(ip_network(network) for network in networks)
        except ValueError as wrong:
            raise ConfigError(f"web.proxies: {wrong}; write networks like 10.0.0.0/24") from wrong

    def address(self, peer: str | None, forwarded: Sequence[str] = ()) -> str:
        """The address of whoever asked first, as far as our proxies vouch for it; '' if the connection has none.

        ``peer`` is the connection's other end, ``forwarded`` the values of all X-Forwarded-For headers in their order.
        Where a proxy of ours wrote something that is no address, that proxy's own address is the answer.
        """
        found = _parsed(peer or "")
        if found is None:
            return ""
        hops = _last_hops(forwarded)
        while self._trusts(found) and hops:
            before = _parsed(hops.pop())
            if before is None:
                break
            found = before
        return str(found)

    def trusts(self, address: str) -> bool:
        """Whether the address is one of these networks'; what is no address is not."""
        found = _parsed(address)
        return found is not None and self._trusts(found)

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._networks)


def _last_hops(forwarded: Sequence[str]) -> list[str]:
    """The last addresses of the header, the nearest at the end; empty elements are no hops (RFC 9110 section 5.6.1)."""
    hops: list[str] = []
    for value in reversed(forwarded):
        for hop in reversed(value.rsplit(",", MOST_HOPS)):
            if len(hops) == MOST_HOPS:
                break
            if hop.strip():
                hops.append(hop.strip())
    hops.reverse()
    return hops


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """An address, with or without port and brackets: '192.0.2.1:4711', '[2001:db8::1]:4711'. None for all else."""
    if len(text) > LONGEST_HOP:
        return None
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
