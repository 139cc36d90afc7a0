"""The desk's door for what changes something: from our own page alone."""

from __future__ import annotations

from aiohttp import web

from core.origin import is_same_origin


def require_same_origin(request: web.Request) -> None:
    """Raise 403 unless the browser says that our own page sent this."""
    if not is_same_origin(request.headers.get("Origin", ""), request.host):
        raise web.HTTPForbidden(text="this request did not come from our own page\n")
