"""Who has signed in, as every room sees her."""

from __future__ import annotations

import msgspec

from core.config import Role


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """Who sits at a desk."""

    id: str
    """Sign-in name."""
    name: str
    """As callers may hear it."""
    extension: str = ""
    """Her telephone, '' if she has none."""
    roles: tuple[Role, ...] = ("agent",)
    """What she may do."""
    department: str = ""
    """Name of the department for whose entries an owner answers."""
    team: str = ""
    """Her team, '' = none."""
    people: tuple[str, ...] | None = None
    """Of a supervisor: sign-in names of her team, where ``sign_in.supervisors_see`` says that she sees nobody else's
    contacts and figures; None = she sees everybody's."""

    def may(self, *roles: Role) -> bool:
        """Whether she has one of these roles; an administrator has all."""
        return "admin" in self.roles or any(role in self.roles for role in roles)

    def oversees(self, *agents: str) -> bool:
        """Whether she supervises one of these, or there is none ('' = nobody): then it is the house's."""
        if not self.may("supervisor"):
            return False
        there = [agent for agent in agents if agent]
        return self.people is None or not there or any(agent in self.people for agent in there)
