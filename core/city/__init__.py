"""A city, described once: departments, people, streets, districts, opening hours and public holidays.

The shipped one is 한빛시, which does not exist: its people and streets are made up and its telephone
numbers cannot be dialled.  A real city writes its own file of the same shape; everything that has to
know "which department", "who stands in" or "are we open" asks here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from core.errors import BadInput


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a counter or a line is open, public holidays apart."""

    opens: str
    """First minute, as ``09:00``."""
    closes: str
    """First minute after closing, as ``18:00``."""
    days: tuple[int, ...] = (1, 2, 3, 4, 5)
    """Days of the week by ISO number: Monday is 1."""
    text: str = ""
    """The same in words that can be read to a caller."""

    def __post_init__(self) -> None:
        """Refuses times and days that do not exist."""
        try:
            backwards = dt.time.fromisoformat(self.opens) >= dt.time.fromisoformat(self.closes)
        except ValueError as wrong:
            raise ValueError(f"hours are written as HH:MM, not '{self.opens}' and '{self.closes}'") from wrong
        if backwards:
            raise ValueError(f"hours must open before they close, not {self.opens} to {self.closes}")
        if not set(self.days) <= set(range(1, 8)):
            raise ValueError(f"days of the week are 1 (Monday) to 7 (Sunday), not {list(self.days)}")

    def include(self, moment: dt.datetime) -> bool:
        """Whether ``moment`` (local time) lies within these hours."""
        opens, closes = dt.time.fromisoformat(self.opens), dt.time.fromisoformat(self.closes)
        return moment.isoweekday() in self.days and opens <= moment.time() < closes


class District(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the city (동) with its own small town office."""

    id: str
    """Short name used by other entries of the file."""
    name: str
    """As people say it: ``중앙동``."""
    name_en: str
    """In Latin letters."""
    office: str
    """Its office: ``중앙동 행정복지센터``."""
    phone: str
    """The office's number."""


class Street(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A street by its road name."""

    name: str
    """As on the sign: ``한빛대로``."""
    name_en: str
    """In Latin letters."""
    district: str
    """``id`` of the district that it lies in."""


class Department(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A department of the city hall."""

    id: str
    """Short name used by other entries of the file."""
    name: str
    """As people say it: ``주차관리과``."""
    name_en: str
    """In English."""
    building: str
    """The house that it sits in."""
    floor: str
    """The floor, in words."""
    phone: str
    """Its main number."""
    hours: Hours | None = None
    """Only where they differ from the city's."""


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who works in a department."""

    id: str
    """Short name used by other entries of the file."""
    name: str
    """Family name and given name, without a space."""
    department: str
    """``id`` of the department."""
    title: str
    """Rank or role: 과장, 팀장, 주무관."""
    extension: str
    """The last four digits of the telephone number; the rest is the department's."""
    deputy: str
    """``id`` of the person who stands in (대직자)."""
    duty: str = ""
    """What this person is in charge of."""


class Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public holiday."""

    date: dt.date
    """The day."""
    name: str
    """What it is called."""


class City(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """Everything that the call centre has to know about its city by heart."""

    name: str
    """As people say it: ``한빛시``."""
    name_en: str
    """In English."""
    call_centre: str
    """The name that agents answer with."""
    call_centre_en: str
    """The same in English."""
    hotline: str
    """The number that citizens dial."""
    night_duty: str
    """The number that answers when the hotline is closed."""
    address: str
    """Where the city hall is."""
    hours: Hours
    """Opening hours of departments that state none."""
    districts: tuple[District, ...]
    """Parts of the city."""
    streets: tuple[Street, ...]
    """Streets by road name."""
    departments: tuple[Department, ...]
    """Departments."""
    people: tuple[Person, ...]
    """Staff."""
    holidays: tuple[Holiday, ...] = ()
    """Public holidays."""

    @cached_property
    def _department(self) -> dict[str, Department]:
        return {key: one for one in self.departments for key in (one.id, one.name)}

    @cached_property
    def _person(self) -> dict[str, Person]:
        return {one.id: one for one in self.people}

    @cached_property
    def _district(self) -> dict[str, District]:
        return {key: one for one in self.districts for key in (one.id, one.name)}

    @cached_property
    def _holiday(self) -> dict[dt.date, Holiday]:
        return {one.date: one for one in self.holidays}

    def department(self, key: str) -> Department | None:
        """The department with this id or name."""
        return self._department.get(key)

    def district(self, key: str) -> District | None:
        """The district with this id or name."""
        return self._district.get(key)

    def person(self, id: str) -> Person | None:
        """The person with this id."""
        return self._person.get(id)

    def people_named(self, name: str) -> tuple[Person, ...]:
        """Everybody of this name; two may share one."""
        return tuple(one for one in self.people if one.name == name)

    def people_of(self, department: str) -> tuple[Person, ...]:
        """Everybody of a department (id or name), its head first."""
        found = self.department(department)
        return tuple(one for one in self.people if found is not None and one.department == found.id)

    def deputy_of(self, person: Person) -> Person:
        """Who stands in for ``person``."""
        return self._person[person.deputy]

    def phone_of(self, person: Person) -> str:
        """The direct number: the department's with the person's own last four digits."""
        return self._department[person.department].phone[:-4] + person.extension

    def hours_of(self, department: Department) -> Hours:
        """The department's own opening hours, else the city's."""
        return department.hours or self.hours

    def holiday(self, day: dt.date) -> Holiday | None:
        """The public holiday on ``day``."""
        return self._holiday.get(day)

    def is_open(self, moment: dt.datetime, department: Department | None = None) -> bool:
        """Whether the city hall (or one department) is open at ``moment``, in local time."""
        hours = self.hours if department is None else self.hours_of(department)
        return self.holiday(moment.date()) is None and hours.include(moment)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_T = TypeVar("_T", bound=_Identified)


def _twice(kind: str, things: Sequence[_T]) -> list[str]:
    ids = [one.id for one in things]
    return [f"{kind} '{id}' is there twice" for id in dict.fromkeys(ids) if ids.count(id) > 1]


def _dangling(city: City) -> Iterable[str]:
    """Names in the file that lead nowhere."""
    departments, people = {one.id for one in city.departments}, {one.id for one in city.people}
    districts = {one.id for one in city.districts}
    yield from _twice("department", city.departments)
    yield from _twice("person", city.people)
    yield from _twice("district", city.districts)
    for street in city.streets:
        if street.district not in districts:
            yield f"street '{street.name}' lies in an unknown district '{street.district}'"
    for person in city.people:
        if person.department not in departments:
            yield f"person '{person.id}' is in an unknown department '{person.department}'"
        if person.deputy not in people:
            yield f"person '{person.id}' has an unknown deputy '{person.deputy}'"


def load(path: str | Path | None = None) -> City:
    """Reads a city file; without ``path``, the shipped 한빛시.

    Raises ``BadInput`` with the place of the mistake.
    """
    source = resources.files(__name__).joinpath("hanbit.toml") if path is None else Path(path)
    try:
        city = msgspec.toml.decode(source.read_bytes(), type=City)
    except OSError as wrong:
        raise BadInput(f"the city file {source} cannot be read: {wrong.strerror}") from wrong
    except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
        raise BadInput(f"the city file {source} is not right: {wrong}") from wrong
    for complaint in _dangling(city):
        raise BadInput(f"the city file {source} is not right: {complaint}")
    return city
