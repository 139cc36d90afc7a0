"""``minwon check``: what is in force, what is missing, what to do. Looks, changes nothing but an empty home folder."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal

import msgspec

from ars.menu_files.finding import line_of
from core.config import Config, redacted
from core.errors import MinwonError
from core.home import Home, home_at, open_home
from core.store.sql_store import open_store
from server import models_here
from server.check_keys import key_findings
from server.check_recording import recording_findings
from server.check_reports import report_findings
from server.check_sign_in import account_findings, provider_finding
from server.check_sip import sip_findings
from server.check_speech import speech_findings
from server.check_texts import text_findings
from server.doors import door_findings
from server.menus import check as check_menu
from server.reports.printing import here
from stt import memory
from telephony.forks.certificates import Certificates
from telephony.sip_build import chosen

LOW_DISK_MB = 500


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing looked at."""

    part: str
    """'sip', 'stt', 'store' ..."""
    state: Literal["ok", "note", "fault"]
    """A fault keeps the node from running, a note does not."""
    says: str
    """One line; for notes and faults with what to do."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    can_run: bool
    findings: tuple[Finding, ...]
    settings: dict[str, Any]
    """The configuration in force, secrets hidden."""


async def examine(config: Config) -> Report:
    """Look at everything that a node needs."""
    findings = [*_machine(config), *_sip(config), *_forks(config), *_speech(config)]
    for state, says in key_findings(config.keys, home_at(config.node.home)):
        findings.append(Finding(part="keys", state=state, says=says))
    for state, says in recording_findings(config.recording, home_at(config.node.home)):
        findings.append(Finding(part="recording", state=state, says=says))
    for part, state, says in report_findings(config.mail, here()):
        findings.append(Finding(part=part, state=state, says=says))
    findings += [*_ars(config), *await _messages(config), *await _store(config), *await _provider(config)]
    return Report(
        can_run=all(finding.state != "fault" for finding in findings),
        findings=tuple(findings),
        settings=redacted(config),
    )


def in_words(report: Report) -> str:
    """For people: settings that differ from the defaults, then the findings, then the verdict."""
    defaults = redacted(Config())
    lines = ["Settings in force (only what differs from the defaults):", *_differing(report.settings, defaults), ""]
    marks = {"ok": "  ok   ", "note": "  note ", "fault": "  FAULT"}
    lines += [f"{marks[f.state]} {f.part:<9} {f.says}" for f in report.findings]
    lines += ["", "A node can run." if report.can_run else "A node can't run: mend the faults above."]
    return "\n".join(lines)


def _differing(settings: dict[str, Any], defaults: dict[str, Any]) -> list[str]:
    rows = [
        f"  {section}.{key} = {value!r}"
        for section, values in settings.items()
        if isinstance(values, dict)
        for key, value in values.items()
        if value != defaults.get(section, {}).get(key)
    ]
    if peers := settings.get("peers"):
        rows += [f"  peers = {', '.join(peer['name'] for peer in peers)}"]
    rows += [f"  agents = {len(settings.get('agents') or ())} configured"]
    return rows


def _attempt(part: str, look: Callable[[], str]) -> Finding:
    """A finding from a function that returns good news or raises advice."""
    try:
        return Finding(part=part, state="ok", says=look())
    except MinwonError as fault:
        return Finding(part=part, state="fault", says=str(fault))


def _machine(config: Config) -> Iterator[Finding]:
    yield Finding(part="python", state="ok", says=f"{sys.version.split()[0]} at {sys.executable}")

    def home() -> str:
        return f"state lives in {open_home(config.node.home).root}"

    yield _attempt("home", home)
    folder = Path(config.node.home)
    if folder.exists() and (free_mb := shutil.disk_usage(folder).free // 2**20) < LOW_DISK_MB:
        yield Finding(part="disk", state="note", says=f"only {free_mb} MB free: words need room, make some")
    yield _port("web", config.web.host, config.web.port, socket.SOCK_STREAM, "web.port")


def _sip(config: Config) -> Iterator[Finding]:
    try:
        build = chosen(config.sip.build)
    except MinwonError as fault:
        yield Finding(part="sip", state="fault", says=str(fault))
        return
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    files = sys.maxsize if files == resource.RLIM_INFINITY else files
    for state, says in sip_findings(config.sip, build, len(os.sched_getaffinity(0)), files):
        yield Finding(part="sip", state=state, says=says)
    kinds = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}
    for worker in range(config.sip.workers if config.sip.port else 0):
        for transport in [each for each in config.sip.transports if each in kinds]:
            finding = _port("sip", config.sip.host, config.sip.port + worker, kinds[transport], "sip.port")
            if finding.state != "ok":
                yield finding
    if config.sip.tls is not None and "tls" in config.sip.transports and config.sip.tls.port:
        for worker in range(config.sip.workers):
            port = config.sip.tls.port + 2 * worker
            finding = _port("sip", config.sip.host, port, socket.SOCK_STREAM, "sip.tls.port")
            if finding.state != "ok":
                yield finding
    yield from (Finding(part="doors", state=state, says=says) for state, says in door_findings(config))


def _forks(config: Config) -> Iterator[Finding]:
    """The doors for copies of voices, where there are any."""
    forks = config.forks
    if forks.port >= 0:
        yield _port("forks", forks.host, forks.port, socket.SOCK_STREAM, "forks.port")
        if not forks.certificate_file:
            says = "WebSocket streams are not encrypted: set forks.certificate_file and forks.key_file"
            yield Finding(part="forks", state="note", says=says)
    if forks.audiosocket_port >= 0:
        yield _port("forks", forks.host, forks.audiosocket_port, socket.SOCK_STREAM, "forks.audiosocket_port")
        says = "AudioSocket knows neither encryption nor passwords: keep forks.networks to the exchange alone"
        yield Finding(part="forks", state="note", says=says)
    if forks.certificate_file and max(forks.port, forks.audiosocket_port) >= 0:

        def certificate() -> str:
            Certificates(forks)
            return f"TLS with {forks.certificate_file}" + (", certificates are asked for" if forks.ca_file else "")

        yield _attempt("forks", certificate)


def _ars(config: Config) -> Iterator[Finding]:
    """The menu, its voice, and how callers' phones reach us."""
    ars = config.ars
    if not ars.menu:
        yield Finding(part="ars", state="ok", says="no menu (ars.menu is empty): calls go straight to an agent")
        return
    report = check_menu(ars.menu, Path(ars.prompts) if ars.prompts else None)
    errors = [finding for finding in report.findings if finding.level == "error"]
    if errors:
        says = f"{line_of(report.file, errors[0])} (minwon ars check {ars.menu} tells all {report.errors})"
        yield Finding(part="ars", state="fault", says=says)
    else:
        shape = f"{report.screens} screens, {report.levels} levels, version {report.version}"
        more = f"; {report.warnings} warnings: minwon ars check {ars.menu}" if report.warnings else ""
        yield Finding(part="ars", state="note" if more else "ok", says=f"menu {ars.menu}: {shape}{more}")
    if shutil.which("espeak-ng") is None and not ars.prompts:
        yield Finding(
            part="ars",
            state="note",
            says="no espeak-ng and no ars.prompts: the menu has no voice; apt-get install espeak-ng",
        )
    if not config.web.public_url:
        yield Finding(
            part="ars",
            state="note",
            says="web.public_url is empty: links lead to this machine's own address, which callers' phones can't open",
        )
    if not config.sip.outbound:
        yield Finding(
            part="ars",
            state="note",
            says="sip.outbound is empty: departments are not called by the menu, callbacks wait on the desk's list",
        )


