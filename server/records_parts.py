"""Counselling records and the office application (``/records``) of one node: what they are made of, joined."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from aiohttp import web

from agent_assist.gaps.words import words_of
from agent_assist.korean import analyser
from core.agent import Agent
from core.bus.contract import Bus
from core.config import Config
from core.dispositions import dispositions
from core.events import Event
from core.home import Home
from core.person_key import PersonKeys, open_person_keys
from core.store.contract import Store
from records.routes.contacts import contact_routes
from records.routes.follow_ups import follow_up_routes
from records.routes.house import ContactsHouse
from records.routes.learning import learning_routes
from records.routes.pages import RecordsPages
from records.routes.room import records_room
from records.routes.route import RecordsRoute
from server.dispatcher import Dispatcher
from server.keeping.desk_of_records import DeskOfRecords
from server.keeping.records import KeepingRecords
from server.keeping.teaching import Teaching
from server.knowing import Knowing
from server.web import Setup


class RecordsParts(msgspec.Struct, frozen=True, kw_only=True):
    """The parts. ``keeping.open()`` once lines can be read, then its ``run`` as a side task."""

    keeping: KeepingRecords
    desk: DeskOfRecords


def person_keys_of(config: Config, home: Home) -> PersonKeys:
    """The site's, made at first use. ``EnvironmentFault`` when the file can't be used."""
    return open_person_keys(person_key_file(config, home))


def person_key_file(config: Config, home: Home) -> Path:
    """Where it lies."""
    named = config.records.person_key_file
    return Path(named).expanduser() if named else home.keys / "person.key"


def records_parts(
    config: Config,
    *,
    store: Store,
    bus: Bus,
    knowing: Knowing,
    dispatcher: Dispatcher,
    person_keys: PersonKeys,
    say: Callable[[str, Event], Awaitable[bool]],
    history: Callable[[str], Awaitable[Sequence[Event]]],
    names: Callable[[], Mapping[str, str]],
) -> RecordsParts:
    """``say``: one more event on any contact's line; ``history``: all that lasts of it; ``names``: who signs in."""

    def words(text: str) -> Sequence[str]:
        return words_of(text, analyser())

    def busy_with(agent_id: str) -> str:
        return dispatcher.roster.seen(agent_id).busy_call if dispatcher.knows(agent_id) else ""

    keeping = KeepingRecords(
        store.contacts,
        bus,
        history=history,
        say=say,
        draft=knowing.draft,
        words=words,
        district=knowing.district,
        person_keys=person_keys,
        results=dispositions(config.records.results),
        teaching=Teaching(store.contacts, words, learns=config.records.learn),
    )

    def shelves() -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        return knowing.shelves.categories, knowing.shelves.departments, config.assist.districts

    desk = DeskOfRecords(
        keeping,
        config.records,
        store.audit,
        names=names,
        busy_with=busy_with,
        shelves=shelves,
        titles=lambda: knowing.titles,
        history=history,
    )
    return RecordsParts(keeping=keeping, desk=desk)


class OfficeHouse:
    """See ``records.routes.room.Office``."""

    def __init__(self, *, centre: str, who: Callable[[web.Request], Agent | None]) -> None:
        self.centre = centre
        self._who = who

    def who(self, request: web.Request) -> Agent | None:
        """See ``Office``."""
        return self._who(request)


def office(house: OfficeHouse, contacts: ContactsHouse, *tables: tuple[RecordsRoute, ...]) -> Setup:
    """All addresses of the office application: those of contacts, and a table for each further topic."""
    all_tables = (contact_routes(contacts), follow_up_routes(contacts), learning_routes(contacts), *tables)
    return records_room(house, RecordsPages(), tuple(route for table in all_tables for route in table))
