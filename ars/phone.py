"""The caller's page over HTTP: what a smartphone gets and sends. No sign-in: the link is the key (``ars.links``)."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from ars.client import Proxies
from ars.guesses import Guesses
from ars.model import Menu
from ars.photos import Photos
from ars.visits import Search, Visits

__all__ = ["phone"]


def phone(
    visits: Visits,
    *,
    menu: Callable[[], Menu],
    search: Search,
    photos: Photos,
    guesses: Guesses,
    proxies: Proxies,
    public_url: str = "",
    frame_ancestors: str = "'none'",
    pages: int = 20_000,
) -> Callable[[web.Application], None]:
    """What adds the page to a web application, under /v/.

    ``menu``: the one that a new visit begins with; its centre and telephone number stand on pages without a visit.
    ``frame_ancestors``: who may show the page in a frame, as CSP writes it (the demo: "'self'").
    ``pages``: open WebSockets and event streams at a time; beyond it a page goes on with form posts.
    """

    def setup(app: web.Application) -> None: ...

    return setup
