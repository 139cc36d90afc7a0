"""Entries that name departments, people and categories in words -> records and published versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from core.events import now
from core.store.database import batches
from core.store.entry import Entry
from core.store.entry_names import ALL_FIELDS, Resolver, same_content
from core.store.knowledge import Category, Department, EntryVersion, Person
from core.store.rows_knowledge import cleaned, to_row
from core.store.schema_knowledge import categories, departments, people
from core.store.sql_entries import EntriesPart
from core.store.sql_shelf import KNOWLEDGE_LOCK

BY_IMPORT: Final = "import"


class EntryImportPart(EntriesPart):
    """``Store.put_entries``."""

    async def take(self, entries: Sequence[Entry]) -> None:
        """Publish a version of each, all or none; of two with the same id the later counts. What is published word
        for word already gets no new version."""
        latest = list({entry.id: entry for entry in entries}.values())
        if not latest:
            return
        async with self._database.writing(alone=KNOWLEDGE_LOCK) as connection:
            shelf, at = await self.shelf(connection), now()
            names = Resolver(shelf.departments.values(), shelf.people.values(), shelf.categories.values())
            for some in batches(latest):
                await self._publish(
                    connection,
                    [names.version(cleaned(entry), ALL_FIELDS, None, by=BY_IMPORT, why="", at=at) for entry in some],
                )
            await self._put_new(connection, names.fresh())

    async def _publish(self, connection: AsyncConnection, wanted: Sequence[EntryVersion]) -> None:
        known = await self._published_of(connection, [version.entry_id for version in wanted])
        fresh = [version for version in wanted if not same_content(version, known.get(version.entry_id))]
        await self._add(connection, fresh, await self._heads_of(connection, [version.entry_id for version in fresh]))

    async def _put_new(self, connection: AsyncConnection, made: Sequence[Department | Person | Category]) -> None:
        for kind, table in ((Department, departments), (Person, people), (Category, categories)):
            records = [to_row(record) for record in made if isinstance(record, kind)]
            await self._database.execute_all(connection, table.insert(), records)
        if made:
            await self._records_changed(connection)
