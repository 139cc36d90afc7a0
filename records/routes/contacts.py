"""Contacts: found, read, confirmed, corrected."""

from __future__ import annotations

import msgspec
from aiohttp import web

from core.agent import Agent
from records.routes.route import AGENTS, RecordsRoute


class ContactsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the list."""

    contacts: tuple[str, ...] = ()
    """Newest first."""


class ContactAnswers:
    """The addresses of contacts."""

    async def found(self, _request: web.Request, _agent: Agent) -> ContactsPage:
        """What is looked for."""
        return ContactsPage()


def contact_routes() -> tuple[RecordsRoute, ...]:
    """The table."""
    answers = ContactAnswers()
    return (RecordsRoute("GET", "contacts", AGENTS, answers.found),)
