"""Out to other programs: webhooks, the REST API, contacts as vCons: what they are made of, joined."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec
from aiohttp import web

from channels.sending import Sending
from core.agent import Agent
from core.bus.contract import Bus
from core.config import Config
from core.events import Event
from core.home import Home
from core.keyring import Keyring
from core.person_key import PersonKeys
from core.store.contract import Store
from core.web.door import sent
from records.routes.house import ContactsHouse
from records.routes.recordings import RecordingsHouse
from records.routes.route import RecordsRoute
from records.routes.statistics import StatisticsHouse
from records.routes.vcons import vcon_routes as office_vcon_routes
from server.recording.shelf import RecordingShelf
from server.rest.door import Door, KnowsPrograms
from server.rest.room import rest_room
from server.rest.routes import rest_routes
from server.rest.texts import TextsApi
from server.vcons import Vcons, VconWish, signing_key_file
from server.web import Setup
from server.webhooks.office import WebhookOffice
from server.webhooks.office_routes import webhook_routes as office_webhook_routes
from server.webhooks.service import Webhooks


class Outward(msgspec.Struct, frozen=True, kw_only=True):
    """The parts, open. ``webhooks.run`` is a side task."""

    webhooks: Webhooks
    office: WebhookOffice
    vcons: Vcons

    def tables(self) -> tuple[tuple[RecordsRoute, ...], ...]:
        """For the office application."""

        async def export(request: web.Request, agent: Agent) -> tuple[str, bytes]:
            wish = await sent(request, VconWish)
            contact_id = request.match_info["contact_id"]
            file = await self.vcons.export(contact_id, agent, wish, address=request.remote or "")
            return file.name, file.body

        return (office_webhook_routes(self.office), office_vcon_routes(export))


@asynccontextmanager
async def open_outward(
    config: Config,
    home: Home,
    store: Store,
    keyring: Keyring,
    bus: Bus,
    shelf: RecordingShelf,
    *,
    flushed: Callable[[], Awaitable[None]],
    history: Callable[[str], Awaitable[Sequence[Event]]],
    public_url: Callable[[], str],
) -> AsyncIterator[Outward]:
    """``flushed``: what was said is in the store when it returns; ``history``: all that lasts of a contact."""
    webhooks = Webhooks(store, keyring, bus, config.outward, flushed=flushed)
    vcons = Vcons(
        store,
        shelf,
        store.audit,
        key_file=signing_key_file(config, home),
        centre=config.web.centre,
        own_recordings=config.recording.own,
        public_url=public_url,
        history=history,
    )
    try:
        await webhooks.open()
        yield Outward(webhooks=webhooks, office=WebhookOffice(webhooks, store.audit), vcons=vcons)
    finally:
        await webhooks.close()


def rest(
    config: Config,
    store: Store,
    known: KnowsPrograms,
    outward: Outward,
    *,
    contacts: ContactsHouse,
    sending: Sending,
    people: PersonKeys,
    statistics: StatisticsHouse,
    recordings: RecordingsHouse,
) -> Setup:
    """``/api/v1/`` of a node."""
    routes = rest_routes(
        contacts=contacts,
        texts=TextsApi(sending, store, store.audit, people),
        statistics=statistics,
        recordings=recordings,
        webhooks=outward.office,
        vcons=outward.vcons,
    )
    return rest_room(Door(known, per_minute=config.outward.rest_per_minute), routes, _document)


def _document() -> bytes:
    """Made when somebody asks: it reads the sources' sentences."""
    from server.api.documents import rest_document

    return rest_document().encode()
