"""Bench ``flood``: 1,000 INVITEs a second beyond capacity are refused, and no running call stutters; both builds."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import Final

import msgspec

from core.config import SipConfig
from server.bench import party_sip
from server.bench.bridge_calls import UNLIMITED, Joiner
from server.bench.figures import Figure, Report, spread
from server.bench.parties import Parties
from server.bench.processes import cpu_s
from server.bench.stage import Stage
from telephony.contract import WorkerState
from telephony.sip import SipBridge
from telephony.sip_build import Build, installed

PER_S: Final = 1000
FLOOD_S: Final = 10.0
CALLS: Final = 50
"""That run meanwhile, where the build carries so many: the worker is full with them."""
GAP_S: Final = 0.060
_HOST: Final = "127.0.0.1"
_TICK_S: Final = 0.005


class Flooded(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    sent: int
    refused: int
    """By the worker's door, of ours."""
    answered_s: list[float]
    """From INVITE to its 503."""
    gap_s: float
    cpu: float
    """Of a core, while the flood ran."""
    survived: int
    """Calls that still run."""
    restarts: int


async def measure(stage: Stage) -> Report:
    """A full worker of each build, flooded."""
    figures: list[Figure] = []
    for build in installed():
        flooded = await flood(stage, build)
        figures += _figures(build, flooded)
    return Report(
        figures=tuple(figures),
        notes=(
            f"a worker that is full ({CALLS} calls, the wheel 2) gets {PER_S} INVITEs a second from one address; "
            "a gap is the longest time between two packets that a party of a running call hears",
        ),
    )


async def flood(stage: Stage, build: Build, seconds: float = FLOOD_S) -> Flooded:
    """Fill one worker of that build, then call on and on."""
    calls = min(CALLS, build.calls)
    # As many ports as the calls take: that is how a worker of any build is full with them.
    config = SipConfig(
        port=0, rtp_port=0, rtp_ports=4 * calls, workers=1, build=build.kind, invites_per_s=UNLIMITED, no_audio_s=5.0
    )
    stage.tell(f"{build.name}: {calls} calls")
    async with (
        SipBridge(config, run_dir=stage.fresh_home().run) as bridge,
        Parties(bridge.addresses[0]) as parties,
    ):
        joiner = Joiner(bridge, parties.agent)
        working = asyncio.create_task(joiner.work())
        try:
            await parties.grow(calls, per_s=20)
            await asyncio.sleep(1.5)
            stage.tell(f"{build.name}: {PER_S} INVITEs a second, {seconds:.0f} s")
            before, pid = bridge.workers()[0], bridge.workers()[0].pid
            cpu, began = cpu_s(pid), time.monotonic()
            heard, (sent, answered) = await asyncio.gather(
                parties.listen(seconds), _call_on(bridge.addresses[0], seconds)
            )
            cpu = (cpu_s(pid) - cpu) / (time.monotonic() - began)
            await asyncio.sleep(1.5)
            after = bridge.workers()[0]
            return Flooded(
                sent=sent,
                refused=_refused(after) - _refused(before),
                answered_s=answered,
                gap_s=max(heard.gaps_s, default=0.0),
                cpu=cpu,
                survived=joiner.joined,
                restarts=after.restarts,
            )
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)


async def _call_on(address: str, seconds: float) -> tuple[int, list[float]]:
    """INVITEs at ``PER_S``; how many, and how long each took to be refused. The refusals are not acknowledged."""
    host, _, port = address.rpartition(":")
    asked: dict[str, float] = {}
    answered: list[float] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.bind((_HOST, 0))
        caller.setblocking(False)
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        here = f"{_HOST}:{caller.getsockname()[1]}"
        began, sent = time.monotonic(), 0
        while (now := time.monotonic()) - began < seconds + 0.5:
            while sent < min(now - began, seconds) * PER_S:
                text = party_sip.invite(sent, here, address, 40000)
                asked[f"bench{sent}@{here}"] = time.monotonic()
                caller.sendto(text.encode(), (host, int(port)))
                sent += 1
            while (reply := _next(caller)) is not None:
                at = asked.pop(party_sip.header(reply, "Call-ID"), None)
                if at is not None and party_sip.status(reply) == 503:
                    answered.append(time.monotonic() - at)
            await asyncio.sleep(_TICK_S)
    return sent, answered


def _next(caller: socket.socket) -> str | None:
    try:
        return caller.recv(4096).decode("utf-8", "replace")
    except BlockingIOError:
        return None


def _refused(state: WorkerState) -> int:
    return state.refused_by.get("full", 0)


def _figures(build: Build, flooded: Flooded) -> list[Figure]:
    calls, name = min(CALLS, build.calls), build.name
    share = 100 * len(flooded.answered_s) / max(1, flooded.sent)
    return [
        Figure(name=f"{name}: INVITEs sent", value=flooded.sent, unit=""),
        Figure(name=f"{name}: answered 503", value=share, unit="%", bound=99.0, at_least=True),
        Figure(name=f"{name}: counted as refused", value=flooded.refused, unit=""),
        Figure(name=f"{name}: longest gap in a call", value=1000 * flooded.gap_s, unit="ms", bound=1000 * GAP_S),
        Figure(name=f"{name}: calls that ended", value=calls - flooded.survived, unit="", bound=0),
        Figure(name=f"{name}: worker restarts", value=flooded.restarts, unit="", bound=0),
        Figure(name=f"{name}: CPU of the worker", value=100 * flooded.cpu, unit="% of a core"),
        *spread(f"{name}: INVITE to 503", flooded.answered_s),
    ]
