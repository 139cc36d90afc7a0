"""Which packets must pass for this configuration: ``minwon check --firewall``. Pure but for the printing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.config import Config, SipConfig

_HOST = re.compile(r"sips?:(?:[^@>]*@)?(\[[0-9a-fA-F:.]+\]|[^:;>{}]+)(?::([0-9]{1,5}))?")
_LOOPBACK = ("127.", "::1", "localhost")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list."""

    direction: Literal["in", "out"]
    protocol: Literal["udp", "tcp"]
    ports: str
    """'5060-5063', at the side that is called."""
    far: str
    """Who sends to us, or whom we send to: addresses, networks or names."""
    near: str
    """Our address."""
    why: str


def rules(config: Config, rtp_ports: int) -> list[Rule]:
    """All of them. ``rtp_ports``: of one worker. What stays on this machine is left out."""
    found = [*_sip(config), *_voices(config, rtp_ports), *_forks(config), *_pages(config), *_outgoing(config)]
    return [rule for rule in found if rule.far]


def nftables(of: Iterable[Rule]) -> str:
    """The incoming ones for the machine's own filter (nft), to read before they are loaded."""
    lines = [line for rule in of if rule.direction == "in" for line in _nft(rule)]
    return "\n".join(
        ["table inet minwon {", "  chain input {", "    type filter hook input priority 0;", *lines, "  }", "}"]
    )


def show(of: list[Rule]) -> None:
    """The table, then the lines for nft."""
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("", "protocol", "ports", "from / to", "our side", "why"):
        table.add_column(name, overflow="fold")
    for rule in of:
        cells = (rule.direction, rule.protocol, rule.ports, rule.far, rule.near, rule.why)
        table.add_row(*(escape(cell) for cell in cells))
    console.print(table)
    if not of:
        console.print("nothing: this configuration listens to this machine alone")
        return
    console.print(
        "\n[dim]For this machine's own filter (answers to what we send must pass, established and related):[/]\n"
    )
    print(nftables(of))  # as it is: a line that the console breaks is no rule


def _peers(config: Config) -> list[str]:
    """Whose calls come in."""
    networks = [*config.sip.trunks, *(net for peer in config.peers for net in peer.networks)]
    if config.sip.register is not None:
        networks.append(_host(config.sip.register.registrar))
    return _outside(networks)


def _parties(config: Config) -> list[str]:
    """With whom we speak SIP and exchange voices: the exchange, and phones that are called directly."""
    uris = [*(agent.uri for agent in config.agents if agent.uri), config.sip.phone, config.sip.outbound]
    return _outside([*_peers(config), *(_host(uri) for uri in uris if uri)])


def _outside(hosts: list[str]) -> list[str]:
    plain = [host.removesuffix("/32") for host in hosts]
    return [host for host in dict.fromkeys(plain) if host and not host.startswith(_LOOPBACK)]


def _elsewhere(networks: Iterable[str]) -> str:
    return ", ".join(net for net in networks if not net.startswith(_LOOPBACK))


def _span(first: int, count: int, step: int = 1) -> str:
    last = first + (count - 1) * step
    return "any free" if not first else f"{first}" if count == 1 else f"{first}-{last}"


def _sip(config: Config) -> Iterator[Rule]:
    sip, far = config.sip, ", ".join(_parties(config))
    near = sip.public_address or sip.host
    if sip.fronts:
        yield from _front(config, far)
    else:
        for transport in sip.transports:
            if transport == "tls":
                ports = _span(sip.tls.port if sip.tls else 5081, sip.workers, 2)
                yield Rule(direction="in", protocol="tcp", ports=ports, far=far, near=near, why="SIP over TLS")
            else:
                ports = _span(sip.port, sip.workers)
                why = f"SIP by {transport}, one port for each worker"
                yield Rule(direction="in", protocol=transport, ports=ports, far=far, near=near, why=why)
    for protocol in _protocols(sip):
        why = "SIP: our calls to phones and departments"
        yield Rule(direction="out", protocol=protocol, ports=_sip_ports(sip), far=far, near=near, why=why)


