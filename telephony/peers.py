"""Whose SIP is read at all, and on what terms: a source address to the peer that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from core.errors import ConfigError
from telephony.wire import Peer


class Peers:
    """Peers in order; the first whose network fits counts. ``ConfigError`` names an entry that is no network."""

    def __init__(self, peers: Iterable[Peer]) -> None:
        self._networks: list[tuple[IPv4Network | IPv6Network, Peer]] = []
        for peer in peers:
            for text in peer.networks:
                try:
                    self._networks.append((ip_network(text, strict=False), peer))
                except ValueError:
                    raise ConfigError(
                        f"peer '{peer.name}': '{text}' is no network; "
                        "write an address (10.0.0.5) or a network (10.0.0.0/24)"
                    ) from None

    def of(self, address: str) -> Peer | None:
        """The peer at an address; None for a stranger, and for what is no address."""
        try:
            parsed = _plain(ip_address(address))
        except ValueError:
            return None
        return next((peer for network, peer in self._networks if parsed in network), None)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address in IPv6 dress is that IPv4 address."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
