"""To whom a caller may be passed on: colleagues, departments, people, the telephone of a card, a typed number. Pure.

Whatever is not a colleague goes by the dial plan (``server.outbound``); a number that is a colleague's extension is the
colleague. What would come back to where it came from is refused: her own telephone, the hotline, the caller.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Protocol

import msgspec

from agent_assist.desk_transfers import Target, TargetKind
from agent_assist.hangul import initials, squeezed
from core.config import SipConfig
from core.errors import Refused
from core.events import AgentState
from core.store.entry import Entry
from core.store.knowledge import Department, Person
from server.outbound import number_in, outbound_uri, plain
from server.roster import Agent, Roster
from telephony.contract import Call

SHORTEST: Final = 3
"""Digits that count as a number."""
_STATES: Final[dict[AgentState, int]] = {"ready": 0, "wrap_up": 1, "offered": 2, "talking": 3, "away": 4}


class Third(msgspec.Struct, frozen=True, kw_only=True):
    """Who is called for a caller."""

    number: str
    """As it is shown and dialled."""
    name: str = ""
    agent_id: str = ""
    """A colleague's; '' = the number goes by the dial plan."""


class Directory(msgspec.Struct, frozen=True):
    """Departments and people with a telephone."""

    departments: tuple[Department, ...] = ()
    people: tuple[Person, ...] = ()

    @staticmethod
    def of(departments: Sequence[Department], people: Iterable[Person], entries: Iterable[Entry] = ()) -> Directory:
        """Those who can be called. A department without a telephone of its own, as after a plain import, has that which
        most of its entries give."""
        phones = _phones_of(entries)
        known = [
            msgspec.structs.replace(each, phone=each.phone or phones.get(each.name, ""))
            for each in departments
            if not each.closed
        ]
        names = {each.name for each in departments}
        named = [Department(id=name, name=name, phone=phone) for name, phone in phones.items() if name not in names]
        there = sorted((each for each in (*known, *named) if each.phone), key=lambda each: each.name)
        return Directory(
            tuple(there),
            tuple(sorted((each for each in people if each.phone and not each.left), key=lambda each: each.name)),
        )

    def phone_of(self, department: str) -> str:
        """Its telephone by its name, '' = not known."""
        return next((each.phone for each in self.departments if each.name == department), "")


def _phones_of(entries: Iterable[Entry]) -> dict[str, str]:
    given: dict[str, Counter[str]] = {}
    for entry in entries:
        if entry.department and entry.phone:
            given.setdefault(entry.department, Counter())[entry.phone] += 1
    return {name: phones.most_common(1)[0][0] for name, phones in given.items()}


def hindrance(sip: SipConfig, number: str) -> str:
    """Why a number cannot be called: the code of the refusal; '' = it may."""
    try:
        outbound_uri(sip, number)
    except Refused as refusal:
        return refusal.code
    return ""


class Targets:
    """To whom the agents of this house may pass callers on. One per node."""

    def __init__(
        self,
        roster: Roster,
        sip: SipConfig,
        *,
        directory: Callable[[], Directory] = Directory,
        entry: Callable[[str], Entry | None] = lambda _entry_id: None,
        ways: Ways | None = None,
    ) -> None:
        """``directory``: the city's as it is now; ``entry``: one of the consultation database; ``ways``: counts what is
        called, None = only the dial plan holds."""
        self._roster = roster
        self._sip = sip
        self._directory = directory
        self._entry = entry
        self._ways = ways

    def third(self, kind: TargetKind, wanted: str) -> Third:
        """Who is meant. ``Refused``: 'no_target', 'unknown_agent'."""
        entry = self._entry(wanted) if kind == "entry" else None
        return third_of(kind, wanted, roster=self._roster, directory=self._directory(), entry=entry)

    def referred(self, uri: str) -> Third | Refused:
        """Whom a phone's transfer key means: of its address the number alone counts, whatever host it names."""
        number = plain(number_in(uri))
        if not number.isdigit():
            return Refused("the transfer key asks for what is no number", code="not_callable")
        return self.third("number", number)

    def uri(self, number: str) -> str:
        """The SIP address by which the number is called. ``Refused``: see ``server.outbound``."""
        return self._ways.uri(number) if self._ways is not None else outbound_uri(self._sip, number)

    def find(self, query: str, by: str, limit: int) -> Sequence[Target]:
        """See the module's ``find``."""
        return find(query, by, roster=self._roster, directory=self._directory(), sip=self._sip, limit=limit)


