"""Many records at once, of contacts that are not there yet: an old system's, a bench's."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from msgspec.structs import replace

from core.store.contact_index import ContactIndex
from core.store.contact_terms import searched, terms
from core.store.contacts import ContactRecord
from core.store.database import Database
from core.store.rows_contacts import contact_row
from core.store.rows_knowledge import cleaned
from core.store.schema_contacts import contacts

_BATCH: Final = 1000


class LoadPart:
    """See ``core.store.contacts.ContactsStore``."""

    _database: Database
    _index: ContactIndex

    async def load(self, records: Iterable[ContactRecord]) -> int:
        """Insert them in the order of their beginning, each batch whole; how many there were. ``BadInput`` where one
        is there already."""
        last, count = 0, 0
        waiting = iter(records)
        while batch := list(islice(waiting, _BATCH)):
            rows: list[dict[str, Any]] = []
            found: list[dict[str, Any]] = []
            for record in batch:
                last = max(last + 1, int(record.at.timestamp() * 1000))
                record = cleaned(replace(record, written=cleaned(record.written), place=last))
                rows.append(contact_row(record))
                found.append(self._index.row(last, terms(record, searched(record))))
            async with self._database.writing() as connection:
                await connection.execute(sa.insert(contacts), rows)
                await connection.execute(self._index.add(), found)
            count += len(batch)
        return count
