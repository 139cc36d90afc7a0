"""The office application: ``/records`` is the page, ``/records/api/...`` is JSON as everywhere (``core.web.door``).

Each topic has a table of its own (``contact_routes``, ...); the node joins them in ``server.records_parts``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

import msgspec
from aiohttp import web

from core.agent import Agent
from core.config import Role
from core.web.door import guarded
from core.web.pages import language_of
from records.routes.pages import RecordsPages
from records.routes.route import RecordsRoute

ALL: Final[tuple[Role, ...]] = ("agent", "editor", "owner", "supervisor", "admin")


class Office(Protocol):
    """Who works here, and where."""

    centre: str
    """Name of the call centre."""

    def who(self, request: web.Request) -> Agent | None:
        """The signed-in person, or None. Must be cheap."""


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who has signed in, for the page."""

    id: str
    """Sign-in name."""
    name: str
    """Her name."""
    roles: tuple[Role, ...]
    """What she may do; the server asks again."""
    department: str
    """Of an owner."""
    centre: str
    """Name of the call centre."""


def records_room(
    house: Office, pages: RecordsPages, routes: tuple[RecordsRoute, ...]
) -> Callable[[web.Application], None]:
    """What adds the office application to a web application."""

    async def me(_request: web.Request, agent: Agent) -> Me:
        return Me(id=agent.id, name=agent.name, roles=agent.roles, department=agent.department, centre=house.centre)

    async def page(request: web.Request) -> web.Response:
        if house.who(request) is None:
            raise web.HTTPFound("/signin?next=/records")
        return pages.html("records.html", language_of(request))

    def setup(app: web.Application) -> None:
        app.router.add_get("/records", page)
        app.router.add_get("/records/static/{path:.+}", pages.static)
        for route in (RecordsRoute("GET", "me", ALL, me), *routes):
            app.router.add_route(route.method, f"/records/api/{route.path}", guarded(house, route.roles, route.answer))

    return setup
