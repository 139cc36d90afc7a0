"""People who write the consultation database, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from core.config import Role

T0 = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


class Who(msgspec.Struct, frozen=True):
    """Somebody with roles; fits ``rights.Writer`` as ``desk_house.Agent`` does."""

    id: str
    roles: tuple[Role, ...] = ("agent",)
    department: str = ""

    def may(self, *roles: Role) -> bool:
        return "admin" in self.roles or any(role in self.roles for role in roles)


AGENT = Who("agent")
EDITOR = Who("haneul", ("agent", "editor"))
OTHER_EDITOR = Who("bada", ("editor",))
OWNER = Who("san", ("owner",), "민원과")
ADMIN = Who("admin", ("admin",))
EVERYBODY = (AGENT, EDITOR, OTHER_EDITOR, OWNER, ADMIN, Who("boss", ("supervisor",)))


class Clock:
    """Every look is a minute later."""

    def __init__(self) -> None:
        self._moments: Iterator[datetime] = (T0 + timedelta(minutes=minute) for minute in range(100_000))

    def __call__(self) -> datetime:
        return next(self._moments)
