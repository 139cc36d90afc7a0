"""The demo's stage: the agent's desk and, beside it, the smartphone of the caller who talks with her. Demo only.

=====  ===============  ==================================================================================
GET    ``/demo``        the page; who is not signed in is sent to the sign-in first
GET    ``/demo/now``    ``{"page": "/v/TOKEN"}`` of the smartphone to show, '' if nobody has one in hand
GET    ``/demo/phone``  gives this browser the smartphone's cookie and goes to its page
GET    ``/demo/*.css``  and ``*.js``
=====  ===============  ==================================================================================

The scripted smartphone and this browser share one cookie, so both are the link's own browser: what the script taps is
seen here, and whoever watches may tap too.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Final

from aiohttp import web

from server.demo.phone import SmartPhone

_FILES: Final = {"stage.css": "text/css", "stage.js": "text/javascript"}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Stage:
    """A room of the demo's web application."""

    def __init__(self) -> None:
        self.signed_in: Callable[[web.Request], bool] = lambda _request: False
        """Set when the node is there."""
        self.phone: Callable[[], SmartPhone | None] = lambda: None
        """The smartphone to show; set when the conductor is there."""
        self._page = (resources.files("server.demo") / "web" / "stage.html").read_text("utf-8")

    def setup(self, app: web.Application) -> None:
        """Add the pages."""
        app.router.add_get("/demo", self._show)
        app.router.add_get("/demo/now", self._now)
        app.router.add_get("/demo/phone", self._open)
        app.router.add_get("/demo/{file}", self._file)

    async def _show(self, request: web.Request) -> web.Response:
        if not self.signed_in(request):
            raise web.HTTPFound("/signin?next=/demo")
        return web.Response(
            text=self._page,
            content_type="text/html",
            headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"},
        )

    async def _now(self, request: web.Request) -> web.Response:
        if not self.signed_in(request):
            raise web.HTTPUnauthorized
        phone = self.phone()
        return web.json_response({"page": phone.path if phone else ""}, headers={"Cache-Control": "no-store"})

    async def _open(self, request: web.Request) -> web.Response:
        if not self.signed_in(request):
            raise web.HTTPUnauthorized
        phone = self.phone()
        answer = web.Response(status=303, headers={"Location": phone.path if phone else "/v/"})
        if phone is not None:
            answer.set_cookie("minwon_visit", phone.cookie, path="/v/", httponly=True, samesite="Lax")
        return answer

    async def _file(self, request: web.Request) -> web.Response:
        kind = _FILES.get(request.match_info["file"])
        if kind is None:
            raise web.HTTPNotFound
        body = (resources.files("server.demo") / "web" / request.match_info["file"]).read_bytes()
        return web.Response(body=body, content_type=kind, charset="utf-8", headers={"Cache-Control": "no-cache"})
