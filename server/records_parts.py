"""The office application of one node (``/records``): each topic's addresses, joined."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from core.agent import Agent
from records.routes.contacts import contact_routes
from records.routes.pages import RecordsPages
from records.routes.room import records_room
from server.web import Setup


class OfficeHouse:
    """See ``records.routes.room.Office``."""

    def __init__(self, *, centre: str, who: Callable[[web.Request], Agent | None]) -> None:
        self.centre = centre
        self._who = who

    def who(self, request: web.Request) -> Agent | None:
        """See ``Office``."""
        return self._who(request)


def office(house: OfficeHouse) -> Setup:
    """All addresses of the office application. A topic adds its table here."""
    return records_room(house, RecordsPages(), (*contact_routes(),))
