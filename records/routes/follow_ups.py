"""What is still to be done for people: by owner and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Final, cast, get_args

import msgspec
from aiohttp import web
from msgspec import Meta

from core.agent import Agent
from core.errors import BadInput
from core.store.contacts import FollowUp, FollowUpState
from core.web.door import number, one_of, sent, text
from records.record.rights import may_read
from records.routes.about import ContactAbout, about
from records.routes.house import ContactsHouse
from records.routes.route import AGENTS, RecordsRoute

PAGE: Final = 100


class FollowUpsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the list."""

    follow_ups: Sequence[FollowUp]
    """The most urgent first."""
    more: bool
    """There are later ones."""
    about: Mapping[str, ContactAbout]
    """By contact id, for those that she may read, and those whose follow-up is hers or nobody's."""


class FollowUpClosed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came of it."""

    note: Annotated[str, Meta(max_length=1000)] = ""
    """What was done."""
    cancelled: bool = False
    """It is not to be done any more."""


class FollowUpAnswers:
    """The addresses of follow-ups."""

    def __init__(self, house: ContactsHouse) -> None:
        self._house = house

    async def all(self, request: web.Request, agent: Agent) -> FollowUpsPage:
        """Hers; for supervisors those of one owner, or of all whom she oversees and nobody's."""
        state = cast(FollowUpState, one_of(request, "state", get_args(FollowUpState)) or "open")
        owner = text(request, "owner") if agent.may("supervisor") else agent.id
        most = number(request, "limit", PAGE, least=1, most=200)
        await self._house.note(agent, "saw", "record", detail="follow-ups", address=request.remote or "")
        team = {*agent.people, agent.id, ""} if agent.may("supervisor") and agent.people is not None else None
        found = await self._house.store.follow_ups(
            owner=owner, owners=team, state=state, after=_after(request), limit=most + 1
        )
        return FollowUpsPage(
            follow_ups=found[:most], more=len(found) > most, about=await self._about(found[:most], agent)
        )

    async def _about(self, found: Sequence[FollowUp], agent: Agent) -> dict[str, ContactAbout]:
        """Whoever has something to do for a person must know for whom, though the contact was a colleague's."""
        hers = {one.contact_id for one in found if one.owner in ("", agent.id)}
        records = (await self._house.store.records([one.contact_id for one in found])).values()
        readable = {record.contact_id for record in records if may_read(agent, record)}
        return {
            record.contact_id: about(record, readable=record.contact_id in readable)
            for record in records
            if record.contact_id in readable | hers
        }

    async def close(self, request: web.Request, agent: Agent) -> FollowUp:
        """It is done, with a note."""
        what = await sent(request, FollowUpClosed)
        return await self._house.follow_up_done(
            request.match_info["id"], agent, note=what.note, cancelled=what.cancelled, address=request.remote or ""
        )

    async def open(self, request: web.Request, agent: Agent) -> FollowUp:
        """It is still to be done after all."""
        return await self._house.follow_up_reopened(request.match_info["id"], agent, address=request.remote or "")


def _after(request: web.Request) -> tuple[date, str] | None:
    """'2026-11-30,follow-1': the last one's day and id."""
    due, comma, name = text(request, "after").partition(",")
    if not comma:
        return None
    try:
        return date.fromisoformat(due), name
    except ValueError as wrong:
        raise BadInput("after: 2026-11-30,ID / after is a day and an id") from wrong


def follow_up_routes(house: ContactsHouse) -> tuple[RecordsRoute, ...]:
    """The table."""
    answers = FollowUpAnswers(house)
    return (
        RecordsRoute("GET", "follow-ups", AGENTS, answers.all),
        RecordsRoute("POST", "follow-ups/{id}/done", AGENTS, answers.close),
        RecordsRoute("POST", "follow-ups/{id}/open", AGENTS, answers.open),
    )
