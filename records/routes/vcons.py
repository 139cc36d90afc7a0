"""A contact as a vCon, from its page: for supervisors, with a reason.

=====  =========================================  ==================================================================
POST   ``/records/api/contacts/ID/vcon``          what is wished -> the file (``application/vcon``); noted with the
                                                  reason before a byte is sent
=====  =========================================  ==================================================================
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from core.agent import Agent
from records.routes.route import SUPERVISOR, RecordsRoute
from records.vcon.shapes import MEDIATYPE

Export = Callable[[web.Request, Agent], Awaitable[tuple[str, bytes]]]
"""Reads what is wished off the request; the file's name and bytes."""


def vcon_routes(export: Export) -> tuple[RecordsRoute, ...]:
    """The table."""

    async def answer(request: web.Request, agent: Agent) -> web.Response:
        name, body = await export(request, agent)
        return as_file(name, body)

    return (RecordsRoute("POST", "contacts/{contact_id}/vcon", SUPERVISOR, answer),)


def as_file(name: str, body: bytes) -> web.Response:
    """A vCon as an answer."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=body, content_type=MEDIATYPE, headers=headers)
