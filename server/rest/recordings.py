"""Recordings over the REST API: which there are, what was said in them, their sound by ranges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from aiohttp import web
from msgspec.structs import replace

from core.web.door import text
from records.routes.recordings import RecordingLine, RecordingsHouse, RecordingShown, before_of, stream
from server.rest.door import Caller, RestRoute


class FoundRecordings(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the list."""

    recordings: Sequence[RecordingLine]
    """Of a contact the oldest first, else the newest first."""
    next: datetime | None
    """Give it as ``before`` for older ones; null = that was all."""


class RecordingsApi:
    """The addresses of recordings."""

    def __init__(self, house: RecordingsHouse) -> None:
        self._house = house

    async def found(self, request: web.Request, caller: Caller) -> FoundRecordings:
        """The newest, or those of a contact; not what the contacts are about: that is ``contacts:read``."""
        if contact_id := text(request, "contact"):
            of = await self._house.of_call(contact_id, caller.agent)
            return FoundRecordings(recordings=of.recordings, next=None)
        newest = await self._house.newest(caller.agent, before_of(request), caller.address)
        return FoundRecordings(
            recordings=[replace(line, about=None) for line in newest.recordings],
            next=newest.recordings[-1].started if newest.more else None,
        )

    async def one(self, request: web.Request, caller: Caller) -> RecordingShown:
        """What was said in it, with times."""
        return await self._house.shown(request.match_info["recording_id"], caller.agent)

    async def audio(self, request: web.Request, caller: Caller) -> web.StreamResponse:
        """The sound, or a range of it; noted before a byte is sent."""
        recording_id = request.match_info["recording_id"]
        hearing = await self._house.hear(recording_id, caller.agent, caller.address)
        return await stream(request, await self._house.sound(recording_id, caller.agent, hearing), {})


def recording_routes(house: RecordingsHouse) -> tuple[RestRoute, ...]:
    """The table."""
    api = RecordingsApi(house)
    return (
        RestRoute("GET", "recordings", "recordings:read", api.found),
        RestRoute("GET", "recordings/{recording_id}", "recordings:read", api.one),
        RestRoute("GET", "recordings/{recording_id}/audio", "recordings:read", api.audio),
    )