class Ways(Protocol):
    """How numbers are called: ``server.outbound.Outbound``."""

    def uri(self, number: str) -> str:
        """The SIP address; counted. ``Refused`` outside the dial plan, or when too many were called."""


def third_of(
    kind: TargetKind, wanted: str, *, roster: Roster, directory: Directory, entry: Entry | None = None
) -> Third:
    """Who is meant. ``Refused``: 'no_target' for nobody, 'unknown_agent'."""
    match kind:
        case "agent":
            return _colleague(roster.agent(wanted))
        case "department":
            found = next((each for each in directory.departments if each.id == wanted), None)
            return _at(roster, found.phone, found.name) if found else _nobody()
        case "person":
            person = next((each for each in directory.people if each.id == wanted), None)
            return _at(roster, person.phone, person.name) if person else _nobody()
        case "entry":
            return _at(roster, entry.phone, entry.department or entry.title) if entry and entry.phone else _nobody()
        case "number":
            return _at(roster, wanted, _owner(directory, wanted))


def refuse_loops(third: Third, *, by: Agent | None, sip: SipConfig, call: Call) -> None:
    """``Refused`` ('transfer_loop') when the call would come back to where it is."""
    number = plain(third.number)
    here = by.extension if by is not None else ""
    ours = {here, call.called, *sip.hotline, sip.caller_id.partition(":")[2].partition("@")[0]} - {""}
    if (by is not None and third.agent_id == by.id) or number in ours or number == plain(call.caller.number):
        raise Refused("the call would come back to where it is", code="transfer_loop")


def find(query: str, by: str, *, roster: Roster, directory: Directory, sip: SipConfig, limit: int) -> Sequence[Target]:
    """Who fits what was typed, also by first consonants and by number: free colleagues first."""
    wanted = squeezed(query)
    number = plain(query)
    found = [
        *(target for target in _colleagues(roster, by) if _fits(target, wanted)),
        *(target for target in _city(directory) if _fits(target, wanted)),
    ]
    if number.isdigit() and len(number) >= SHORTEST and all(plain(each.number) != number for each in found):
        found.insert(0, Target(kind="number", id=number, name="", number=number))
    # The dial plan is asked for those alone that are shown: somebody is typing.
    return [
        each if each.kind == "agent" else msgspec.structs.replace(each, why=hindrance(sip, each.number))
        for each in found[:limit]
    ]


def _colleagues(roster: Roster, by: str) -> list[Target]:
    others = [
        Target(
            kind="agent",
            id=agent.id,
            name=agent.name,
            number=agent.extension,
            state=agent.state,
            why="" if agent.state == "ready" and agent.uri else "colleague_busy",
        )
        for agent in roster
        if agent.id != by
    ]
    return sorted(others, key=lambda each: (each.why != "", _STATES[each.state or "away"], each.name))


def _city(directory: Directory) -> Iterator[Target]:
    names = {each.id: each.name for each in directory.departments}
    for each in directory.departments:
        yield Target(kind="department", id=each.id, name=each.name, number=each.phone)
    for person in directory.people:
        detail = " · ".join(part for part in (names.get(person.department_id, ""), person.duty) if part)
        yield Target(kind="person", id=person.id, name=person.name, detail=detail, number=person.phone)


def _fits(target: Target, wanted: str) -> bool:
    if not wanted:
        return target.kind in ("agent", "department")
    letters = squeezed(target.name + target.detail)
    if wanted in letters or wanted in initials(letters):
        return True
    return wanted.isdigit() and wanted in plain(target.number)


def _colleague(agent: Agent) -> Third:
    return Third(number=agent.extension, name=agent.name, agent_id=agent.id)


def _at(roster: Roster, number: str, name: str) -> Third:
    """Whoever is at that number."""
    colleague = roster.at(plain(number))
    return _colleague(colleague) if colleague else Third(number=plain(number), name=name)


def _owner(directory: Directory, number: str) -> str:
    digits = plain(number)
    everybody: Iterator[Department | Person] = iter((*directory.departments, *directory.people))
    return next((each.name for each in everybody if plain(each.phone) == digits), "")


def _nobody() -> Third:
    raise Refused("nobody with a telephone is there any more", code="no_target")
