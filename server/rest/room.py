"""The REST API as a part of the web application."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from server.rest.door import PREFIX, Door, RestRoute
from server.rest.problems import problem


def rest_room(
    door: Door, routes: tuple[RestRoute, ...], document: Callable[[], bytes]
) -> Callable[[web.Application], None]:
    """What adds it to a web application. ``document``: OpenAPI of these routes; it tells nothing of anybody,
    and needs no token."""

    async def described(_request: web.Request) -> web.Response:
        return web.Response(body=document(), content_type="application/json", headers={"Cache-Control": "no-cache"})

    async def nothing(_request: web.Request) -> web.Response:
        return problem(404, "no_address", f"그런 주소가 없습니다 / no such address: see {PREFIX}/openapi.json")

    def setup(app: web.Application) -> None:
        app.router.add_get(f"{PREFIX}/openapi.json", described)
        for route in routes:
            app.router.add_route(route.method, f"{PREFIX}/{route.path}", door.guarded(route))
        app.router.add_route("*", f"{PREFIX}/{{rest:.*}}", nothing)

    return setup
