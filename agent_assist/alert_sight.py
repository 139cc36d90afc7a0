"""Whose alerts a supervisor hears of: those of whom she oversees, and of what nobody has yet. Pure.

In a call or a written contact of another team an alert is that team's: it carries words that were said there.
"""

from __future__ import annotations

from core.agent import Agent


def sees_alerts(agent: Agent, holder: str | None) -> bool:
    """Whether alerts of a contact are told to her desk, besides those of the one that lies before her. ``holder``: who
    has the contact, '' = nobody yet, None = it is over."""
    if holder is None:
        return agent.may("supervisor") and agent.people is None
    return agent.oversees(holder) or (agent.may("supervisor") and agent.id == holder)
