"""How long agents are in which state: rules only, fed with their changes and asked now and then.

A state lasts until the next change, and counts on the local day on which it was lived. Who is away counts while she is
signed in alone, whatever her reason: after hours nobody is on a break.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Final

import msgspec

from core.events import AgentState, AgentStateChanged
from core.store.floor import AgentTime
from records.statistics.facts import local

_MS: Final = timedelta(milliseconds=1)


class _Standing(msgspec.Struct):
    state: AgentState
    reason: str
    counted: datetime
    """Up to here."""


class AgentClock:
    """All agents of one node. Between two calls of :meth:`told` it keeps a sum for each state that somebody was in."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._standing: dict[str, _Standing] = {}
        self._sums: dict[tuple[int, str, AgentState, str], int] = {}

    def take(self, change: AgentStateChanged, present: Container[str]) -> None:
        """She is something else from now on. ``present``: who is signed in."""
        self._count(change.agent_id, change.at, present)
        reason = change.reason if change.state == "away" else ""
        self._standing[change.agent_id] = _Standing(state=change.state, reason=reason, counted=change.at)

    def told(self, moment: datetime, present: Container[str]) -> list[AgentTime]:
        """What was not told yet, up to that moment."""
        for agent_id in self._standing:
            self._count(agent_id, moment, present)
        sums, self._sums = self._sums, {}
        return [
            AgentTime(day=day, agent_id=agent_id, state=state, reason=reason, ms=ms)
            for (day, agent_id, state, reason), ms in sums.items()
        ]

    def untold(self, times: list[AgentTime]) -> None:
        """These could not be kept: they are told again."""
        for each in times:
            self._add(each.day, each.agent_id, each.state, each.reason, each.ms)

    def _count(self, agent_id: str, until: datetime, present: Container[str]) -> None:
        standing = self._standing.get(agent_id)
        if standing is None:
            return
        since, standing.counted = standing.counted, until  # a clock that is set back takes no time away
        if standing.state != "away" or agent_id in present:
            for day, ms in _by_day(since, until, self._zone):
                self._add(day, agent_id, standing.state, standing.reason, ms)

    def _add(self, day: int, agent_id: str, state: AgentState, reason: str, ms: int) -> None:
        key = day, agent_id, state, reason
        self._sums[key] = self._sums.get(key, 0) + ms


def _by_day(since: datetime, until: datetime, zone: tzinfo) -> Iterator[tuple[int, int]]:
    """Local days between two moments and how many milliseconds lie in each; none where the clock went back."""
    while since < until:
        there = since.astimezone(zone)
        tomorrow = (there.replace(tzinfo=None) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        end = min(until, tomorrow.replace(tzinfo=zone).astimezone(since.tzinfo))
        if end <= since:  # a day that the clock has left out
            end = until
        if ms := (end - since) // _MS:
            yield local(since, zone)[0], ms
        since = end
