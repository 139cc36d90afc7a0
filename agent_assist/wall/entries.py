"""Who has opened the wall with its words: noted once a shift, not with every reload of the page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from core.agent import Agent
from core.audit import Audit, Note
from core.events import now

SHIFT: Final = timedelta(hours=8)
"""After so long it is noted again."""


class Entries:
    """For one node. As many as there are supervisors."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._noted: dict[str, datetime] = {}

    async def note(self, agent: Agent, address: str) -> None:
        """She opens it. Raises ``StoreFault`` when that cannot be kept: then she may not see it."""
        last = self._noted.get(agent.id)
        if last is not None and now() - last < SHIFT:
            return
        await self._audit.note(Note(who=agent.id, deed="saw", thing="wall", address=address))
        self._noted[agent.id] = now()
