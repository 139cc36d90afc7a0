"""Contacts: found, read, confirmed, corrected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, cast, get_args

import msgspec
from aiohttp import web
from msgspec import Meta

from core.agent import Agent
from core.dispositions import Disposition
from core.errors import BadInput
from core.events import AnyEvent, Channel, standing
from core.phone_numbers import normalised
from core.receipt import receipt_shaped, receipt_typed
from core.record_forms import KeepRecord, UndoRecord
from core.store.contact_terms import SHORTEST, folded, words_of
from core.store.contacts import (
    ContactQuery,
    ContactRecord,
    Correction,
    FollowUp,
    RecordState,
    RecordVersion,
)
from core.web.door import day, number, one_of, sent, text
from records.routes.house import ContactsHouse
from records.routes.route import AGENTS, SUPERVISOR, RecordsRoute

PAGE: Final = 50
SHORT_NEED: Final = 200
"""Characters of what was wanted that a line of the list shows."""
_LAST4: Final = re.compile(r"[0-9]{4}")
_WHOLE_NUMBER: Final = 9
"""Digits from which on a word is a telephone number."""


class ContactLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list."""

    contact_id: str
    """The contact's id."""
    place: int
    """To page on: ``before``."""
    channel: Channel
    """How it came."""
    at: datetime
    agent_name: str
    last4: str
    """Last four digits of the number, '' = withheld."""
    talk_s: float
    """Seconds with a person of ours."""
    category: str
    """Path."""
    department: str
    result: str
    """Its code."""
    need: str
    """What was wanted, the beginning."""
    answer: str
    """What was answered, the beginning."""
    state: RecordState
    open_follow_ups: int
    """How many are still to be done."""


class ContactsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the list."""

    contacts: Sequence[ContactLine]
    """Newest first."""
    more: bool
    """There are older ones."""
    words: Sequence[str]
    """What was looked for as words: to be marked."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What records may say, for filters and forms."""

    results: Sequence[Disposition]
    """In the order of the site."""
    categories: Sequence[str]
    """Paths."""
    departments: Sequence[str]
    """Names."""
    districts: Sequence[str]
    """Names."""
    people: Mapping[str, str]
    """Sign-in name -> name."""
    waiting: int
    """How many of her own records wait to be confirmed."""
    today: str
    """ISO, the centre's."""


