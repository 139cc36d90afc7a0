"""One address of the office application, and who may ask it."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from core.config import Role
from core.web.door import Answer

AGENTS: Final[tuple[Role, ...]] = ("agent", "supervisor")
SUPERVISOR: Final[tuple[Role, ...]] = ("supervisor",)
ADMIN: Final[tuple[Role, ...]] = ("admin",)


class RecordsRoute(NamedTuple):
    """One address. The table of them is the rule: nothing is reached around it."""

    method: Literal["GET", "POST"]
    path: str
    """Below ``/records/api/``."""
    roles: tuple[Role, ...]
    """One of them is needed; an administrator may everything."""
    answer: Answer
