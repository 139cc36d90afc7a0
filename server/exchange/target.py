"""Which exchange a configuration speaks of, and whether it could reach us. Rules; names are resolved elsewhere."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, ip_address, ip_network
from typing import Literal

import msgspec

from core.config import Config
from core.errors import BadInput
from server.exchange.step import Step

Transport = Literal["udp", "tcp", "tls"]
_PORTS: dict[Transport, int] = {"udp": 5060, "tcp": 5060, "tls": 5061}
_URI = re.compile(r"(sips?):(?:[^@>\s]*@)?(\[[0-9a-fA-F:.]+\]|[^\s:;>?@]+)(?::([0-9]{1,5}))?([^>\s]*)\Z")


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """An exchange."""

    host: str
    port: int
    """0 = the transport's own."""
    transports: tuple[Transport, ...]
    """What to ask by, in order."""
    why: str
    """Where the address was found: 'sip.register.registrar'."""

    def port_of(self, transport: Transport) -> int:
        """The port for a transport. One that was given for UDP is TLS's only if the address says TLS."""
        return self.port if self.port and (transport != "tls" or self.transports == ("tls",)) else _PORTS[transport]


def target_of(config: Config, to: str = "") -> Target | None:
    """The exchange, by what says most: ``to``, the registrar, ``sip.outbound``, a single address in ``trunks``.

    ``BadInput`` for a ``to`` that is no SIP address.
    """
    sip = config.sip
    if to:
        found = _target(to, sip.transports, "--to")
        if found is None:
            raise BadInput(f"'{to}' is no SIP address: give it as sip:NUMBER@EXCHANGE")
        return found
    if sip.register is not None:
        return _target(sip.register.registrar, sip.transports, "sip.register.registrar")
    if sip.outbound:
        return _target(sip.outbound.replace("{number}", "0"), sip.transports, "sip.outbound")
    for network in (*(network for peer in config.peers for network in peer.networks), *sip.trunks):
        parsed = ip_network(network, strict=False)
        if parsed.num_addresses == 1 and not parsed.is_loopback:
            return Target(host=str(parsed[0]), port=0, transports=sip.transports, why="sip.trunks")
    return None


def _target(uri: str, transports: tuple[Transport, ...], why: str) -> Target | None:
    found = _URI.match(uri.strip().lstrip("<").rstrip(">"))
    if found is None or not 0 <= int(found[3] or 0) <= 65535:
        return None
    rest = found[4].lower()
    told = re.search(r";transport=(udp|tcp|tls)", rest)
    if found[1].lower() == "sips" or (told and told[1] == "tls"):
        transports = ("tls",)
    elif told:
        transports = (told[1],)  # type: ignore[assignment]  # one of the three, by the pattern
    return Target(host=found[2], port=int(found[3] or 0), transports=transports, why=why)


def named(target: Target, addresses: list[str], fault: str) -> Step:
    """The verdict on name resolution."""
    facts = {"host": target.host, "addresses": addresses, "from": target.why}
    if not addresses:
        return Step(
            name="names",
            state="fault",
            says=f"no address is known for '{target.host}' ({fault})",
            change=f"correct the name in {target.why}, or add it to the DNS server or /etc/hosts of this machine",
            facts=facts,
        )
    same = addresses == [target.host]
    says = f"{target.host} is an address" if same else f"{target.host} is {', '.join(addresses)}"
    if len(addresses) > 1:
        return Step(
            name="names",
            state="note",
            says=f"{says}: several addresses, the first is asked",
            change="put every one of them into sip.trunks: INVITEs may come from any",
            facts=facts,
        )
    return Step(name="names", state="ok", says=f"{says} (from {target.why})", facts=facts)


def placed(config: Config, exchange: str, ours: str) -> Step:
    """Whether the exchange at this address can reach us as configured. ``ours``: our address on the way to it."""
    sip = config.sip
    facts = {"host": sip.host, "our_address": ours, "exchange": exchange, "public_address": sip.public_address}
    far, bound = ip_address(exchange), _address(sip.host)
    if bound is not None and bound.is_loopback and not far.is_loopback:
        return Step(
            name="place",
            state="fault",
            says=f"sip.host is {sip.host}: only this machine itself can reach it, not the exchange at {exchange}",
            change=f'set sip.host = "{ours}"',
            facts=facts,
        )
    if bound is not None and not bound.is_unspecified and str(bound) != ours and not bound.is_loopback:
        return Step(
            name="place",
            state="note",
            says=f"sip.host is {sip.host}, but this machine reaches the exchange from {ours}",
            change=f'set sip.host = "{ours}", or give the other network card a route to {exchange}',
            facts=facts,
        )
    if not any(far in network for network in _allowed(config)):
        return Step(
            name="place",
            state="fault",
            says=f"{exchange} is on no list: its INVITEs would get no answer",
            change=f'add "{exchange}/32" to sip.trunks (or a [[peers]] table of its own)',
            facts=facts,
        )
    return Step(name="place", state="ok", says=f"{exchange} may call us at {sip.public_address or ours}", facts=facts)


def _address(host: str) -> IPv4Address | None:
    try:
        parsed = ip_address(host)
    except ValueError:
        return None
    return parsed if isinstance(parsed, IPv4Address) else None


def _allowed(config: Config) -> list[IPv4Network]:
    texts = [*config.sip.trunks, *config.sip.fronts, *(net for peer in config.peers for net in peer.networks)]
    parsed = [ip_network(text, strict=False) for text in texts]
    registrar = config.sip.register is not None  # its address is on the worker's list by itself
    networks = [network for network in parsed if isinstance(network, IPv4Network)]
    return [*networks, IPv4Network("0.0.0.0/0")] if registrar else networks
