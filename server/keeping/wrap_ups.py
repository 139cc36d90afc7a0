"""Whose draft is still hers to confirm: agents between the end of a talk and the end of their wrap-up. Pure."""

from __future__ import annotations

from core.events import AgentStateChanged


class WrapUps:
    """As many entries as there are agents."""

    def __init__(self) -> None:
        self._has: dict[str, str] = {}
        """Agent -> the contact that she talks in or writes up."""

    def take(self, change: AgentStateChanged) -> tuple[str, str]:
        """Her state changed: the contact that she begins to write up ('' = none), and the one that she has left."""
        before = self._has.pop(change.agent_id, "")
        if change.busy_call and change.state in ("talking", "wrap_up"):
            self._has[change.agent_id] = change.busy_call
        begins = change.busy_call if change.state == "wrap_up" else ""
        return begins, before if before != change.busy_call else ""

    def has(self, agent_id: str, contact_id: str) -> bool:
        """Whether she talks in it or writes it up."""
        return bool(contact_id) and self._has.get(agent_id) == contact_id
