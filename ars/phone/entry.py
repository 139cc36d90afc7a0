"""Where one begins who comes by QR code or address, before any call; and how the page looks, without JavaScript."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Final

from aiohttp import hdrs, web

from ars import inputs
from ars.guesses import key, site
from ars.model import AGENT, LANGUAGES, Language, Menu
from ars.phone.answers import HEADERS, Answers
from ars.phone.body import read_form
from ars.phone.door import LOOK_COOKIE, PATH, Door, Shut, look_of
from ars.phone.render import Renderer
from ars.visits import Visits
from core.errors import Refused
from core.web.rate import Buckets

STARTS_RATE: Final = 0.2
"""Visits a second that one address may begin in the long run: a carrier hides many behind one."""
STARTS_BURST: Final = 60.0
"""And at once."""
SITE: Final = 8
"""So much more for a whole IPv6 site: its 65,536 households may be one stranger."""
_OURS: Final = re.compile(r"/v/[A-Za-z0-9_-]{0,64}")
_SMALL: Final = 2048


class Entry:
    """One for the node."""

    def __init__(
        self, visits: Visits, door: Door, answers: Answers, renderer: Renderer, menu: Callable[[], Menu]
    ) -> None:
        self._visits = visits
        self._door = door
        self._answers = answers
        self._renderer = renderer
        self._menu = menu
        self._starts = Buckets(STARTS_RATE, STARTS_BURST)
        self._starts_of_site = Buckets(STARTS_RATE * SITE, STARTS_BURST * SITE)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /v/."""
        language = self._answers.language(request)
        response = self._answers.page(request, self._renderer.entry(self._menu(), language, look_of(request)))
        self._door.mark(request, response)
        return response

    async def start(self, request: web.Request) -> web.StreamResponse:
        """POST /v/: a visit of one's own. ``_language``; ``_go=code`` shows the six digits at once."""
        self._door.require_our_page(request)
        address, at = self._door.address(request), asyncio.get_running_loop().time()
        if not (self._starts.take(key(address), at) and self._starts_of_site.take(site(address), at)):
            raise Shut("too_many", wait_s=60)
        form = await read_form(request, longest=_SMALL, fields=10)
        try:
            visit = self._visits.begin_web(_language(form.get("_language", "")))
            token = self._visits.link(visit)
        except Refused as full:
            raise Shut("too_many", wait_s=60, status=503) from full
        response = web.Response(
            status=303, headers={**HEADERS, hdrs.LOCATION: f"{PATH}{token}", hdrs.CACHE_CONTROL: "no-store"}
        )
        self._visits.links.bind(token, self._door.mark(request, response), self._visits.now())
        if form.get("_go") == "code":
            visit.put(inputs.Tap(visit.state.number, AGENT))
        return response

    async def look(self, request: web.Request) -> web.StreamResponse:
        """POST /v/look: ``_look`` is 'large' or 'contrast', turned on or off; back to ``_back``."""
        self._door.require_our_page(request)
        form = await read_form(request, longest=_SMALL, fields=10)
        look, wanted = look_of(request), form.get("_look", "")
        on = [name for name, is_on in (("large", look.large), ("contrast", look.contrast)) if is_on != (name == wanted)]
        back = form.get("_back", "")
        response = self._answers.other(request, back if _OURS.fullmatch(back) else PATH)
        response.set_cookie(LOOK_COOKIE, ".".join(on) or "-", path=PATH, samesite="Lax", secure=self._door.secure)
        return response


def _language(text: str) -> Language:
    return next((language for language in LANGUAGES if language == text), "ko")
