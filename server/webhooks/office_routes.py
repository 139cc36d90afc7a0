"""Receivers of webhooks on the office pages. Administrators alone.

=====  ===================================================  ==========================================================
GET    ``/records/api/webhooks``                            ``WebhookList``
POST   ``/records/api/webhooks``                            ``WebhookForm``: a new one; ``WebhookMade``
POST   ``/records/api/webhooks/ID``                         ``WebhookForm``: changed; ``WebhookSeen``
POST   ``/records/api/webhooks/ID/rotate``                  a new secret; ``WebhookMade``
POST   ``/records/api/webhooks/ID/rotated``                 the old one is over; 204
POST   ``/records/api/webhooks/ID/test``                    a trial; ``DeliverySeen``
POST   ``/records/api/webhooks/ID/drop``                    forgotten; 204
GET    ``/records/api/webhooks/ID/deliveries``              ``DeliveryPage``; ``?state=`` ``?before=``
POST   ``/records/api/webhooks/ID/resend``                  all dead letters; ``SentAgain``
POST   ``/records/api/webhooks/ID/deliveries/ID/resend``    one; ``DeliverySeen``
=====  ===================================================  ==========================================================
"""

from __future__ import annotations

from typing import get_args

from aiohttp import web

from core.agent import Agent
from core.store.webhooks import DeliveryState
from core.web.door import number, one_of, sent
from records.routes.route import ADMIN, RecordsRoute
from server.webhooks.office import (
    DeliveryPage,
    DeliverySeen,
    SentAgain,
    WebhookForm,
    WebhookList,
    WebhookMade,
    WebhookOffice,
    WebhookSeen,
)


class WebhookAnswers:
    """The addresses of receivers; the REST API answers by them, too."""

    def __init__(self, office: WebhookOffice) -> None:
        self._office = office

    async def all(self, _request: web.Request, _agent: Agent) -> WebhookList:
        """Every receiver."""
        return await self._office.all()

    async def one(self, request: web.Request, _agent: Agent) -> WebhookSeen:
        """One receiver."""
        return await self._office.one(_id(request))

    async def make(self, request: web.Request, agent: Agent) -> WebhookMade:
        """A new receiver."""
        return await self._office.make(await sent(request, WebhookForm), agent.id, request.remote or "")

    async def change(self, request: web.Request, agent: Agent) -> WebhookSeen:
        """Change a receiver."""
        return await self._office.change(_id(request), await sent(request, WebhookForm), agent.id, request.remote or "")

    async def rotate(self, request: web.Request, agent: Agent) -> WebhookMade:
        """A new secret."""
        return await self._office.rotate(_id(request), agent.id, request.remote or "")

    async def rotated(self, request: web.Request, agent: Agent) -> None:
        """The old secret is over."""
        await self._office.rotated(_id(request), agent.id, request.remote or "")

    async def test(self, request: web.Request, agent: Agent) -> DeliverySeen:
        """A trial."""
        return await self._office.test(_id(request), agent.id, request.remote or "")

    async def drop(self, request: web.Request, agent: Agent) -> None:
        """Forget a receiver."""
        await self._office.drop(_id(request), agent.id, request.remote or "")

    async def deliveries(self, request: web.Request, _agent: Agent) -> DeliveryPage:
        """How deliveries went."""
        state = one_of(request, "state", get_args(DeliveryState))
        return await self._office.deliveries(
            _id(request), state=state, before=number(request, "before", 0, most=10**15)
        )

    async def resend(self, request: web.Request, agent: Agent) -> DeliverySeen:
        """One delivery once more."""
        delivery_id = request.match_info["delivery_id"]
        return await self._office.resend(_id(request), delivery_id, agent.id, request.remote or "")

    async def resend_dead(self, request: web.Request, agent: Agent) -> SentAgain:
        """All dead letters once more."""
        return await self._office.resend_dead(_id(request), agent.id, request.remote or "")


def webhook_routes(office: WebhookOffice) -> tuple[RecordsRoute, ...]:
    """The table."""
    answers = WebhookAnswers(office)
    one = "webhooks/{webhook_id}"
    return (
        RecordsRoute("GET", "webhooks", ADMIN, answers.all),
        RecordsRoute("POST", "webhooks", ADMIN, answers.make),
        RecordsRoute("POST", one, ADMIN, answers.change),
        RecordsRoute("POST", f"{one}/rotate", ADMIN, answers.rotate),
        RecordsRoute("POST", f"{one}/rotated", ADMIN, answers.rotated),
        RecordsRoute("POST", f"{one}/test", ADMIN, answers.test),
        RecordsRoute("POST", f"{one}/drop", ADMIN, answers.drop),
        RecordsRoute("GET", f"{one}/deliveries", ADMIN, answers.deliveries),
        RecordsRoute("POST", f"{one}/resend", ADMIN, answers.resend_dead),
        RecordsRoute("POST", f"{one}/deliveries/{{delivery_id}}/resend", ADMIN, answers.resend),
    )


def _id(request: web.Request) -> str:
    return request.match_info["webhook_id"]
