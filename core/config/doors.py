"""Rules of the settings that decide who may call us and whom we call: peers, TLS, the front, the dial plan. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from core.config.sections import Config, PeerConfig, SipConfig

_OURS: Final = frozenset({"trunks", "front", "registrar"})
"""Names under which other sources appear in logs and metrics."""
_LAST_PORT: Final = 65535
_HOST: Final = re.compile(r"sips?:(?:[^@]*@)?(\[[^\]]*\]|[^:;]*)")


def problems(config: Config) -> Iterator[str]:
    """What cannot be, with what would be right."""
    yield from _peers(config)
    yield from _tls(config)
    yield from _telephones(config)
    yield from _dial_plan(config.sip)


def _peers(config: Config) -> Iterator[str]:
    for name, times in Counter(peer.name for peer in config.peers).items():
        if times > 1:
            yield f"peers: the name '{name}' is there {times} times; each peer needs its own"
        if name in _OURS:
            yield f"peers: the name '{name}' is ours; give the peer another"
    for peer in config.peers:
        has_password = bool(peer.password or peer.password_file)
        if bool(peer.user) != has_password:
            missing = "password_file" if peer.user else "user"
            yield f"peer '{peer.name}' needs {missing}: a digest is a user and a password"
        if peer.tls_only and "tls" not in config.sip.transports and not config.sip.fronts:
            yield f"peer '{peer.name}' is tls_only, but sip.transports has no 'tls': nothing of it would be heard"


def _tls(config: Config) -> Iterator[str]:
    sip, tls = config.sip, config.sip.tls
    if tls is None:
        if "tls" in sip.transports:
            yield "sip.transports has 'tls': add [sip.tls] with certificate_file and key_file"
        if config.front.tls_port:
            yield "front.tls_port needs [sip.tls] with certificate_file and key_file"
        return
    if tls.client_certificates and not tls.ca_file:
        yield "sip.tls.client_certificates needs sip.tls.ca_file: whose certificates are good?"
    if "tls" not in sip.transports or not tls.port:
        return
    highest = _LAST_PORT + 1 - 2 * sip.workers
    if tls.port > highest:
        yield f"sip.tls.port {tls.port} leaves no room for {sip.workers} workers: take at most {highest}"
    taken = set(range(sip.port, sip.port + sip.workers)) if sip.port and "tcp" in sip.transports else set()
    for number in range(sip.workers):
        if tls.port + 2 * number in taken:
            free = sip.port + sip.workers
            yield (
                f"sip.tls.port {tls.port}: worker {number} would listen on {tls.port + 2 * number}, which is TCP of "
                f"worker {tls.port + 2 * number - sip.port}; take {free}, or leave 'tcp' out of sip.transports"
            )
            return


def _telephones(config: Config) -> Iterator[str]:
    """Telephones that would be called in clear where that is not wanted."""
    addresses = {"sip.outbound": config.sip.outbound.replace("{number}", "120"), "sip.phone": config.sip.phone}
    addresses |= {f"uri of agent '{agent.id}'": agent.uri for agent in config.agents}
    for key, address in addresses.items():
        peer = _peer_at(config, address)
        encrypted = address.startswith("sips:") or ";transport=tls" in address.lower()
        if peer is not None and peer.tls_only and not encrypted:
            yield f"{key}: peer '{peer.name}' is tls_only; add ;transport=tls to {address}"


def _dial_plan(sip: SipConfig) -> Iterator[str]:
    if sip.phone and sip.phone.count("{extension}") != 1:
        yield f"sip.phone: '{sip.phone}' must have {{extension}} once; write it as sip:{{extension}}@10.0.0.5"
    for key, pattern in (("internal_numbers", sip.internal_numbers), ("extensions", sip.extensions)):
        try:
            re.compile(pattern)
        except re.error as fault:
            yield f"sip.{key}: '{pattern}' is no pattern ({fault}); [2-8][0-9]{{3}} is one"


def _peer_at(config: Config, address: str) -> PeerConfig | None:
    """The first peer whose network holds the host of a SIP address; None too where that is a name."""
    found = _HOST.match(address)
    try:
        host = ipaddress.ip_address(found[1].strip("[]")) if found else None
    except ValueError:
        return None
    if host is None:
        return None
    for peer in config.peers:
        for network in peer.networks:
            try:
                if host in ipaddress.ip_network(network):
                    return peer
            except ValueError:
                continue
    return None
