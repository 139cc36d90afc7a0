"""Many records at once, of contacts that are not there yet: an old system's, a bench's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from msgspec.structs import replace

from core.receipt import receipt_number
from core.store.contact_index import ContactIndex
from core.store.contact_terms import terms
from core.store.contacts import ContactRecord
from core.store.database import Database
from core.store.rows_contacts import clean_contact, contact_row, first_place
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
            numbers = await self._free_numbers(batch)
            for record in batch:
                last = max(last + 1, first_place(record.at))
                record = clean_contact(replace(record, place=last, number=numbers[record.contact_id]))
                row = contact_row(record)
                rows.append(row)
                found.append(self._index.row(last, terms(record, row["searched"])))
            async with self._database.writing() as connection:
                await connection.execute(sa.insert(contacts), rows)
                await connection.execute(self._index.add(), found)
            count += len(batch)
        return count

    async def _free_numbers(self, batch: Sequence[ContactRecord]) -> dict[str, str]:
        """A number for each that is no other's (``core.receipt``)."""
        chosen: dict[str, str] = {}
        given: set[str] = set()
        waiting, attempt = list(batch), 0
        while waiting:
            wished = {one.contact_id: receipt_number(one.contact_id, one.at, attempt) for one in waiting}
            query = sa.select(contacts.c.number).where(contacts.c.number.in_(wished.values()))
            async with self._database.reading() as connection:
                given.update((await connection.execute(query)).scalars())
            for contact_id, number in wished.items():
                if number not in given:
                    chosen[contact_id] = number
                    given.add(number)
            waiting, attempt = [one for one in waiting if one.contact_id not in chosen], attempt + 1
        return chosen
