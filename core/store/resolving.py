"""From records to what agents read: names for ids, and what stands in where an entry says nothing itself. Pure.

Telephone: the entry's own, else that of whoever answers today, else the person's, else the department's. Hours: the
entry's own, else the department's. Department: the entry's own, else the person's. Deputy: the entry's own, else the
person's; while the person in charge is absent it is the first of the deputies who is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from core.store.entry import Entry
from core.store.knowledge import Category, Department, EntryVersion, Person

_NOWHERE: Final = Department(id="", name="")


class Shelf:
    """All departments, people and categories at one moment. Immutable."""

    def __init__(
        self, departments: Iterable[Department] = (), people: Iterable[Person] = (), categories: Iterable[Category] = ()
    ) -> None:
        self.departments: Mapping[str, Department] = {record.id: record for record in departments}
        self.people: Mapping[str, Person] = {record.id: record for record in people}
        self.categories: Mapping[str, Category] = {record.id: record for record in categories}
        self._paths: dict[str, str] = {}

    def path(self, category_id: str) -> str:
        """Names from the top down, '>' between levels; '' for an unknown category."""
        if category_id not in self._paths:
            names = [self.categories[above].name for above in lineage(category_id, parents(self.categories.values()))]
            self._paths[category_id] = ">".join(reversed(names))
        return self._paths[category_id]

    def below(self, category_id: str) -> frozenset[str]:
        """That category and all below it."""
        above = parents(self.categories.values())
        return frozenset(known for known in above if category_id in lineage(known, above))

    def department_of(self, version: EntryVersion) -> Department:
        """The entry's own department, else that of its person; a nameless one when there is none."""
        person = self.people.get(version.person_id)
        own = version.department_id or (person.department_id if person else "")
        return self.departments.get(own, _NOWHERE)

    def entry(self, version: EntryVersion, today: date | None) -> Entry:
        """The version as agents read it; ``today`` None = as if everybody were there."""
        person = self.people.get(version.person_id)
        department = self.department_of(version)
        line = tuple(deputies(version.person_id, self.people, version.deputy_id))
        away = person is not None and today is not None and is_absent(person, today)
        deputy = next(iter(line), None)
        answers = person
        if away and today is not None:
            answers = next((other for other in line if not is_absent(other, today)), None)
            deputy = answers or deputy
        phones = (version.phone, answers.phone if answers else "", person.phone if person else "", department.phone)
        return Entry(
            id=version.entry_id,
            title=version.title,
            category=self.path(version.category_id),
            department=department.name,
            person=person.name if person else "",
            deputy=deputy.name if deputy else "",
            phone=next((phone for phone in phones if phone), ""),
            procedure=version.procedure,
            body=version.body,
            keywords=version.keywords,
            message=version.message,
            updated=version.updated,
            hours=version.hours or department.hours,
            excludes=version.excludes,
            links=version.links,
            attachments=version.attachments,
            expires=version.expires,
            review_by=version.review_by,
            version=version.version,
            person_absent=away,
        )


def is_absent(person: Person, today: date) -> bool:
    """Whether she does not answer on that day: she has left, or is away."""
    if person.left:
        return True
    if person.absent_from is None:
        return person.absent_until is not None and today <= person.absent_until
    return person.absent_from <= today and (person.absent_until is None or today <= person.absent_until)


def deputies(person_id: str, people: Mapping[str, Person], first_id: str = "") -> Iterator[Person]:
    """Who answers for her, in order, each once: the entry's own deputy and hers, then the person's and hers."""
    seen = {person_id}
    person = people.get(person_id)
    for start in (first_id, person.deputy_id if person else ""):
        following = start
        while following and following not in seen and following in people:
            seen.add(following)
            yield people[following]
            following = people[following].deputy_id


def parents(records: Iterable[Category | Department]) -> dict[str, str]:
    """Record -> the one above it."""
    return {record.id: record.parent_id for record in records}


def lineage(start: str, above: Mapping[str, str]) -> list[str]:
    """The record and all above it, from it upwards; ends before a circle closes or a record is missing."""
    line: list[str] = []
    while start in above and start not in line:
        line.append(start)
        start = above[start]
    return line


def closes_circle(record_id: str, above_id: str, above: Mapping[str, str]) -> bool:
    """Whether putting the record below ``above_id`` would put it below itself."""
    return record_id == above_id or record_id in lineage(above_id, above)


def inherited(gone_id: str, heir_id: str, above: Mapping[str, str]) -> dict[str, str]:
    """New places of those right below a record that goes: below its heir, except that the line that leads to the heir
    itself moves up to where the record was (no circle, nobody lost)."""
    line_of_heir = lineage(heir_id, above)
    return {
        record_id: above[gone_id] if record_id in line_of_heir else heir_id
        for record_id, above_id in above.items()
        if above_id == gone_id and record_id != gone_id
    }
