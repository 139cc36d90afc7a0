"""Did this request come from our own page? Against forged requests and foreign WebSockets (CSRF, CSWSH)."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web


def require_same_origin(request: web.Request) -> None:
    """Raise 403 unless the browser says that our own page sent this.

    Browsers send ``Origin`` with every POST and every WebSocket; only host and port are compared, because behind a
    TLS proxy we do not see the scheme. A client that sends none is no browser and gets no further either.
    """
    origin = request.headers.get("Origin", "")
    if urlsplit(origin).netloc.lower() != request.host.lower() or not origin:
        raise web.HTTPForbidden(text="this request did not come from our own page\n")
