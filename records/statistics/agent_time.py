"""How agents' time was spent: hours by state and reason, occupancy, utilisation. Pure.

States of agents are no contact's events, so these sums are kept as they are lived (``agent_times``), and are not
computed anew by ``minwon statistics recompute``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from core.store.floor import AgentTime
from records.statistics.measures import INDUSTRY

_MS: Final = 1000
_PERCENT: Final = 100


class TimeMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """What a column means."""

    id: str
    """Field of ``AgentTimeLine``."""
    ko: str
    """Its name."""
    en: str
    """Its name in English."""
    formula_ko: str
    """In words."""
    formula_en: str
    """In words."""
    source: str = INDUSTRY
    """Whose definition it is."""


TIME_MEASURES: Final = (
    TimeMeasure(
        id="signed_in_s",
        ko="로그인 시간",
        en="Signed in",
        formula_ko="대기 + 연결 + 통화 + 후처리 + 로그인 중 자리 비움",
        formula_en="ready + ringing + talking + wrap-up + away while signed in",
    ),
    TimeMeasure(
        id="staffed_s",
        ko="근무(응대 가능) 시간",
        en="Staffed",
        formula_ko="대기 + 연결 + 통화 + 후처리 (자리 비움 제외)",
        formula_en="ready + ringing + talking + wrap-up, without away",
    ),
    TimeMeasure(
        id="occupancy",
        ko="점유율",
        en="Occupancy",
        formula_ko="(통화 + 보류 + 후처리) ÷ 근무 시간",
        formula_en="(talk + hold + wrap-up) / staffed",
    ),
    TimeMeasure(
        id="utilisation",
        ko="가동률",
        en="Utilisation",
        formula_ko="(통화 + 보류 + 후처리) ÷ 로그인 시간",
        formula_en="(talk + hold + wrap-up) / signed in",
    ),
)


class AgentTimeLine(msgspec.Struct, frozen=True, kw_only=True):
    """One agent, of all days or of one. Times in seconds."""

    agent: str
    """Sign-in name, '' = all together."""
    name: str = ""
    """As people call her."""
    day: int = 0
    """20261127, 0 = all days that were asked for."""
    ready_s: float = 0.0
    """Waiting for a call."""
    offered_s: float = 0.0
    """Her telephone rang."""
    talking_s: float = 0.0
    """In a call, hold included."""
    wrap_up_s: float = 0.0
    """Writing after it."""
    away_s: float = 0.0
    """Away while signed in."""
    away: Mapping[str, float] = {}
    """The same by reason, '' = without one."""
    staffed_s: float = 0.0
    """See ``TIME_MEASURES``."""
    signed_in_s: float = 0.0
    """See ``TIME_MEASURES``."""
    occupancy: float | None = None
    """Percent; None = there is nothing to divide by."""
    utilisation: float | None = None
    """Percent; None = there is nothing to divide by."""


def lines(times: Iterable[AgentTime], names: Mapping[str, str], *, by_day: bool) -> list[AgentTimeLine]:
    """A line for each agent (and day), in the order of names and days; then one of all together."""
    sums: dict[tuple[str, int], dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for each in times:
        for key in ((each.agent_id, each.day if by_day else 0), ("", 0)):
            sums[key][each.state, each.reason if each.state == "away" else ""] += each.ms
    total = sums.pop(("", 0), {})
    ordered = sorted(sums, key=lambda key: (names.get(key[0], key[0]), key))
    told = [_line(agent, names.get(agent, agent), day, sums[agent, day]) for agent, day in ordered]
    return [*told, _line("", "", 0, total)]


def _line(agent: str, name: str, day: int, sums: Mapping[tuple[str, str], int]) -> AgentTimeLine:
    of: dict[str, int] = defaultdict(int)
    for (state, _reason), ms in sums.items():
        of[state] += ms
    busy = of["talking"] + of["wrap_up"]
    staffed = busy + of["ready"] + of["offered"]
    signed_in = staffed + of["away"]
    away = {reason: ms / _MS for (state, reason), ms in sorted(sums.items()) if state == "away"}
    return AgentTimeLine(
        agent=agent,
        name=name,
        day=day,
        ready_s=of["ready"] / _MS,
        offered_s=of["offered"] / _MS,
        talking_s=of["talking"] / _MS,
        wrap_up_s=of["wrap_up"] / _MS,
        away_s=of["away"] / _MS,
        away=away,
        staffed_s=staffed / _MS,
        signed_in_s=signed_in / _MS,
        occupancy=_share(busy, staffed),
        utilisation=_share(busy, signed_in),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole * _PERCENT, 2) if whole else None
