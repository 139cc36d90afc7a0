"""How the caller's page is answered: headers, compression, plain pages for every no, JSON for the page's script."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiohttp import hdrs, web

from ars.messages import Refused, ToPage, encode
from ars.model import LANGUAGES, Language, Menu
from ars.phone.door import Door, Shut, look_of
from ars.phone.files import Files
from ars.phone.render import Renderer
from ars.words import say
from core.errors import MinwonError
from core.log import get_logger

log = get_logger("ars.phone")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Of every answer."""
_SMALL: Final = 800
"""Bytes below which packing gains nothing."""


class Answers:
    """One for the node."""

    def __init__(self, files: Files, renderer: Renderer, door: Door, menu: Callable[[], Menu]) -> None:
        self._files = files
        self._renderer = renderer
        self._door = door
        self._menu = menu

    def guarded(self, handler: Handler) -> Handler:
        """A handler whose every no is a plain page, or JSON for the page's script."""

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except Shut as shut:
                return self.shut(request, shut)
            except MinwonError as fault:
                log.error("phone.failed", code=fault.code, reason=str(fault))
                return self.shut(request, Shut("fault"))
            except web.RequestPayloadError:  # a body that breaks the rules of HTTP
                return self.shut(request, Shut("not_sent"))
            except (web.HTTPException, ConnectionError):
                raise
            except Exception as fault:  # a mistake of ours: the caller still gets words and a number
                log.exception("phone.failed", error=type(fault).__name__)
                return self.shut(request, Shut("fault"))

        return handle

    def page(self, request: web.Request, html: str, *, status: int = 200) -> web.Response:
        """A page of ours."""
        response = web.Response(
            status=status,
            body=html.encode(),
            content_type="text/html",
            charset="utf-8",
            headers={**HEADERS, "Content-Security-Policy": self._renderer.policy, hdrs.CACHE_CONTROL: "no-store"},
        )
        return packed(request, response)

    def shut(self, request: web.Request, shut: Shut) -> web.Response:
        """No, in words, with the number to call."""
        menu, language = self._menu(), self.language(request)
        if wants_json(request):
            text = say(language, f"gone.{shut.why}", phone=menu.phone)
            return self.messages(request, [Refused(why=shut.why, text=text)], status=shut.status)
        html = self._renderer.plain(
            menu,
            language,
            look_of(request),
            key=shut.why,
            back=request.path if shut.why in ("too_many", "fault") and request.method == "GET" else "/v/",
            again=shut.why in ("too_many", "fault"),
            start=shut.why == "other_device",
        )
        response = self.page(request, html, status=shut.status)
        if shut.wait_s or shut.why in ("too_many", "fault"):
            response.headers[hdrs.RETRY_AFTER] = str(shut.wait_s or 60)
        return response

    def messages(self, request: web.Request, messages: Sequence[ToPage], *, status: int = 200) -> web.Response:
        """Messages as a JSON list, for the page's script."""
        response = web.Response(
            status=status,
            body=encode(messages),
            content_type="application/json",
            headers={**HEADERS, hdrs.CACHE_CONTROL: "no-store"},
        )
        return packed(request, response)

    def other(self, request: web.Request, location: str) -> web.Response:
        """See there (303): after a form without JavaScript."""
        response = web.Response(
            status=303, headers={**HEADERS, hdrs.LOCATION: location, hdrs.CACHE_CONTROL: "no-store"}
        )
        self._door.mark(request, response)
        return response

    def language(self, request: web.Request) -> Language:
        """The language of a page without a visit: as asked for, else the browser's, else Korean."""
        offered = self._menu().languages
        asked = [request.query.get("language", "")]
        asked += [
            part.split(";")[0].strip()[:2].lower() for part in request.headers.get("Accept-Language", "").split(",")[:8]
        ]
        for language in LANGUAGES:
            if language == next((tag for tag in asked if tag in offered), "ko"):
                return language
        return "ko"

    async def static(self, request: web.Request) -> web.Response:
        """GET /v/static/FILE."""
        file = self._files.by_name.get(request.match_info["file"])
        if file is None:
            raise Shut("gone")
        headers = {**HEADERS, hdrs.CACHE_CONTROL: "public, max-age=31536000, immutable", hdrs.VARY: "Accept-Encoding"}
        gzipped = _takes_gzip(request)
        if gzipped:
            headers[hdrs.CONTENT_ENCODING] = "gzip"
        body = file.packed if gzipped else file.body
        return web.Response(body=body, content_type=file.kind, charset="utf-8", headers=headers)


def wants_json(request: web.Request) -> bool:
    """Whether the page's script asks, not a browser that shows what comes."""
    return request.headers.get(hdrs.ACCEPT, "").startswith("application/json")


def packed(request: web.Request, response: web.Response) -> web.Response:
    """With gzip where it is taken and gains something. Nothing foreign is reflected beside a secret (BREACH)."""
    response.headers[hdrs.VARY] = "Accept-Encoding, Cookie"
    if _takes_gzip(request) and isinstance(response.body, bytes) and len(response.body) > _SMALL:
        response.body = gzip.compress(response.body, 6, mtime=0)
        response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    return response


def _takes_gzip(request: web.Request) -> bool:
    codings = request.headers.get(hdrs.ACCEPT_ENCODING, "").lower().split(",")
    return any(
        coding.strip().partition(";")[0] == "gzip" and "q=0" not in coding.replace("q=0.", "") for coding in codings
    )
