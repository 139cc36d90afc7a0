"""Entries that name departments, people and categories in words -> records and published versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from core.events import now
from core.store.contract import Entry
from core.store.database import batches
from core.store.ids import new_id
from core.store.knowledge import Category, Department, EntryVersion, Person
from core.store.resolving import Shelf
from core.store.rows_knowledge import cleaned, to_row
from core.store.schema_knowledge import categories, departments, people
from core.store.sql_entries import EntriesPart
from core.store.sql_shelf import KNOWLEDGE_LOCK

BY_IMPORT: Final = "import"
_MOMENT: Final = frozenset({"version", "state", "by", "why", "at"})
_CONTENT: Final = tuple(name for name in EntryVersion.__struct_fields__ if name not in _MOMENT)


class EntryImportPart(EntriesPart):
    """``Store.put_entries``."""

    async def take(self, entries: Sequence[Entry]) -> None:
        """Publish a version of each, all or none; of two with the same id the later counts. What is published word
        for word already gets no new version."""
        latest = list({entry.id: entry for entry in entries}.values())
        if not latest:
            return
        async with self._database.writing(alone=KNOWLEDGE_LOCK) as connection:
            names = Names(await self.shelf(connection))
            for some in batches(latest):
                await self._publish(connection, [names.version(cleaned(entry)) for entry in some])
            await self._put_new(connection, names)

    async def _publish(self, connection: AsyncConnection, wanted: Sequence[EntryVersion]) -> None:
        known = await self._published_of(connection, [version.entry_id for version in wanted])
        fresh = [version for version in wanted if not same_content(version, known.get(version.entry_id))]
        await self._add(connection, fresh, await self._heads_of(connection, [version.entry_id for version in fresh]))

    async def _put_new(self, connection: AsyncConnection, names: Names) -> None:
        tables = ((departments, names.departments), (people, names.people), (categories, names.categories))
        for table, records in tables:
            await self._database.execute_all(connection, table.insert(), [to_row(record) for record in records])
        if any(records for _, records in tables):
            await self._records_changed(connection)


class Names:
    """Finds records by their names, or makes new ones. Pure; what it made is in the three lists."""

    def __init__(self, shelf: Shelf) -> None:
        self.departments: list[Department] = []
        self.people: list[Person] = []
        self.categories: list[Category] = []
        self._shelf = shelf
        self._department_ids = {record.name: record.id for record in shelf.departments.values()}
        self._person_ids = {(record.name, record.department_id): record.id for record in shelf.people.values()}
        self._category_ids = {(record.name, record.parent_id): record.id for record in shelf.categories.values()}

    def version(self, entry: Entry) -> EntryVersion:
        """The entry as a published version. What a record gives anyway is not repeated, so that it follows."""
        department_id = self.department(entry.department)
        department = self._shelf.departments.get(department_id)
        person_id = self.person(entry.person, department_id)
        person = self._shelf.people.get(person_id)
        deputy_id = self.person(entry.deputy, department_id)
        given_phone = (person.phone if person else "") or (department.phone if department else "")
        return EntryVersion(
            entry_id=entry.id,
            version=0,
            state="published",
            title=entry.title,
            category_id=self.category(entry.category),
            department_id=department_id,
            person_id=person_id,
            deputy_id="" if person and deputy_id == person.deputy_id else deputy_id,
            phone="" if entry.phone == given_phone else entry.phone,
            hours="" if department and entry.hours == department.hours else entry.hours,
            procedure=entry.procedure,
            body=entry.body,
            keywords=entry.keywords,
            excludes=entry.excludes,
            links=entry.links,
            attachments=entry.attachments,
            message=entry.message,
            expires=entry.expires,
            review_by=entry.review_by,
            updated=entry.updated,
            by=BY_IMPORT,
            at=now(),
        )

    def department(self, name: str) -> str:
        """The id of the department with that name; '' for no name."""
        name = name.strip()
        if not name:
            return ""
        if name not in self._department_ids:
            self.departments.append(Department(id=new_id(), name=name))
            self._department_ids[name] = self.departments[-1].id
        return self._department_ids[name]

    def person(self, name: str, department_id: str) -> str:
        """The id of the person with that name in that department; '' for no name."""
        name = name.strip()
        if not name:
            return ""
        key = (name, department_id)
        if key not in self._person_ids:
            self.people.append(Person(id=new_id(), name=name, department_id=department_id))
            self._person_ids[key] = self.people[-1].id
        return self._person_ids[key]

    def category(self, path: str) -> str:
        """The id of the category at that path ('민원서류>여권'), with all levels above it; '' for no path."""
        above = ""
        for name in filter(None, (level.strip() for level in path.split(">"))):
            key = (name, above)
            if key not in self._category_ids:
                self.categories.append(Category(id=new_id(), name=name, parent_id=above))
                self._category_ids[key] = self.categories[-1].id
            above = self._category_ids[key]
        return above


def same_content(version: EntryVersion, other: EntryVersion | None) -> bool:
    """Whether both say the same, whoever wrote them and when."""
    return other is not None and all(getattr(version, name) == getattr(other, name) for name in _CONTENT)
