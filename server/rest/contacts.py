"""Contacts and their counselling records over the REST API."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final

import msgspec
from aiohttp import web
from msgspec import Meta

from core.errors import BadInput
from core.events import Channel
from core.record_forms import KeepRecord, Long, NewFollowUp, Short
from core.store.contacts import ContactRecord, RecordState
from core.web.door import in_json, sent
from records.routes.contacts import ContactAnswers
from records.routes.house import ContactsHouse
from server.rest.door import Caller, RestRoute
from server.rest.problems import problem

_ETAG: Final = re.compile(r'"v([0-9]{1,9})"')


class ContactFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A contact: who, when, how long, what about. No words, no number."""

    contact_id: str
    """Its id, a call's or a written contact's."""
    channel: Channel
    """How it came."""
    began: datetime
    """When."""
    ended: datetime | None
    """When it was over, null = it goes on."""
    agent_id: str
    """Who talked or wrote last, '' = nobody of ours."""
    person: str
    """The same for all contacts of one person: a keyed hash, '' = the number was withheld."""
    language: str
    """What was spoken, BCP 47."""
    wait_s: float
    """Until a person answered, or until the end."""
    talk_s: float
    """With a person of ours."""
    duration_s: float
    """From beginning to end."""
    category: str
    """Path in the category tree."""
    department: str
    """Which department it concerns."""
    district: str
    """Part of the city that it concerns."""
    result: str
    """The disposition's code."""
    texts: Sequence[str]
    """Ids of text messages to the person."""
    state: RecordState
    """How far its record is."""
    version: int
    """How often its record was kept."""


class FoundContacts(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the list."""

    contacts: Sequence[ContactFacts]
    """Newest first."""
    next: str
    """Give it as ``before`` for older ones; '' = that was all."""


class RecordChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record as it shall be; the version that it is based on stands in If-Match."""

    category: Short = ""
    """Path in the category tree."""
    department: Short = ""
    """Name."""
    district: Short = ""
    """Name."""
    result: Short = ""
    """The disposition's code."""
    need: Long = ""
    """What was wanted."""
    answer: Long = ""
    """What was answered."""
    follow_ups: Annotated[tuple[NewFollowUp, ...], Meta(max_length=10)] = ()
    """New ones."""
    reason: Long = ""
    """Why it is changed, needed once it was confirmed."""


class ContactsApi:
    """The addresses of contacts and records."""

    def __init__(self, house: ContactsHouse) -> None:
        self._house = house
        self._finding = ContactAnswers(house)

    async def found(self, request: web.Request, caller: Caller) -> FoundContacts:
        """Search: the same words and filters as the office's page."""
        query = self._finding.query(request)
        found = await self._house.find(query, caller.agent, address=caller.address)
        shown = found[: query.limit - 1]
        more = str(shown[-1].place) if len(found) > len(shown) else ""
        return FoundContacts(contacts=[facts_of(record) for record in shown], next=more)

    async def one(self, request: web.Request, caller: Caller) -> ContactFacts:
        """One contact."""
        return facts_of(await self._read(request, caller))

    async def record(self, request: web.Request, caller: Caller) -> web.Response:
        """One record, with its version as an entity tag."""
        return _tagged(await self._read(request, caller))

    async def change(self, request: web.Request, caller: Caller) -> web.Response:
        """Confirm a record, or change it afterwards: only from the version that was read (RFC 9110, 13.1.1)."""
        tag = request.headers.get("If-Match", "")
        if not tag:
            return problem(428, "if_match", 'If-Match가 필요합니다 / give the record\'s ETag as If-Match: "v1"')
        matched = _ETAG.fullmatch(tag.strip())
        if matched is None:
            raise BadInput('If-Match: "v1" 같은 ETag여야 합니다 / If-Match is an ETag like "v1"', code="if_match")
        what = await sent(request, RecordChange)
        keep = KeepRecord(based_on=int(matched[1]), **{name: getattr(what, name) for name in what.__struct_fields__})
        kept = await self._house.keep(_id(request), caller.agent, keep, address=caller.address)
        return _tagged(kept)

    async def _read(self, request: web.Request, caller: Caller) -> ContactRecord:
        return await self._house.read(_id(request), caller.agent, address=caller.address)


def contact_routes(house: ContactsHouse) -> tuple[RestRoute, ...]:
    """The table."""
    api = ContactsApi(house)
    return (
        RestRoute("GET", "contacts", "contacts:read", api.found),
        RestRoute("GET", "contacts/{contact_id}", "contacts:read", api.one),
        RestRoute("GET", "records/{contact_id}", "records:read", api.record),
        RestRoute("PUT", "records/{contact_id}", "records:write", api.change),
    )


def facts_of(record: ContactRecord) -> ContactFacts:
    """A record without its words."""
    written = record.written
    return ContactFacts(
        contact_id=record.contact_id,
        channel=record.channel,
        began=record.at,
        ended=record.ended,
        agent_id=record.agent_id,
        person=record.person,
        language=record.language,
        wait_s=record.wait_s,
        talk_s=record.talk_s,
        duration_s=record.duration_s,
        category=written.category,
        department=written.department,
        district=written.district,
        result=written.result,
        texts=[text.message_id for text in record.texts],
        state=record.state,
        version=record.version,
    )


def _tagged(record: ContactRecord) -> web.Response:
    answer = in_json(200, record)
    answer.headers["ETag"] = f'"v{record.version}"'
    return answer


def _id(request: web.Request) -> str:
    return request.match_info["contact_id"]