def _port(part: str, host: str, port: int, kind: socket.SocketKind, key: str) -> Finding:
    protocol = "tcp" if kind == socket.SOCK_STREAM else "udp"
    if port == 0:
        return Finding(part=part, state="ok", says=f"{protocol}: any free port")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            return Finding(
                part=part,
                state="fault",
                says=f"{protocol} {host}:{port} can't be bound ({fault.strerror}): stop who holds it, or set {key}",
            )
    return Finding(part=part, state="ok", says=f"{protocol} {host}:{port} is free")


def _speech(config: Config) -> Iterator[Finding]:
    home = home_at(config.node.home)
    free_mb = memory.free_mb()
    for state, says in speech_findings(config, partial(models_here.found, home), os.cpu_count() or 1, free_mb):
        yield Finding(part="stt", state=state, says=says)


async def _messages(config: Config) -> list[Finding]:
    return [Finding(part="sms", state=state, says=says) for state, says in await text_findings(config)]


async def _store(config: Config) -> list[Finding]:
    """The database, and the accounts in it."""
    try:
        home: Home = open_home(config.node.home)
        store = await asyncio.wait_for(open_store(config.store.url, home), timeout=15)
        try:
            entries = len(await store.entries())
            kept, credentials = await store.accounts.accounts(), await store.accounts.credentials()
        finally:
            await store.close()
    except MinwonError as fault:
        return [Finding(part="store", state="fault", says=str(fault))]
    except TimeoutError:
        return [Finding(part="store", state="fault", says="the database did not answer in 15 s: check store.url")]
    says = f"{entries} entries" if entries else "no entries: the desk shows no cards until `minwon kb import`"
    found = [Finding(part="store", state="ok" if entries else "note", says=says)]
    for state, words in account_findings(config, kept, credentials):
        found.append(Finding(part="agents", state=state, says=words))
    return found


async def _provider(config: Config) -> list[Finding]:
    if not config.oidc.issuer:
        return []
    state, says = await provider_finding(config)
    return [Finding(part="oidc", state=state, says=says)]
