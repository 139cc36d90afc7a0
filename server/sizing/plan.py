"""From a city's calls to people, lines and machines. Pure: rules over ``erlang`` and a ``Profile``."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import msgspec

from core.errors import BadInput
from server.sizing.erlang import Impatience, Waiting, agents_for, impatience, lines_for, traffic, waiting
from server.sizing.profile import Profile

HEADROOM: Final = 1.3
"""Cores and memory are bought so much larger than the busiest hour needs."""
_SYSTEM_MB: Final = 1024.0
_LEAST_CORES: Final = 2
_LEAST_WORKERS: Final = 2
"""One that dies takes its calls with it; the others must be able to take the next ones."""
DAY: Final = (2, 1, 1, 1, 1, 2, 8, 25, 75, 100, 95, 85, 55, 75, 90, 85, 80, 70, 40, 25, 20, 15, 9, 5)
"""An office's day by hour, the busiest = 100: a morning rush, a dip at noon. Assumed, not measured: yours differs."""


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """What comes in, and what the city wants to keep."""

    calls_a_day: float = 20_000
    busy_share: float = 0.12
    """Of the day's calls, in the busiest hour."""
    talk_s: float = 170.0
    """Agent and caller together."""
    wrap_up_s: float = 20.0
    """After the call, before the next; with ``talk_s`` the average handling time."""
    menu_s: float = 25.0
    """Before the agent: menu and greeting; it takes a line, no agent."""
    self_service: float = 0.0
    """Share of calls that end in the menu or on the caller's page, without an agent."""
    level: float = 0.8
    within_s: float = 20.0
    """80/20: so many are answered within so long."""
    patience_s: float = 180.0
    """After how long, on average, a waiting caller gives up."""
    occupancy: float = 0.88
    """No agent shall be busier than this over the hour."""
    shrinkage: float = 0.3
    """Share of paid time away from the telephone: breaks, training, leave."""
    blocking: float = 0.001
    """Share of callers who may find all lines taken."""
    third_share: float = 0.1
    """Calls with a third party at a time (transfer, supervisor): two more legs' ports."""
    keep_days: int = 365


class Sites(msgspec.Struct, frozen=True, kw_only=True):
    """What to buy: one machine, or several of that sum."""

    cores_sip: float
    cores_speech: float
    cores: int
    """With headroom, whole."""
    memory_mb: int
    disk_gb_a_day: float
    disk_gb: float
    """Over ``keep_days``."""
    workers: int
    """``sip.workers``."""
    rtp_ports: int
    """Of all workers together."""
    files: int
    """Open files that the node's user must be allowed (LimitNOFILE)."""


