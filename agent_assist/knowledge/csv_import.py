"""A small table at once: the entries of a file that is shipped, without a store. Pure.

Whole databases come in by ``agent_assist.knowledge.importing``.
"""

from __future__ import annotations

import msgspec

from agent_assist.knowledge.columns import guess
from agent_assist.knowledge.entry_rows import EntryRows, content_of
from agent_assist.knowledge.notes import RowNote, no_row
from agent_assist.knowledge.tables import open_table
from core.store.entry import Entry


class TableEntries(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a table."""

    entries: tuple[Entry, ...]
    """Taken."""
    rejected: tuple[RowNote, ...] = ()
    """Rows left out."""
    remarks: tuple[RowNote, ...] = ()
    """Rows taken, with something that a person should look at."""
    ignored_columns: tuple[str, ...] = ()
    """Columns that no field takes."""


def read_csv(data: bytes) -> TableEntries:
    """The table's entries in order. ``BadInput`` when it can't be read, has no title column or no usable row."""
    table = open_table("", data)
    mapping = guess(table.header)
    mapping.needs_title()
    reading = EntryRows(mapping)
    entries: list[Entry] = []
    rejected: list[RowNote] = []
    remarks: list[RowNote] = []
    lines: dict[bytes, int] = {}
    for row in table.rows():
        taken = reading.take(row)
        remarks += [RowNote(line=row.line, reason=remark) for remark in taken.remarks]
        if taken.entry is None:
            rejected.append(RowNote(line=row.line, reason=taken.rejected))
            continue
        before = lines.setdefault(content_of(taken.entry), row.line)
        if before != row.line:
            remarks.append(
                RowNote(line=row.line, reason=f"{before}행과 내용이 같습니다(중복) / same content as line {before}")
            )
        entries.append(taken.entry)
    if not entries:
        raise no_row(rejected)
    return TableEntries(
        entries=tuple(entries),
        rejected=tuple(rejected),
        remarks=tuple(remarks),
        ignored_columns=mapping.ignored(),
    )
