"""Entries that name departments, people and categories in words -> versions that name their records. Pure.

Records are found by name or made; each name is looked up once. What a record gives anyway (its telephone, its hours,
its deputy) is not repeated in the entry, so that the entry follows when the record changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, Final

import msgspec

from core.store.entry import Entry
from core.store.ids import new_id
from core.store.knowledge import Category, Department, EntryVersion, Person

_PLAIN: Final[tuple[str, ...]] = (
    *("title", "procedure", "body", "keywords", "excludes", "links", "attachments", "message"),
    *("updated", "expires", "review_by"),
)
ALL_FIELDS: Final[frozenset[str]] = frozenset({*_PLAIN, "category", "department", "person", "deputy", "phone", "hours"})
"""Of an entry that is whole."""
_MOMENT: Final = frozenset({"version", "state", "by", "why", "at"})
_CONTENT: Final = tuple(name for name in EntryVersion.__struct_fields__ if name not in _MOMENT)


class Resolver:
    """Knows the records of the database, and those that it made."""

    def __init__(
        self,
        departments: Iterable[Department],
        people: Iterable[Person],
        categories: Iterable[Category],
        make_id: Callable[[], str] = new_id,
    ) -> None:
        self._make_id = make_id
        self._departments: dict[str, Department] = {}
        self._people: dict[tuple[str, str], Person] = {}
        self._categories: dict[tuple[str, str], Category] = {}
        self._fresh: list[Department | Person | Category] = []
        self._department_of_id: dict[str, Department] = {}
        self._person_of_id: dict[str, Person] = {}
        for department in sorted(departments, key=lambda each: each.closed):
            self._departments.setdefault(department.name, department)
            self._department_of_id[department.id] = department
        for person in sorted(people, key=lambda each: each.left):
            self._people.setdefault((person.name, person.department_id), person)
            self._person_of_id[person.id] = person
        for category in categories:
            self._categories.setdefault((category.name, category.parent_id), category)

    def fresh(self) -> tuple[Department | Person | Category, ...]:
        """Records made since the last time, those that others name first."""
        made, self._fresh = tuple(self._fresh), []
        return made

    def version(
        self,
        entry: Entry,
        fields: Collection[str],
        before: EntryVersion | None,
        *,
        by: str,
        why: str,
        at: datetime,
    ) -> EntryVersion:
        """The entry as a published version, its number left to the store. What ``fields`` does not hold stays as it is
        in ``before``."""
        old = before or EntryVersion(entry_id=entry.id, version=0, title="", at=at)
        new: dict[str, Any] = {field: getattr(entry, field) for field in _PLAIN if field in fields}
        department = self._department(entry.department)
        department_id = (department.id if department else "") if "department" in fields else old.department_id
        if "department" not in fields:
            department = self._department_of_id.get(department_id)
        person = self._person(entry.person, department_id)
        if "person" not in fields:
            person = self._person_of_id.get(old.person_id)
        if "deputy" in fields:
            deputy = self._person(entry.deputy, department_id)
            deputy_id = deputy.id if deputy else ""
            new["deputy_id"] = "" if person and deputy_id == person.deputy_id else deputy_id
        if "phone" in fields:
            given = (person.phone if person else "") or (department.phone if department else "")
            new["phone"] = "" if entry.phone == given else entry.phone
        if "hours" in fields:
            new["hours"] = "" if department and entry.hours == department.hours else entry.hours
        if "category" in fields:
            new["category_id"] = self._category(entry.category)
        new |= {"department_id": department_id, "person_id": person.id if person else ""}
        moment: dict[str, Any] = {"version": 0, "state": "published", "by": by, "why": why, "at": at}
        return msgspec.structs.replace(old, **(new | moment))

    def _department(self, name: str) -> Department | None:
        name = name.strip()
        if not name:
            return None
        if name not in self._departments:
            made = self._departments[name] = Department(id=self._make_id(), name=name)
            self._department_of_id[made.id] = made
            self._fresh.append(made)
        return self._departments[name]

    def _person(self, name: str, department_id: str) -> Person | None:
        name = name.strip()
        if not name:
            return None
        key = (name, department_id)
        if key not in self._people:
            made = self._people[key] = Person(id=self._make_id(), name=name, department_id=department_id)
            self._person_of_id[made.id] = made
            self._fresh.append(made)
        return self._people[key]

    def _category(self, path: str) -> str:
        above = ""
        for name in filter(None, (level.strip() for level in path.split(">"))):
            key = (name, above)
            if key not in self._categories:
                self._categories[key] = Category(id=self._make_id(), name=name, parent_id=above)
                self._fresh.append(self._categories[key])
            above = self._categories[key].id
        return above


def same_content(version: EntryVersion, other: EntryVersion | None) -> bool:
    """Whether both say the same, whoever wrote them and when."""
    return other is not None and all(getattr(version, name) == getattr(other, name) for name in _CONTENT)
