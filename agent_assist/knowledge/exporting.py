"""Entries -> a file that reads back to the same entries: CSV, XLSX or JSON. Pure.

A spreadsheet takes a cell that begins with = + - @ for a formula. In CSV such a cell gets an apostrophe, which the
import takes off again; in XLSX it is marked as text. A row says of its texts that they are Markdown ('형식'), so that
the import does not clean them. Attachments stay where they are: an entry keeps them when it is imported again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from agent_assist.knowledge.columns import FIELDS, NAMES
from agent_assist.knowledge.csv_table import protected
from agent_assist.knowledge.json_table import FORMAT
from core.errors import BadInput
from core.store.entry import Entry, Reference

Format = Literal["csv", "xlsx", "json"]

COLUMNS: Final = tuple(NAMES[field][0] for field in FIELDS)
"""Of CSV and XLSX, in the order of ``FIELDS``."""
_FORM: Final = "markdown"
_FORMATS: Final[dict[str, Format]] = {".csv": "csv", ".xlsx": "xlsx", ".json": "json"}


def format_of(name: str) -> Format:
    """By the file's extension. ``BadInput`` for any other."""
    for ending, format_ in _FORMATS.items():
        if name.lower().endswith(ending):
            return format_
    raise BadInput(
        f"'{name[-40:]}': 확장자가 .csv, .xlsx, .json 가운데 하나여야 합니다. --format으로 알려 줄 수도 있습니다. "
        "/ The name must end in .csv, .xlsx or .json, or say --format."
    )


def exported(entries: Sequence[Entry], format: Format) -> bytes:
    """The whole file."""
    match format:
        case "csv":
            return as_csv(entries).encode("utf-8-sig", "replace")
        case "json":
            return as_json(entries)
        case "xlsx":
            from agent_assist.knowledge.xlsx_export import workbook  # the library takes a while to load

            return workbook(COLUMNS, [row_of(entry) for entry in entries])


def as_csv(entries: Sequence[Entry]) -> str:
    """The table as text, without a mark."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows([protected(cell) for cell in row_of(entry)] for entry in entries)
    return text.getvalue()


def as_json(entries: Sequence[Entry]) -> bytes:
    """``{"format": "minwon-kb/1", "entries": [...]}``, one entry a line; fields that say nothing are left out."""
    lines = [msgspec.json.encode(_object(entry)) for entry in entries]
    return b'{"format": "%s", "entries": [\n%s\n]}\n' % (FORMAT.encode(), b",\n".join(lines))


def row_of(entry: Entry) -> tuple[str, ...]:
    """The entry's cells, in the order of ``COLUMNS``."""
    cells = {field: _cell(field, getattr(entry, field, None)) for field in FIELDS} | {"form": _FORM}
    return tuple(cells[field] for field in FIELDS)


def _cell(field: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case tuple() if field == "links":
            return "\n".join(_link(link) for link in value)
        case tuple() if field == "procedure":
            return _listed(value, " / ")
        case tuple():
            return _listed(value, ";")
        case _:
            return str(value.isoformat())


def _listed(parts: Sequence[str], separator: str) -> str:
    """One after the other, or one a line where a part holds the separator itself."""
    lines = [" ".join(part.split()) for part in parts]
    if any(separator.strip() in part for part in lines):
        return "\n".join(lines) + "\n"
    return separator.join(lines)


def _link(link: Reference) -> str:
    title = " ".join(link.title.split())
    return f"<{link.url}>" if title == link.url else f"{title} <{link.url}>"


def _object(entry: Entry) -> dict[str, Any]:
    values = {field: getattr(entry, field, None) for field in FIELDS}
    return {field: value for field, value in values.items() if value}
