"""Contacts as vCons over the REST API."""

from __future__ import annotations

from typing import cast, get_args

from aiohttp import web

from core.web.door import one_of, text
from records.routes.vcons import as_file
from server.rest.door import Caller, RestRoute
from server.vcons import Inclusion, Vcons, VconWish


def vcon_routes(vcons: Vcons) -> tuple[RestRoute, ...]:
    """The table."""

    async def one(request: web.Request, caller: Caller) -> web.Response:
        """With ``?reason=``; recordings need the scope recordings:read, numbers contacts:read."""
        recording = cast("Inclusion", one_of(request, "recording", get_args(Inclusion)) or "none")
        numbers = one_of(request, "numbers", ("yes", "no")) == "yes"
        signed = one_of(request, "signed", ("yes", "no")) != "no"
        if recording != "none":
            caller.require("recordings:read")
        if numbers:
            caller.require("contacts:read")
        wish = VconWish(reason=text(request, "reason"), recording=recording, numbers=numbers, signed=signed)
        file = await vcons.export(request.match_info["contact_id"], caller.agent, wish, address=caller.address)
        return as_file(file.name, file.body)

    return (RestRoute("GET", "contacts/{contact_id}/vcon", "records:read", one),)
