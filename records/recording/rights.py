"""Who may hear a recording. Pure."""

from __future__ import annotations

from core.agent import Agent
from core.store.recordings import Recording


def may_hear(agent: Agent, recording: Recording, *, own: bool) -> bool:
    """A supervisor those of whom she oversees, an agent her own where the site allows it."""
    return agent.oversees(*recording.agents) or (own and agent.id in recording.agents)
