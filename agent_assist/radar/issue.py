"""One issue: the words that burst together. Who saw it, when it was told, when it ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from agent_assist.radar.live import Key
from core.events import IssueState

MOST_TERMS: Final = 5
"""Words shown of one issue."""
MOST_KEYS: Final = 60
"""Words and places kept of one issue; those beyond are the weakest and bring nothing new."""


class Burst(msgspec.Struct, frozen=True):
    """A term, or a term in a district, that is spoken of more than chance explains."""

    key: Key
    calls: frozenset[str]
    usual: float
    """Calls expected in the window."""
    log_chance: float
    since: datetime


class Issue:
    """Mutable: the radar's own."""

    def __init__(self, issue_id: str, since: datetime) -> None:
        self.id = issue_id
        self.since = since
        self.state: IssueState = "rising"
        self.by = ""
        self.bursts: dict[Key, Burst] = {}
        """Those of the last look."""
        self.keys: set[Key] = set()
        """All that ever belonged to it."""
        self.calls: set[str] = set()
        """Calls within the window that spoke of it."""
        self.unusual_at = since
        """When something of it was last unusual."""
        self.told_at: datetime | None = None
        self.told: object = None
        """What was told last, to tell only changes."""

    def takes(self, burst: Burst, share: float) -> bool:
        """Whether this burst is of this issue: its words were, or its callers are mostly the same."""
        if burst.key in self.keys:
            return True
        common = len(self.calls & burst.calls)
        return common >= share * min(len(self.calls), len(burst.calls)) and common >= share * len(burst.calls) / 2

    def add(self, burst: Burst) -> None:
        """It belongs here."""
        self.bursts[burst.key] = burst
        if len(self.keys) < MOST_KEYS:
            self.keys.add(burst.key)
        self.calls |= burst.calls
        self.since = min(self.since, burst.since)

    def terms(self) -> tuple[str, ...]:
        """The strongest first."""
        best: dict[str, float] = {}
        for burst in self.bursts.values():
            best[burst.key[0]] = min(best.get(burst.key[0], 0.0), burst.log_chance)
        return tuple(sorted(best, key=lambda term: (best[term], term))[:MOST_TERMS])

    def usual(self) -> float:
        """Of its strongest word."""
        return min(self.bursts.values(), key=lambda burst: burst.log_chance).usual if self.bursts else 0.0


def strongest_first(bursts: Iterable[Burst]) -> list[Burst]:
    """In the order in which issues are formed."""
    return sorted(bursts, key=lambda burst: (burst.log_chance, burst.key))
