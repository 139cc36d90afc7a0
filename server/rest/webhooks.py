"""Receivers of webhooks over the REST API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from core.agent import Agent
from server.rest.door import Answer, Caller, Method, RestRoute
from server.webhooks.office import WebhookOffice
from server.webhooks.office_routes import WebhookAnswers


def webhook_routes(office: WebhookOffice) -> tuple[RestRoute, ...]:
    """The table: what the office's page does, too."""
    answers = WebhookAnswers(office)

    def route(
        method: Method, path: str, answer: Callable[[web.Request, Agent], Awaitable[Any]], status: int = 200
    ) -> RestRoute:
        return RestRoute(method, f"webhooks{path}", "webhooks:manage", _as_agent(answer), status)

    one = "/{webhook_id}"
    return (
        route("GET", "", answers.all),
        route("POST", "", answers.make, 201),
        route("GET", one, answers.one),
        route("PUT", one, answers.change),
        route("DELETE", one, answers.drop),
        route("POST", f"{one}/rotate", answers.rotate),
        route("POST", f"{one}/rotated", answers.rotated),
        route("POST", f"{one}/test", answers.test, 202),
        route("GET", f"{one}/deliveries", answers.deliveries),
        route("POST", f"{one}/resend", answers.resend_dead, 202),
        route("POST", f"{one}/deliveries/{{delivery_id}}/resend", answers.resend, 202),
    )


def _as_agent(answer: Callable[[web.Request, Agent], Awaitable[Any]]) -> Answer:
    async def handle(request: web.Request, caller: Caller) -> Any:
        return await answer(request, caller.agent)

    return handle
