"""Erlang's formulas: how many servers a random traffic needs. Pure.

Traffic is in erlangs: calls an hour x seconds each / 3600. Erlang B: who finds all lines taken goes away. Erlang C:
who finds all agents talking waits, however long. Erlang A: she waits until her patience is over (Palm 1957; Mandelbaum
and Zeltyn, «The Palm/Erlang-A queue», 2005). Calls come at random and last an exponential time in all three.
"""

from __future__ import annotations

import math
from typing import Final

import msgspec

from core.errors import BadInput

MOST: Final = 100_000
"""Servers and erlangs that are believed."""
_TAIL: Final = 1e-12
_HUGE: Final = 1e200


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What callers meet with so many agents."""

    waits: float
    """Share who wait at all."""
    level: float
    """Share answered within the time that was asked for."""
    mean_s: float
    """Average wait over all callers (ASA)."""
    occupancy: float
    """Share of her time that an agent is busy."""


class Impatience(msgspec.Struct, frozen=True, kw_only=True):
    """The same with callers who give up."""

    abandoned: float
    """Share who give up."""
    mean_s: float
    """Average time in the queue, of those who were answered and those who were not."""
    occupancy: float


def traffic(calls_an_hour: float, seconds: float) -> float:
    """Erlangs of so many calls of that length. ``BadInput`` for what cannot be."""
    _positive("calls an hour", calls_an_hour, zero=True)
    _positive("seconds a call", seconds)
    erlangs = calls_an_hour * seconds / 3600
    if erlangs > MOST:
        raise BadInput(f"{erlangs:,.0f} erlangs: nobody has so much traffic; check calls and seconds")
    return erlangs


def erlang_b(erlangs: float, lines: int) -> float:
    """Probability that all lines are taken."""
    _positive("erlangs", erlangs, zero=True)
    _servers("lines", lines, least=0)
    blocked = 1.0
    for line in range(1, lines + 1):  # the recursion never leaves 0..1, however large the numbers
        blocked = erlangs * blocked / (line + erlangs * blocked)
    return blocked


def lines_for(erlangs: float, blocking: float) -> int:
    """The fewest lines at which at most that share finds all taken."""
    _share("blocking", blocking)
    _positive("erlangs", erlangs, zero=True)
    blocked, lines = 1.0, 0
    while blocked > blocking and erlangs > 0:
        lines += 1
        if lines > MOST:
            raise BadInput(f"more than {MOST:,} lines: check the traffic")
        blocked = erlangs * blocked / (lines + erlangs * blocked)
    return lines


def erlang_c(erlangs: float, agents: int) -> float:
    """Probability that a caller has to wait; 1 where the agents are fewer than the traffic."""
    _servers("agents", agents, least=0)
    if agents <= erlangs:
        return 1.0
    blocked = erlang_b(erlangs, agents)
    return agents * blocked / (agents - erlangs * (1 - blocked))


def waiting(erlangs: float, agents: int, handling_s: float, within_s: float) -> Waiting:
    """What callers meet. With fewer agents than traffic the queue grows for ever: nobody is answered in time."""
    _positive("handling time", handling_s)
    _positive("answered within", within_s, zero=True)
    waits = erlang_c(erlangs, agents)
    if agents <= erlangs:
        return Waiting(waits=1.0, level=0.0, mean_s=math.inf, occupancy=1.0)
    spare = agents - erlangs
    return Waiting(
        waits=waits,
        level=1 - waits * math.exp(-spare * within_s / handling_s),
        mean_s=waits * handling_s / spare,
        occupancy=erlangs / agents,
    )


def agents_for(erlangs: float, handling_s: float, level: float, within_s: float, *, occupancy: float = 1.0) -> int:
    """The fewest agents at which ``level`` of the callers are answered within the time, and nobody is busier than
    ``occupancy``."""
    _share("service level", level)
    if not 0 < occupancy <= 1:
        raise BadInput(f"an occupancy of {occupancy:g} cannot be kept: give a share up to 1, as 0.88")
    agents = max(1, math.ceil(erlangs / occupancy)) if erlangs else 0
    if agents > 1 and erlangs / (agents - 1) <= occupancy:  # 4.2 / 0.3 is 14.000000000000002
        agents -= 1
    while erlangs and waiting(erlangs, agents, handling_s, within_s).level < level:
        agents += 1
        if agents > MOST:
            raise BadInput(f"more than {MOST:,} agents: check the traffic")
    return agents


def impatience(erlangs: float, agents: int, handling_s: float, patience_s: float) -> Impatience:
    """Erlang A: callers give up after an exponential time of that mean."""
    _positive("handling time", handling_s)
    _positive("patience", patience_s)
    _servers("agents", agents, least=1)
    # Birth and death: states up to the agents as in Erlang B, beyond them those who wait also leave by themselves.
    blocked = erlang_b(erlangs, agents)
    if blocked < _TAIL:  # nobody ever waits
        return Impatience(abandoned=0.0, mean_s=0.0, occupancy=erlangs / agents)
    leaving = handling_s / patience_s
    # Weights relative to the state «all agents busy, nobody waits», whose share of the states up to it is ``blocked``.
    weight, state, queue, all_busy, some_free = 1.0, 0, 0.0, 1.0, 1 / blocked - 1
    while weight > _TAIL * all_busy and state < MOST:
        state += 1
        weight *= erlangs / (agents + state * leaving)
        all_busy += weight
        queue += state * weight
        if weight > _HUGE:  # far too few agents: only the proportions count
            weight, queue, all_busy, some_free = (part / _HUGE for part in (weight, queue, all_busy, some_free))
    waiting_people = queue / (some_free + all_busy)
    lost = leaving * waiting_people / erlangs
    return Impatience(
        abandoned=lost,
        mean_s=waiting_people * handling_s / erlangs,
        occupancy=erlangs * (1 - lost) / agents,
    )


def _positive(what: str, value: float, *, zero: bool = False) -> None:
    if not math.isfinite(value) or value < 0 or (value == 0 and not zero):
        raise BadInput(f"{what}: {value:g} makes no sense; give a number above 0")


def _share(what: str, value: float) -> None:
    if not 0 < value < 1:
        raise BadInput(f"{what}: give a share between 0 and 1 (80 % is 0.8), not {value:g}")


def _servers(what: str, value: int, *, least: int) -> None:
    if not least <= value <= MOST:
        raise BadInput(f"{what}: give a whole number from {least} to {MOST:,}, not {value}")
