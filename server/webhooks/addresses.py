"""Where a webhook may go. Pure.

An administrator gives the address, and our node opens the connection from inside the city's network: nobody may use it
to reach what only this machine or its neighbours should (server-side request forgery, OWASP API7:2023). So the rule is
asked for the address that a name resolves to at the very moment of connecting, and redirects are not followed.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from core.errors import BadInput, ConfigError

LONGEST: Final = 500
"""Characters of an address."""
_NAT64: Final = ip_network("64:ff9b::/96")
Address = IPv4Address | IPv6Address


class Addresses:
    """The rule of one site."""

    def __init__(self, networks: Iterable[str]) -> None:
        """``networks``: of the site, ``outward.webhook_networks``. ``ConfigError`` for what is no network."""
        try:
            self._networks: tuple[IPv4Network | IPv6Network, ...] = tuple(ip_network(network) for network in networks)
        except ValueError as wrong:
            raise ConfigError(f"outward.webhook_networks: {wrong}; write networks like 10.20.0.0/16") from wrong

    @property
    def http(self) -> bool:
        """Whether plain http goes anywhere."""
        return bool(self._networks)

    def require(self, url: str) -> None:
        """``BadInput`` for what is no address of a receiver, whatever its name resolves to."""
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname or ""
        except ValueError as wrong:
            raise _bad("주소를 읽을 수 없습니다 / this is no address") from wrong
        if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
            raise _bad("주소는 ASCII 500자까지입니다 / an address has at most 500 ASCII characters")
        if parts.scheme not in ("https", "http") or not host or port == 0:
            raise _bad("https://로 시작하는 주소를 적어 주세요 / give an address that begins with https://")
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise _bad("주소에 이름·비밀번호·#은 쓸 수 없습니다 / no name, password or # in the address")
        if parts.scheme == "http" and not self.http:
            raise _bad(
                "https만 됩니다(outward.webhook_networks) / only https: outward.webhook_networks names no network"
            )
        literal = _literal(host)
        if literal is not None and not self.allows(literal, parts.scheme):
            raise _bad("이 주소로는 보낼 수 없습니다 / nothing may be sent to this address")

    def allows(self, address: str, scheme: str) -> bool:
        """Whether a connection may be opened to that resolved address."""
        found = _literal(address)
        if found is None:
            return False
        plain = ip_address(found)
        if any(plain.version == network.version and plain in network for network in self._networks):
            return True
        return scheme == "https" and not _special(plain)


def _special(address: Address) -> bool:
    """Ours, our neighbours', everybody's or nobody's."""
    never = (
        address.is_loopback,
        address.is_link_local,
        address.is_unspecified,
        address.is_multicast,
        address.is_reserved,
    )
    return any(never)


def _literal(host: str) -> str | None:
    """The IPv4 address that an IPv6 one stands for, as it is what would be reached. None: a name."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return str(inner)
    return str(address)


def _bad(message: str) -> BadInput:
    return BadInput(message, code="webhook_url")
