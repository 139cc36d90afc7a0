"""Who may hear a recording. Pure."""

from __future__ import annotations

from collections.abc import Callable

from core.agent import Agent
from core.store.recordings import Recording


def may_hear(agent: Agent, recording: Recording, *, own: bool, team_of: Callable[[str], str]) -> bool:
    """A supervisor those of her team (of all, where she has none), an agent her own where the site allows it."""
    if agent.may("supervisor"):
        heads_all = not agent.team or "admin" in agent.roles
        return heads_all or not recording.agents or any(team_of(other) == agent.team for other in recording.agents)
    return own and agent.id in recording.agents
