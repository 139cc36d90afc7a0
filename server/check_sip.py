"""What ``minwon check`` says of the SIP workers: which pjsua2, how many calls, and what limits them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from core.config import SipConfig
from telephony.open_files import files_for, legs_within
from telephony.sip_build import Build, calls_a_worker, rtp_ports

Says = tuple[Literal["ok", "note"], str]
_A_CORE: Final = 250
"""Joined calls of the tuned build on one core (`minwon bench calls`)."""


def sip_findings(sip: SipConfig, build: Build, cores: int, files: int) -> Iterator[Says]:
    """In the order of their weight. ``files`` is the hard limit of open files."""
    ports = rtp_ports(sip.rtp_ports, sip.rtp_port, sip.workers, build)
    by_ports = calls_a_worker(build, ports)
    legs = min(build.legs, legs_within(files))
    calls = min(by_ports, legs // 2)
    yield _in_force(sip, build, calls)
    if build.kind == "tuned" and sip.workers > cores:
        yield "note", f"{sip.workers} SIP workers on {cores} cores: one a core is enough (about {_A_CORE} calls each)"
    if by_ports < build.calls:
        what = "sip.rtp_ports" if sip.rtp_ports else "sip.rtp_port and sip.workers"
        yield "note", f"{ports} RTP ports carry {by_ports} calls of the {build.calls} that a worker could: see {what}"
    if legs < build.legs:
        yield (
            "note",
            f"only {files} open files are allowed: they carry {legs // 2} calls a worker; for all {build.calls} raise "
            f"the hard limit to {files_for(build.legs)} (LimitNOFILE of the service, ulimits.nofile of the container)",
        )
    if sip.rtp_port:
        last = sip.rtp_port + ports * sip.workers - 1
        yield "ok", f"voices: UDP {sip.rtp_port} to {last} must pass the firewall to this machine"


def _in_force(sip: SipConfig, build: Build, calls: int) -> Says:
    workers = f"{sip.workers} workers x {calls} calls" if sip.workers > 1 else f"1 worker with {calls} calls"
    total = f"pjsua2 {build.name} (sip.build {sip.build}): {workers} = {sip.workers * calls} at a time"
    if build.aborts:
        return "note", (
            f"{total}; for trying out and small sites: some broken packets end a worker and its calls "
            "(`make pjsua2` builds one that carries hundreds and survives them)"
        )
    return "ok", f"{total}; broken packets end no worker"