class ContactFile(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is known of one contact."""

    record: ContactRecord
    """As it stands."""
    number: str
    """The person's, '' = withheld."""
    events: Sequence[AnyEvent]
    """Its line, each utterance once."""
    corrections: Sequence[Correction]
    """What somebody heard otherwise than the recogniser."""
    follow_ups: Sequence[FollowUp]
    """What was to be done, done or not."""
    versions: Sequence[RecordVersion]
    """Newest first."""
    earlier: Sequence[ContactLine]
    """Other contacts of the same person, newest first."""
    may_write: bool
    """Whether she may change it."""


class CorrectionSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was really said."""

    utterance: Annotated[str, Meta(max_length=100)]
    """Which."""
    text: Annotated[str, Meta(max_length=2000)]
    """'' = the recogniser was right."""


class ReviewSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A correction that was looked at."""

    utterance: Annotated[str, Meta(max_length=100)]
    """Which."""


class ContactAnswers:
    """The addresses of contacts."""

    def __init__(self, house: ContactsHouse) -> None:
        self._house = house

    async def terms(self, _request: web.Request, agent: Agent) -> Terms:
        """What the pages' lists offer."""
        house = self._house
        categories, departments, districts = house.shelves()
        return Terms(
            results=house.results,
            categories=categories,
            departments=departments,
            districts=districts,
            people=house.names(),
            waiting=await house.store.unasked(agent.id),
            today=house.clock().astimezone().date().isoformat(),
        )

    async def found(self, request: web.Request, agent: Agent) -> ContactsPage:
        """What is looked for."""
        query = self.query(request)
        found = await self._house.find(query, agent, address=request.remote or "")
        most = query.limit - 1
        return ContactsPage(
            contacts=[line_of(record) for record in found[:most]], more=len(found) > most, words=query.words
        )

    async def file(self, request: web.Request, agent: Agent) -> ContactFile:
        """One contact."""
        house, contact_id = self._house, request.match_info["contact_id"]
        record = await house.read(contact_id, agent, address=request.remote or "")
        events = standing(await house.history(contact_id))
        store = house.store
        agents = None if agent.people is None else (*agent.people, "")
        same = ContactQuery(person=record.person, agents=agents, limit=20)
        earlier = await store.find(same) if record.person else []
        return ContactFile(
            record=record,
            number=house.number_of(events),
            events=cast("list[AnyEvent]", events),
            corrections=await store.corrections(contact_id=contact_id),
            follow_ups=await store.follow_ups(contact_id=contact_id, state=None),
            versions=await store.versions(contact_id),
            earlier=[line_of(one) for one in earlier if one.contact_id != contact_id],
            may_write=house.may_write(record, agent),
        )

    async def keep(self, request: web.Request, agent: Agent) -> ContactRecord:
        """Confirm it, or change it afterwards."""
        what = await sent(request, KeepRecord)
        return await self._house.keep(request.match_info["contact_id"], agent, what, address=request.remote or "")

    async def undo(self, request: web.Request, agent: Agent) -> ContactRecord:
        """Take a confirmation back."""
        what = await sent(request, UndoRecord)
        return await self._house.undo(request.match_info["contact_id"], agent, what, address=request.remote or "")

    async def correct(self, request: web.Request, agent: Agent) -> list[Correction]:
        """Correct an utterance."""
        what = await sent(request, CorrectionSent)
        return await self._house.correct(
            request.match_info["contact_id"], agent, what.utterance, what.text, address=request.remote or ""
        )

    async def reviewed(self, request: web.Request, agent: Agent) -> list[Correction]:
        """A supervisor has looked at a correction."""
        what = await sent(request, ReviewSent)
        return await self._house.reviewed(
            request.match_info["contact_id"], agent, what.utterance, address=request.remote or ""
        )

    def query(self, request: web.Request) -> ContactQuery:
        """One box takes words, the last four digits of a telephone number or a whole one, or the number that the
        citizen quotes; the rest are filters."""
        words: list[str] = []
        last4, person, receipt = "", "", ""
        typed = text(request)
        whole = normalised(typed)
        if receipt_shaped(typed):
            if not (receipt := receipt_typed(typed)):
                raise BadInput(
                    "접수번호의 숫자가 맞지 않습니다. 다시 확인하세요. "
                    "/ a digit of this contact number is wrong: ask again",
                    code="wrong_receipt",
                )
            typed = ""
        elif len(whole) >= _WHOLE_NUMBER:
            person, typed = self._house.person_key(whole), ""
        for word in typed.split():
            if _LAST4.fullmatch(word) and not last4:
                last4 = word
            elif len(folded(word)) < SHORTEST:
                raise BadInput(
                    f"두 글자 이상으로 찾으세요: {word} / type two letters or more: {word}", code="too_short"
                )
            else:
                words += words_of(word)
        since, until = day(request, "since"), day(request, "until")
        state = one_of(request, "state", get_args(RecordState))
        channel = one_of(request, "channel", get_args(Channel))
        return ContactQuery(
            words=tuple(dict.fromkeys(words)),
            last4=last4,
            person=person or text(request, "person"),
            number=receipt,
            since=self._midnight(since) if since else None,
            until=self._midnight(until + timedelta(days=1)) if until else None,
            channel=cast("Channel | None", channel or None),
            agent_id=text(request, "agent"),
            department=text(request, "department"),
            category=text(request, "category"),
            district=text(request, "district"),
            result=text(request, "result"),
            state=cast("RecordState | None", state or None),
            open_follow_up=one_of(request, "follow_up", ("open",)) == "open",
            before=number(request, "before", 0, most=10**15),
            limit=number(request, "limit", PAGE, least=1, most=200) + 1,
        )

    def _midnight(self, of: date) -> datetime:
        return datetime.combine(of, time(0), self._house.clock().astimezone().tzinfo)


def line_of(record: ContactRecord) -> ContactLine:
    """A record as a line of a list."""
    written = record.written
    return ContactLine(
        contact_id=record.contact_id,
        place=record.place,
        channel=record.channel,
        at=record.at,
        agent_name=record.agent_name,
        last4=record.last4,
        talk_s=record.talk_s,
        category=written.category,
        department=written.department,
        result=written.result,
        need=written.need[:SHORT_NEED],
        answer=written.answer[:SHORT_NEED],
        state=record.state,
        open_follow_ups=record.open_follow_ups,
    )


def contact_routes(house: ContactsHouse) -> tuple[RecordsRoute, ...]:
    """The table."""
    answers = ContactAnswers(house)
    return (
        RecordsRoute("GET", "terms", (*AGENTS, "editor"), answers.terms),
        RecordsRoute("GET", "contacts", AGENTS, answers.found),
        RecordsRoute("GET", "contacts/{contact_id}", AGENTS, answers.file),
        RecordsRoute("POST", "contacts/{contact_id}", AGENTS, answers.keep),
        RecordsRoute("POST", "contacts/{contact_id}/undo", AGENTS, answers.undo),
        RecordsRoute("POST", "contacts/{contact_id}/corrections", AGENTS, answers.correct),
        RecordsRoute("POST", "contacts/{contact_id}/corrections/reviewed", SUPERVISOR, answers.reviewed),
    )
