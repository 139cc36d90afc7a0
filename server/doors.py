"""How closed the doors are, for ``minwon check``: what is weak is told in words, what cannot work is a fault."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Final, Literal

from core.certificate import examine
from core.config import Config, TlsConfig
from core.errors import ConfigError

SOON_DAYS: Final = 30
State = Literal["ok", "note", "fault"]
_COSTLY: Final = {"0601234567": "premium numbers (060)", "0015551234567": "calls abroad (00)"}


def door_findings(config: Config, *, now: float | None = None) -> Iterator[tuple[State, str]]:
    """(state, one line). Reads the TLS files; ``now`` in seconds since 1970."""
    sip = config.sip
    if sip.tls is not None:
        yield from _certificate(config, sip.tls, time.time() if now is None else now)
    for key, networks in (("sip.trunks", sip.trunks), *((f"peer '{p.name}'", p.networks) for p in config.peers)):
        if any(ip_network(network, strict=False).prefixlen == 0 for network in networks):
            yield "note", f"{key} lets in the whole world (/0): name the addresses of the exchange"
    yield from _open_to_the_internet(config)
    if "tls" not in sip.transports and not config.front.tls_port:
        clear = [f"peer '{peer.name}'" for peer in config.peers if peer.srtp == "required"]
        for key in [*(["sip.srtp"] if sip.srtp == "required" and sip.trunks else []), *clear]:
            yield "note", f"{key}: SRTP is required, but its keys pass in clear: add 'tls' to sip.transports"
    if sip.outbound:
        for number, what in _COSTLY.items():
            if re.fullmatch(f"(?:{sip.outbound_numbers})|(?:{sip.internal_numbers})", number):
                yield "note", f"sip.outbound_numbers allows {what}: is that meant? Toll fraud lives of it"
        if not sip.outbound_per_hour:
            yield "note", "sip.outbound_per_hour is 0: nothing bounds what a stolen sign-in can call"


def _certificate(config: Config, tls: TlsConfig, now: float) -> Iterator[tuple[State, str]]:
    name = tls.certificate_file
    try:
        found = examine(name, tls.key_file, tls.ca_file)
    except ConfigError as fault:
        yield "fault", str(fault)
        return
    if found.state != "valid":
        yield "note", f"{name} is {'expired' if found.state == 'expired' else 'not valid yet'}: TLS peers refuse it"
        return
    days = found.days_left(now)
    if days < SOON_DAYS:
        yield "note", f"{name} expires in {days:.0f} days: put a new one in its place, it is read without a restart"
    hosts = _our_hosts(config)
    if hosts and not any(found.is_for(host) for host in hosts):
        names = ", ".join(found.names) or "nobody"
        yield "note", f"{name} is for {names}, not for {' or '.join(hosts)}: peers that check the name refuse it"
    if days >= SOON_DAYS:
        yield "ok", f"TLS: {name}, {days:.0f} days left"
    if not tls.ca_file:
        yield "note", "sip.tls.ca_file is empty: whoever answers a call of ours over TLS is believed"


def _our_hosts(config: Config) -> list[str]:
    """Addresses by which peers may know us, as far as the settings tell."""
    front = config.front.host if config.front.tls_port else ""
    listens = config.sip.public_address or config.sip.host
    return [host for host in dict.fromkeys((front, listens)) if host and host not in ("0.0.0.0", "::")]


def _open_to_the_internet(config: Config) -> Iterator[tuple[State, str]]:
    sip = config.sip
    try:
        public = ip_address(sip.public_address or sip.host).is_global
    except ValueError:
        return
    open_peers = [f"peer '{peer.name}'" for peer in config.peers if not (peer.user or peer.tls_only)]
    if sip.trunks:
        open_peers.append("sip.trunks")
    if public and open_peers:
        yield (
            "note",
            f"we have an address of the internet, and {', '.join(open_peers)} may call without password or TLS: "
            "addresses can be forged; use [[peers]] with user or tls_only (docs/security.md)",
        )
