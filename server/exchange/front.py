"""Kamailio before the SIP workers, written from our configuration: one port for the exchange, the calls spread.

We write no proxy of our own. Kamailio (Debian) sends each call to the least loaded worker, passes over those that are
full, drain or died, and lets no stranger's message through. The template is ``kamailio.cfg.jinja``.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import jinja2
import msgspec

from core.config import Config
from core.errors import ConfigError, EnvironmentFault
from server.exchange.kamailio import complaint, find

MAIN, WORKERS, TLS = "kamailio.cfg", "dispatcher.list", "tls.cfg"


class Front(msgspec.Struct, frozen=True):
    """The files of one front."""

    folder: Path
    """Where they will lie: Kamailio wants whole paths."""
    texts: dict[str, str]
    """Name -> content."""


class _Peer(msgspec.Struct, frozen=True):
    name: str
    condition: str
    """When a request is this peer's, in Kamailio's language."""
    limit: int
    """INVITEs a second from one address."""


def front_of(config: Config, folder: Path, *, control: str = "", workers: Sequence[str] = ()) -> Front:
    """What Kamailio needs to stand before this configuration's workers.

    ``control``: path of a Unix socket for `kamcmd`, '' = none. ``workers``: their addresses (host:port) where the
    configuration leaves the ports open. Raises ``ConfigError`` for a configuration that can have no front.
    """
    sip, front = config.sip, config.front
    if sip.port == 0 and not workers:
        raise ConfigError("sip.port is 0 (any port): a front must know its workers; set sip.port, 5070 for example")
    addresses = list(workers) or [f"{sip.host}:{sip.port + number}" for number in range(sip.workers)]
    own = f"{front.host}:{front.port}"
    if own in addresses:
        raise ConfigError(f"front.port {front.port} is also a worker's port: set sip.port to another, 5070 for example")
    if front.tls_port and sip.tls is None:
        raise ConfigError("front.tls_port needs the certificate of [sip.tls]")
    peers = _peers(config)
    if not peers:
        raise ConfigError("nobody may call: list the exchange in sip.trunks or [[peers]]")
    listens = [f"{kind}:{own}" for kind in ("udp", "tcp")]
    if front.tls_port:
        listens.append(f"tls:{front.host}:{front.tls_port}")
    values = {
        "folder": folder.absolute(),
        "workers": addresses,
        "listens": listens,
        "peers": peers,
        "children": max(2, min(8, os.cpu_count() or 2)),
        "retry_after_s": sip.retry_after_s,
        "control": control,
        "tls": bool(front.tls_port),
    }
    texts = {
        MAIN: _template().render(values),
        WORKERS: "".join(f"1 sip:{where} 0 0 duid={where}\n" for where in addresses),
    }
    if front.tls_port:
        texts[TLS] = _tls(config)
    return Front(folder.absolute(), texts)


def write(front: Front) -> list[Path]:
    """Write the files; returns their paths."""
    front.folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in front.texts.items():
        path = front.folder / name
        path.write_text(text, "utf-8")
        written.append(path)
    return written


def verify(folder: Path) -> str:
    """Let Kamailio read the written files (``kamailio -c``); its version. ``EnvironmentFault`` if it is not there or
    does not take them."""
    program = find("kamailio")
    checked = subprocess.run(
        [program, "-c", "-E", "-f", str(folder / MAIN)], capture_output=True, text=True, check=False, timeout=30
    )
    if checked.returncode != 0:
        raise EnvironmentFault(f"kamailio -c does not take {folder / MAIN}: {complaint(checked.stderr)}")
    version = subprocess.run([program, "-v"], capture_output=True, text=True, check=False, timeout=30).stdout
    found = re.search(r"kamailio ([0-9.]+)", version)
    return found[1] if found else "of unknown version"


def _peers(config: Config) -> list[_Peer]:
    """In the order in which the workers look at them too: peers of their own terms first."""
    found = [
        _Peer(peer.name, _condition(peer.networks, tls_only=peer.tls_only), max(1, int(peer.invites_per_s)))
        for peer in config.peers
    ]
    if config.sip.trunks:
        found.append(_Peer("trunks", _condition(config.sip.trunks), max(1, int(config.sip.invites_per_s))))
    return found


def _condition(networks: Sequence[str], *, tls_only: bool = False) -> str:
    inside = " || ".join(f"src_ip == {network}" for network in networks)
    return f'$proto == "tls" && ({inside})' if tls_only else inside


def _tls(config: Config) -> str:
    tls = config.sip.tls
    assert tls is not None
    lines = [
        "[server:default]",
        "method = TLSv1.2+",
        f"certificate = {tls.certificate_file}",
        f"private_key = {tls.key_file}",
        *([f"ca_list = {tls.ca_file}"] if tls.ca_file else []),
        f"verify_certificate = {'yes' if tls.ca_file and tls.client_certificates else 'no'}",
        f"require_certificate = {'yes' if tls.client_certificates else 'no'}",
        "",
        "[client:default]",
        "method = TLSv1.2+",
        f"certificate = {tls.certificate_file}",
        f"private_key = {tls.key_file}",
        *([f"ca_list = {tls.ca_file}"] if tls.ca_file else []),
        f"verify_certificate = {'yes' if tls.ca_file else 'no'}",
    ]
    return "\n".join(lines) + "\n"


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.from_string((files(__package__) / "kamailio.cfg.jinja").read_text("utf-8"))
