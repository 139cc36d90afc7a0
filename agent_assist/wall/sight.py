"""What of the picture a supervisor sees: all of it, or what is her team's and nobody's yet. Pure."""

from __future__ import annotations

from agent_assist.wall.rows import AlertRow, CallRow, Key, Row, WrittenRow

Sight = tuple[str, ...] | None
"""Sign-in names of whom she sees (``Agent.people``), None = everybody."""


def sees(sight: Sight, key: Key, row: Row) -> bool:
    """Whether that row is for her: agents of hers, and calls, alerts and written contacts that they have or that wait
    for anybody; what is of the house is everybody's."""
    if sight is None:
        return True
    if isinstance(row, CallRow | AlertRow | WrittenRow):
        return not row.agent or row.agent in sight
    return key[0] != "agents" or key[1] in sight