class Hour(msgspec.Struct, frozen=True, kw_only=True):
    """One hour of the day."""

    hour: int
    calls: float
    agents: int


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The answer."""

    demand: Demand
    calls_an_hour: float
    """In the busiest hour."""
    agent_erlangs: float
    agents: int
    """At the telephone in the busiest hour."""
    staff: int
    """To have so many there, with ``shrinkage``."""
    meets: Waiting
    impatient: Impatience
    line_erlangs: float
    lines: int
    """Channels of the trunk; also the most calls at once."""
    sites: Sites
    hours: tuple[Hour, ...]
    profile: Profile


def plan(demand: Demand, profile: Profile) -> Plan:
    """All of it. ``BadInput`` for numbers that make no sense."""
    _check(demand)
    calls = demand.calls_a_day * demand.busy_share
    handled, handling_s = calls * (1 - demand.self_service), demand.talk_s + demand.wrap_up_s
    agent_erlangs = traffic(handled, handling_s)
    agents = agents_for(agent_erlangs, handling_s, demand.level, demand.within_s, occupancy=demand.occupancy)
    meets = waiting(agent_erlangs, max(agents, 1), handling_s, demand.within_s)
    held_s = demand.menu_s + (1 - demand.self_service) * (demand.talk_s + meets.mean_s)
    line_erlangs = traffic(calls, held_s)
    lines = lines_for(line_erlangs, demand.blocking)
    return Plan(
        demand=demand,
        calls_an_hour=calls,
        agent_erlangs=agent_erlangs,
        agents=agents,
        staff=math.ceil(agents / (1 - demand.shrinkage)),
        meets=meets,
        impatient=impatience(agent_erlangs, max(agents, 1), handling_s, demand.patience_s),
        line_erlangs=line_erlangs,
        lines=lines,
        sites=_sites(demand, profile, lines, agents),
        hours=tuple(_hours(demand, handling_s)),
        profile=profile,
    )


def levels(of: Plan, around: int = 12) -> list[tuple[int, float]]:
    """Service level for a few agents fewer and more than planned: what each one buys."""
    handling_s = of.demand.talk_s + of.demand.wrap_up_s
    first = max(1, math.floor(of.agent_erlangs), of.agents - around)
    return [
        (agents, waiting(of.agent_erlangs, agents, handling_s, of.demand.within_s).level)
        for agents in range(first, of.agents + around + 1)
    ]


def _sites(demand: Demand, profile: Profile, lines: int, agents: int) -> Sites:
    talking = min(lines, agents)
    """Only a talk with an agent is listened to."""
    sip, speech = lines * profile.sip_core_a_call, talking / profile.speech_calls_a_core
    cores = max(_LEAST_CORES, math.ceil((sip + speech) * HEADROOM))
    workers = max(_LEAST_WORKERS, math.ceil(lines / profile.calls_a_worker)) if lines else _LEAST_WORKERS
    legs = 2 * lines * (1 + demand.third_share)
    memory = (
        _SYSTEM_MB
        + profile.node_mb
        + lines * profile.node_mb_a_call
        + math.ceil(speech) * profile.decode_worker_mb
        + workers * profile.worker_mb
        + legs * profile.leg_mb
    )
    minutes = demand.calls_a_day * (1 - demand.self_service) * demand.talk_s / 60
    disk_gb = (minutes * profile.words_kb_a_minute + demand.calls_a_day * profile.call_kb) / 1e6
    ports = math.ceil(lines * profile.rtp_ports_a_call * (1 + demand.third_share) / workers / 2) * 2 * workers
    return Sites(
        cores_sip=sip,
        cores_speech=speech,
        cores=cores,
        memory_mb=math.ceil(memory * HEADROOM / 256) * 256,
        disk_gb_a_day=disk_gb,
        disk_gb=disk_gb * demand.keep_days,
        workers=workers,
        rtp_ports=ports,
        files=max(4096, 2 ** math.ceil(math.log2(max(1, ports * 2 + lines * 4 + 1024)))),
    )


def _hours(demand: Demand, handling_s: float) -> Iterable[Hour]:
    for hour, share in enumerate(day_shares(demand.busy_share)):
        calls = demand.calls_a_day * share
        erlangs = traffic(calls * (1 - demand.self_service), handling_s)
        agents = agents_for(erlangs, handling_s, demand.level, demand.within_s, occupancy=demand.occupancy)
        yield Hour(hour=hour, calls=calls, agents=agents)


def day_shares(busy_share: float) -> list[float]:
    """Each hour's share of the day: ``DAY``, made steeper or flatter until its busiest hour has ``busy_share``."""
    flat, steep = 0.0, 1024.0
    for _ in range(60):
        power = (flat + steep) / 2
        total = sum((weight / max(DAY)) ** power for weight in DAY)
        flat, steep = (power, steep) if busy_share * total > 1 else (flat, power)
    return [busy_share * (weight / max(DAY)) ** steep for weight in DAY]


def _check(demand: Demand) -> None:
    for name in ("busy_share", "level", "blocking"):
        if not 0 < getattr(demand, name) < 1:
            raise BadInput(f"{_said(name)}: give a share between 0 and 1 (12 % is 0.12), not {getattr(demand, name):g}")
    if demand.busy_share < 1 / len(DAY):
        raise BadInput(f"--busy-share: the busiest hour has at least 1/24 of the day, not {demand.busy_share:g}")
    for name in ("self_service", "shrinkage", "third_share"):
        if not 0 <= getattr(demand, name) < 1:
            raise BadInput(f"{_said(name)}: give a share from 0 up to 1, not {getattr(demand, name):g}")
    for name in ("talk_s", "patience_s", "calls_a_day"):
        if not 0 < getattr(demand, name) < 1e7:
            raise BadInput(f"{_said(name)}: {getattr(demand, name):g} makes no sense")
    for name in ("wrap_up_s", "menu_s", "within_s", "keep_days"):
        if not 0 <= getattr(demand, name) < 1e6:
            raise BadInput(f"{_said(name)}: {getattr(demand, name):g} makes no sense")


def _said(name: str) -> str:
    return f"--{name.removesuffix('_s').replace('calls_a_day', 'calls').replace('_', '-')}"
