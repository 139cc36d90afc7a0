"""The big screen in the hall: numbers of the house, and no person in them. Pure.

No names, no words, no telephone numbers: who walks by, or stands outside at the window, learns how long callers wait
and what the city asks about. A topic is told by its words alone, and only from ``LEAST_CALLS`` calls on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from agent_assist.wall.picture import Picture
from agent_assist.wall.rows import FiguresRow, QueueRow
from core.events import AgentState

LEAST_CALLS: Final = 5
"""Fewer callers could be somebody."""
TOPICS: Final = 5
_DIGITS: Final = 3
"""A term with so many digits may be a number of somebody's."""


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """What many callers speak of at once."""

    terms: tuple[str, ...]
    district: str
    """'' = all over the city."""
    calls: int
    usual: float
    since: datetime


class Board(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """All that the big screen shows."""

    centre: str
    """Name of the call centre."""
    queue: QueueRow
    """Who waits."""
    figures: FiguresRow
    """Today's, and the service level now."""
    agents: Mapping[AgentState, int]
    """How many of those who are there are in which state."""
    calls: int
    """Callers who talk with somebody."""
    in_menu: int
    """Callers in the menu."""
    written: int
    """Written contacts that wait for an answer."""
    written_since: datetime | None
    """The longest of them."""
    topics: tuple[Topic, ...]
    """Of the radar, the strongest first."""


def board_of(picture: Picture, centre: str) -> Board:
    """The picture without anybody in it."""
    there = Counter(row.state for row in picture.agents.values() if row.present)
    stages = Counter(row.stage for row in picture.calls.values())
    owed = [row.owed_since for row in picture.written.values() if row.owed_since is not None]
    return Board(
        centre=centre,
        queue=picture.queue,
        figures=picture.figures,
        agents=there,
        calls=stages["talking"],
        in_menu=stages["menu"],
        written=len(owed),
        written_since=min(owed, default=None),
        topics=_topics(picture),
    )


def _topics(picture: Picture) -> tuple[Topic, ...]:
    found = [
        Topic(
            terms=tuple(term for term in row.terms if sum(map(str.isdigit, term)) < _DIGITS)[:3],
            district=row.district,
            calls=row.calls,
            usual=row.usual,
            since=row.since,
        )
        for row in picture.issues.values()
        if row.calls >= LEAST_CALLS
    ]
    return tuple(sorted((topic for topic in found if topic.terms), key=lambda topic: -topic.calls)[:TOPICS])
