"""Whose draft is still hers to confirm: agents between the end of a talk and the end of their wrap-up, and those who
have just closed a written contact, whose record lies before them. Pure.

A written contact has no wrap-up: its record is hers until she leaves it, goes away, is offered a call, closes another
one, or lets it lie for ``WRITTEN``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from core.events import AgentStateChanged

WRITTEN: Final = timedelta(minutes=3)
"""So long the record of a closed written contact lies before her."""


class WrapUps:
    """As many entries of each kind as there are agents."""

    def __init__(self) -> None:
        self._has: dict[str, str] = {}
        """Agent -> the contact that she talks in or writes up."""
        self._written: dict[str, tuple[str, datetime]] = {}
        """Agent -> the written contact that she has closed, and when."""

    def take(self, change: AgentStateChanged) -> tuple[str, tuple[str, ...]]:
        """Her state changed: the contact that she begins to write up ('' = none), and those that she has left."""
        before = self._has.pop(change.agent_id, "")
        if change.busy_call and change.state in ("talking", "wrap_up"):
            self._has[change.agent_id] = change.busy_call
        begins = change.busy_call if change.state == "wrap_up" else ""
        left = [before] if before and before != change.busy_call else []
        if change.state in ("away", "offered", "talking") and change.agent_id in self._written:
            left.append(self._written.pop(change.agent_id)[0])
        return begins, tuple(left)

    def closed(self, agent_id: str, contact_id: str, at: datetime) -> str:
        """She has closed a written contact: its record is hers now; the one that was, if she has not confirmed it."""
        before, _ = self._written.get(agent_id, ("", at))
        self._written[agent_id] = (contact_id, at)
        return before if before != contact_id else ""

    def leave(self, contact_id: str) -> None:
        """Whoever had closed that one is done with it."""
        for agent_id, (theirs, _) in list(self._written.items()):
            if theirs == contact_id:
                del self._written[agent_id]

    def lying(self, moment: datetime) -> tuple[str, ...]:
        """Written contacts whose records have lain for too long; they are nobody's from now on."""
        lying = tuple(contact for contact, at in self._written.values() if moment - at >= WRITTEN)
        for contact_id in lying:
            self.leave(contact_id)
        return lying

    def has(self, agent_id: str, contact_id: str) -> bool:
        """Whether she talks in it, or its record lies before her."""
        return bool(contact_id) and contact_id in (self._has.get(agent_id), self._written.get(agent_id, ("",))[0])
