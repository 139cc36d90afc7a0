"""The first rows of a table as they would become entries, before anything is imported. Pure."""

from __future__ import annotations

import msgspec

from agent_assist.knowledge.columns import Mapping
from agent_assist.knowledge.entry_rows import EntryRows
from agent_assist.knowledge.table import Table
from core.store.entry import Entry


class PreviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row."""

    line: int
    entry: Entry | None = None
    """None = it would be left out."""
    rejected: str = ""
    """Why, Korean first; '' = it would be taken."""
    remarks: tuple[str, ...] = ()


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a person looks at before she imports."""

    header: tuple[str, ...]
    mapping: Mapping
    sheets: tuple[str, ...]
    """All of the workbook; none for other kinds."""
    sheet: str
    """The one that is read."""
    encoding: str
    remarks: tuple[str, ...]
    """About the file as a whole."""
    rows: tuple[PreviewRow, ...]
    total: int
    """Rows of the file."""


def preview(table: Table, mapping: Mapping, limit: int = 20) -> Preview:
    """The first ``limit`` rows. Without a title column every one is made from its text, or left out."""
    reading = EntryRows(mapping)
    shown: list[PreviewRow] = []
    total = 0
    for row in table.rows():
        total += 1
        if total <= limit:
            taken = reading.take(row)
            shown.append(PreviewRow(line=row.line, entry=taken.entry, rejected=taken.rejected, remarks=taken.remarks))
    return Preview(
        header=table.header,
        mapping=mapping,
        sheets=table.sheets,
        sheet=table.sheet,
        encoding=table.encoding,
        remarks=table.remarks,
        rows=tuple(shown),
        total=total,
    )