def _front(config: Config, far: str) -> Iterator[Rule]:
    front = config.front
    for protocol in ("udp", "tcp"):
        why = f"SIP by {protocol}, to Kamailio before the workers"
        yield Rule(direction="in", protocol=protocol, ports=str(front.port), far=far, near=front.host, why=why)
    if front.tls_port:
        why = "SIP over TLS, to Kamailio"
        yield Rule(direction="in", protocol="tcp", ports=str(front.tls_port), far=far, near=front.host, why=why)


def _voices(config: Config, rtp_ports: int) -> Iterator[Rule]:
    sip, far = config.sip, ", ".join(_parties(config))
    near = sip.public_address or sip.host
    ports = _span(sip.rtp_port, rtp_ports * sip.workers)
    kind = "SRTP" if sip.srtp == "required" else "RTP"
    yield Rule(direction="in", protocol="udp", ports=ports, far=far, near=near, why=f"voices ({kind}, RTCP)")
    why = f"voices ({kind}, RTCP), to the ports of the exchange and the phones"
    yield Rule(direction="out", protocol="udp", ports="1024-65535", far=far, near=near, why=why)


def _forks(config: Config) -> Iterator[Rule]:
    forks = config.forks
    far = _elsewhere(forks.networks)
    for port, why in (
        (forks.port, "media streams (WebSocket)"),
        (forks.audiosocket_port, "media streams (AudioSocket)"),
    ):
        if port >= 0:
            yield Rule(direction="in", protocol="tcp", ports=_span(port, 1), far=far, near=forks.host, why=why)


def _pages(config: Config) -> Iterator[Rule]:
    web = config.web
    if web.host.startswith(_LOOPBACK):
        return
    why = "desk, pages and API, from the TLS proxy"
    far = _elsewhere(web.proxies) or "the TLS proxy, agents' PCs"
    yield Rule(direction="in", protocol="tcp", ports=_span(web.port, 1), far=far, near=web.host, why=why)


def _outgoing(config: Config) -> Iterator[Rule]:
    near = "this machine"
    for url, usual, why in ((config.store.url, 5432, "database"), (_gateway(config), 443, "text messages")):
        site = urlsplit(url)
        if site.hostname and not site.hostname.startswith(_LOOPBACK):
            ports = str(site.port or usual)
            yield Rule(direction="out", protocol="tcp", ports=ports, far=site.hostname, near=near, why=why)


def _gateway(config: Config) -> str:
    return "" if config.sms.gateway == "outbox" else config.sms.url


def _protocols(sip: SipConfig) -> list[Literal["udp", "tcp"]]:
    found: list[Literal["udp", "tcp"]] = ["udp"] if "udp" in sip.transports else []
    return [*found, "tcp"] if set(sip.transports) & {"tcp", "tls"} else found


def _sip_ports(sip: SipConfig) -> str:
    return "5060, 5061" if "tls" in sip.transports else "5060"


def _host(uri: str) -> str:
    found = _HOST.match(uri)
    return found[1] if found else ""


def _nft(rule: Rule) -> Iterator[str]:
    """A line for each family of addresses; a comment where nothing but names is known."""
    networks = [part for part in rule.far.split(", ") if re.fullmatch(r"[0-9a-fA-F.:]+(/[0-9]+)?", part)]
    ports = "" if rule.ports == "any free" else f"{rule.protocol} dport {{ {rule.ports} }} "
    accepted = f'{ports}accept comment "{rule.why}"'
    if not networks:
        yield f"    # {rule.far}: {accepted}"
    by_family = {"ip": [net for net in networks if ":" not in net], "ip6": [net for net in networks if ":" in net]}
    for family, nets in by_family.items():
        if nets:
            yield f"    {family} saddr {{ {', '.join(nets)} }} {accepted}"
