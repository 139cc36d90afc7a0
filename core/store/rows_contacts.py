"""Counselling records to table rows and back. Pure; ``rows_knowledge`` says how lists and words are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import asdict, replace
from sqlalchemy import Row

from core.store.contact_terms import searched
from core.store.contacts import ContactRecord, RecordVersion, Wording
from core.store.rows_knowledge import cleaned, cleaned_row, record_values


def first_place(at: datetime) -> int:
    """The least place of what began then (``ContactRecord.place``)."""
    return int(at.timestamp() * 1000)


def clean_contact(record: ContactRecord) -> ContactRecord:
    """The record as it will come back from the database."""
    return cleaned(replace(record, written=cleaned(record.written)))


def contact_row(record: ContactRecord) -> dict[str, Any]:
    """A row of ``contacts``; the record is clean already."""
    row = cleaned_row(record)
    written: Wording = row.pop("written")
    return row | asdict(written) | {"searched": searched(record)}


def contact_record(row: Row[Any]) -> ContactRecord:
    """A row of ``contacts`` as its record."""
    return ContactRecord(**record_values(ContactRecord, row), written=_written(row))


def version_record(row: Row[Any]) -> RecordVersion:
    """A row of ``record_versions`` as its record."""
    return RecordVersion(**record_values(RecordVersion, row), written=_written(row))


def _written(row: Row[Any]) -> Wording:
    return Wording(**{name: row._mapping[name] for name in Wording.__struct_fields__})
