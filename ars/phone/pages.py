"""What a phone fetches: the page, answers of a search, a contact, a map. Nothing here changes or binds anything."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from aiohttp import hdrs, web

from ars.messages import LONGEST_QUERY
from ars.model import said
from ars.phone import map_picture
from ars.phone.answers import HEADERS, Answers, packed, wants_json
from ars.phone.contact_card import CONTENT_TYPE, file_name, vcard
from ars.phone.door import Door, Shut, look_of
from ars.phone.talk import Talk

MAPS: Final = 128
"""Drawn maps that are kept; each takes 20 ms to draw and about 5 KB to keep."""


class Pages:
    """One for the node."""

    def __init__(self, talk: Talk, door: Door, answers: Answers) -> None:
        self._talk = talk
        self._door = door
        self._answers = answers
        self._maps: OrderedDict[tuple[str, ...], bytes] = OrderedDict()

    async def page(self, request: web.Request) -> web.StreamResponse:
        """GET /v/TOKEN."""
        return self._page(request, "")

    async def search(self, request: web.Request) -> web.StreamResponse:
        """GET /v/TOKEN/search?q=: the page with answers, without JavaScript."""
        return self._page(request, request.query.get("q", "")[:LONGEST_QUERY])

    async def contact(self, request: web.Request) -> web.StreamResponse:
        """GET /v/TOKEN/contact.vcf: the contact of the screen that is shown."""
        guest = self._door.look(request)
        state = guest.visit.state
        contact = state.here.contact or state.menu.contacts.get(state.screen.contact)
        if contact is None:
            raise Shut("gone")
        place = state.menu.places.get(contact.place)
        card = vcard(
            contact,
            state.language,
            organisation=said(state.menu.title, state.language),
            address=said(place.address, state.language) if place else "",
        )
        name = file_name(state.screen.contact or "contact")
        headers = {
            **HEADERS,
            hdrs.CACHE_CONTROL: "no-store",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"',
        }
        return web.Response(text=card, content_type=CONTENT_TYPE, headers=headers)

    async def map(self, request: web.Request) -> web.StreamResponse:
        """GET /v/TOKEN/map.svg?place=: a place of the visit's menu."""
        state = self._door.look(request).visit.state
        place_id = request.query.get("place", "")
        place = state.menu.places.get(place_id)
        if place is None:
            raise Shut("gone")
        look: map_picture.Look = "high" if look_of(request).contrast else "auto"
        key = (state.menu.id, state.menu.version, place_id, state.language, look)
        drawn = self._maps.get(key)
        if drawn is None:
            drawn = self._maps[key] = map_picture.draw(place, state.language, look=look).encode()
            if len(self._maps) > MAPS:
                self._maps.popitem(last=False)
        # A picture that stands alone brings its style; served as an image it can do nothing else.
        policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        headers = {**HEADERS, "Content-Security-Policy": policy, hdrs.CACHE_CONTROL: "private, max-age=600"}
        return packed(request, web.Response(body=drawn, content_type="image/svg+xml", headers=headers))

    def _page(self, request: web.Request, query: str) -> web.Response:
        guest = self._door.look(request)
        if wants_json(request):
            talk, visit = self._talk, guest.visit
            now = [talk.screen(visit, guest.base), talk.status(visit)] if guest.known else []
            return self._answers.messages(request, now)
        shown = self._talk.shown(guest.visit, guest.base, known=guest.known, query=query)
        response = self._answers.page(request, self._talk.renderer.page(shown, look_of(request)))
        self._door.mark(request, response)
        return response
