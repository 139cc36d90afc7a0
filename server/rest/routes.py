"""Every address of the REST API, from the rooms that answer it."""

from __future__ import annotations

from records.routes.house import ContactsHouse
from records.routes.recordings import RecordingsHouse
from records.routes.statistics import StatisticsHouse
from server.rest.contacts import contact_routes
from server.rest.door import RestRoute
from server.rest.recordings import recording_routes
from server.rest.statistics import statistics_routes
from server.rest.texts import TextsApi, text_routes
from server.rest.vcons import vcon_routes
from server.rest.webhooks import webhook_routes
from server.vcons import Vcons
from server.webhooks.office import WebhookOffice


def rest_routes(
    *,
    contacts: ContactsHouse,
    texts: TextsApi,
    statistics: StatisticsHouse,
    recordings: RecordingsHouse,
    webhooks: WebhookOffice,
    vcons: Vcons,
) -> tuple[RestRoute, ...]:
    """The table."""
    return (
        *contact_routes(contacts),
        *vcon_routes(vcons),
        *text_routes(texts),
        *statistics_routes(statistics),
        *recording_routes(recordings),
        *webhook_routes(webhooks),
    )
