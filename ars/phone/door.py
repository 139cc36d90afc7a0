"""Who may come in: from a request to the visit that its link opens, or the reason why not.

A GET of the page looks and never binds, for messengers fetch every link for a preview. The first WebSocket, event
stream or POST binds the link to its browser, told by a cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import msgspec
from aiohttp import hdrs, web

from ars.guesses import Guesses
from ars.links import LONGEST_TOKEN, Expired, Known, OtherBrowser, Unbound, Unknown, new_browser
from ars.phone.render import Look
from ars.visit import Visit
from ars.visits import Visits
from core import metrics
from core.origin import is_same_origin
from core.web.client import Proxies

COOKIE: Final = "minwon_visit"
"""Tells browsers apart; not readable for scripts."""
LOOK_COOKIE: Final = "minwon_look"
"""'large.contrast': how the page shall look; the page's script writes it, too."""
PATH: Final = "/v/"

Why = Literal["gone", "expired", "other_device", "too_many", "foreign", "no_cookie", "not_sent", "fault", "too_large"]
STATUS: Final[dict[Why, int]] = {
    "gone": 404,
    "expired": 410,
    "other_device": 403,
    "too_many": 429,
    "foreign": 403,
    "no_cookie": 403,
    "not_sent": 400,
    "too_large": 413,
    "fault": 503,
}


class Shut(Exception):
    """No: ``why`` names the page that says so (``gone.WHY`` in the catalogue)."""

    def __init__(self, why: Why, *, wait_s: int = 0, status: int = 0) -> None:
        super().__init__(why)
        self.why: Why = why
        self.status = status or STATUS[why]
        self.wait_s = wait_s
        """Trying again is of use after so long; 0 = nobody can say."""


class Guest(msgspec.Struct, frozen=True):
    """Who came in."""

    visit: Visit
    """The visit as it was then; an open line asks ``Door.visit`` anew, for a page may get its call meanwhile."""
    token: str
    base: str
    """The page's own address: '/v/TOKEN'."""
    known: bool
    """Whether this is the browser that the link belongs to."""


class Door:
    """One for the node."""

    def __init__(
        self,
        visits: Visits,
        guesses: Guesses,
        proxies: Proxies,
        public_url: str,
        bound: Callable[[Visit], None] | None,
    ) -> None:
        self._visits = visits
        self._guesses = guesses
        self._proxies = proxies
        self._public_url = public_url
        self._bound = bound
        self.secure: Final = public_url.startswith("https://")
        """Whether cookies are for TLS alone."""

    def look(self, request: web.Request) -> Guest:
        """For a GET: what the link opens. Raises ``Shut``."""
        token = request.match_info["token"]
        found = self._visits.links.look(token, self.browser(request), self._visits.now())
        return self._guest(request, token, found)

    def enter(self, request: web.Request) -> Guest:
        """For what does something: the link is this browser's from now on, if it was nobody's. Raises ``Shut``."""
        self.require_our_page(request)
        token, browser, now = request.match_info["token"], self.browser(request), self._visits.now()
        links = self._visits.links
        new = isinstance(links.look(token, browser, now), Unbound)
        guest = self._guest(request, token, links.bind(token, browser, now))
        if not guest.known:
            raise Shut("no_cookie")
        if new and self._bound is not None:
            self._bound(guest.visit)
        return guest

    def visit(self, guest: Guest) -> Visit:
        """The guest's visit now: a page that was opened first belongs to its call's visit from then on."""
        now_id = self._visits.links.visit_of(guest.token)
        return (self._visits.get(now_id) if now_id else None) or guest.visit

    def require_our_page(self, request: web.Request) -> None:
        """Raise ``Shut`` unless our own page sent this. An event stream has no ``Origin``, but ``Sec-Fetch-Site``."""
        origin = request.headers.get(hdrs.ORIGIN, "")
        stream = request.method == "GET" and request.headers.get(hdrs.UPGRADE, "").lower() != "websocket"
        if stream and not origin:
            fine = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        else:
            fine = is_same_origin(origin, request.host, self._public_url)
        if not fine:
            metrics.ARS_MESSAGES_REFUSED.labels(why="foreign").inc()
            raise Shut("foreign")

    def browser(self, request: web.Request) -> str:
        """The browser's cookie, '' if it has none (or none of ours)."""
        value = request.cookies.get(COOKIE, "")
        return value if len(value) <= LONGEST_TOKEN else ""

    def address(self, request: web.Request) -> str:
        """Where the request comes from, as far as our proxies vouch for it."""
        return self._proxies.address(request.remote, request.headers.getall(hdrs.X_FORWARDED_FOR, ()))

    def mark(self, request: web.Request, response: web.StreamResponse) -> str:
        """Give a browser its cookie, if it has none; returns its value. It binds nothing yet."""
        value = self.browser(request)
        if not value:
            value = new_browser()
            response.set_cookie(COOKIE, value, path=PATH, httponly=True, samesite="Lax", secure=self.secure)
        return value

    def _guest(
        self, request: web.Request, token: str, found: Known | Unbound | OtherBrowser | Expired | Unknown
    ) -> Guest:
        match found:
            case Known(visit_id=visit_id) | Unbound(visit_id=visit_id):
                visit = self._visits.get(visit_id)
                if visit is None:
                    raise Shut("expired")
                return Guest(visit, token, f"{PATH}{token}", isinstance(found, Known))
            case OtherBrowser():
                raise Shut("other_device")
            case Expired():
                raise Shut("expired")
        wait_s = self._guesses.failed(self.address(request), self._visits.now())
        raise Shut("too_many", wait_s=wait_s) if wait_s else Shut("gone")


def look_of(request: web.Request) -> Look:
    """How the caller wants the page to look."""
    words = request.cookies.get(LOOK_COOKIE, "").split(".")
    return Look(large="large" in words, contrast="contrast" in words)
