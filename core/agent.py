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
    """Her team; a supervisor's: whose figures she sees, '' = everybody's."""

    def may(self, *roles: Role) -> bool:
        """Whether she has one of these roles; an administrator has all."""
        return "admin" in self.roles or any(role in self.roles for role in roles)
