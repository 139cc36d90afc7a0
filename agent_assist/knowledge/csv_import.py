"""A table of the consultation database (CSV) -> entries. Pure.

Bytes in; out come the entries, for one ``store.put_entries`` (all of them or none), and a report of every row that was
left out, with its line and reason.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from agent_assist.knowledge import cells
from agent_assist.knowledge.columns import columns, ignored
from agent_assist.knowledge.decoding import decode
from core.errors import BadInput
from core.store.contract import Entry

_SEPARATORS: Final = ",;\t"
_BYTES_LIMIT: Final = 256 * 1024 * 1024
_CELL_LIMIT: Final = 200_000
_FIELD_LIMIT: Final = 8 * 1024 * 1024
"""Python's csv stops the whole file at a cell of 131,072 characters unless told otherwise."""
_TITLE_LIMIT: Final = 300
_ID_LIMIT: Final = 64


class RowNote(msgspec.Struct, frozen=True, kw_only=True):
    """Something to say about one row."""

    line: int
    """Line in the file where the row begins; the header is 1."""
    reason: str
    """One line, Korean first."""


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a table."""

    entries: tuple[Entry, ...]
    """Taken."""
    rejected: tuple[RowNote, ...] = ()
    """Rows left out."""
    remarks: tuple[RowNote, ...] = ()
    """Rows taken, with something that a person should look at."""
    ignored_columns: tuple[str, ...] = ()
    """Columns that no field takes."""


class _Unusable(Exception):
    """A row that is left out; the message is the reason."""


def read_csv(data: bytes) -> ImportReport:
    """The table's entries in order. ``BadInput`` when it can't be read, has no title column or no usable row."""
    if len(data) > _BYTES_LIMIT:
        raise BadInput(
            f"파일이 너무 큽니다({len(data) >> 20} MB, 최대 {_BYTES_LIMIT >> 20} MB). 나누어 올려 주세요. "
            "/ The file is too large: split it."
        )
    table = decode(data)
    rows = _rows(table, _separator(table))
    _, header = next(rows, (1, []))
    places = columns(header)
    reading = _Reading(places)
    for line, row in rows:
        reading.take(line, row)
    if not reading.entries:
        first = f" 첫 이유: {reading.rejected[0].line}행 {reading.rejected[0].reason}" if reading.rejected else ""
        raise BadInput(f"가져올 수 있는 행이 하나도 없습니다.{first} / The table has no usable row.")
    return ImportReport(
        entries=tuple(reading.entries),
        rejected=tuple(reading.rejected),
        remarks=tuple(reading.remarks),
        ignored_columns=ignored(header, places),
    )


class _Reading:
    """The rows so far."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.entries: list[Entry] = []
        self.rejected: list[RowNote] = []
        self.remarks: list[RowNote] = []
        self._places = places
        self._lines_by_id: dict[str, int] = {}
        self._lines_by_content: dict[bytes, int] = {}

    def take(self, line: int, row: Sequence[str]) -> None:
        if not any(cell.strip() for cell in row):
            return
        try:
            entry = self._entry(line, row)
        except _Unusable as reason:
            self.rejected.append(RowNote(line=line, reason=str(reason)))
            return
        self._lines_by_id[entry.id] = line
        self._lines_by_content.setdefault(_content(entry), line)
        self.entries.append(entry)

    def _entry(self, line: int, row: Sequence[str]) -> Entry:
        raw = {field: row[place] if place < len(row) else "" for field, place in self._places.items()}
        for field, cell in raw.items():
            if len(cell) > _CELL_LIMIT:
                raise _Unusable(
                    f"'{field}' 칸이 너무 깁니다({len(cell):,}자, 최대 {_CELL_LIMIT:,}자) / the cell is too long"
                )
        if cells.has_resident_number(*raw.values()):
            raise _Unusable("주민등록번호로 보이는 숫자가 있습니다. 지우고 올려 주세요 / looks like a resident number")
        title = cells.line(raw["title"])
        if not title:
            raise _Unusable("제목이 비어 있습니다 / the title is empty")
        if len(title) > _TITLE_LIMIT:
            raise _Unusable(f"제목이 {_TITLE_LIMIT}자를 넘습니다 / the title is longer than {_TITLE_LIMIT} characters")
        entry = Entry(
            id=_id(raw.get("id", ""), title, raw.get("department", "")),
            title=title,
            category=cells.category(raw.get("category", "")),
            department=cells.line(raw.get("department", "")),
            person=cells.line(raw.get("person", "")),
            deputy=cells.line(raw.get("deputy", "")),
            phone=cells.line(raw.get("phone", "")),
            procedure=cells.steps(raw.get("procedure", "")),
            body=cells.text(raw.get("body", "")),
            keywords=cells.keywords(raw.get("keywords", "")),
            message=cells.text(raw.get("message", "")),
            updated=cells.day(raw.get("updated", "")),
        )
        self._check_new(line, entry)
        if raw.get("updated", "").strip() and entry.updated is None:
            written = raw["updated"].strip()[:20]
            self._remark(line, f"수정일 '{written}'은(는) 날짜가 아니어서 비웁니다 / no date: left empty")
        return entry

    def _check_new(self, line: int, entry: Entry) -> None:
        if (before := self._lines_by_id.get(entry.id)) is not None:
            raise _Unusable(f"번호 {entry.id}이(가) {before}행과 같습니다 / same id as line {before}")
        # Another number may be linked from elsewhere: the row is kept, a person decides which of the two goes.
        if (before := self._lines_by_content.get(_content(entry))) is not None:
            self._remark(line, f"{before}행과 내용이 같습니다(중복) / same content as line {before}")

    def _remark(self, line: int, reason: str) -> None:
        self.remarks.append(RowNote(line=line, reason=reason))


def _id(cell: str, title: str, department: str) -> str:
    written = cells.line(cell)
    if len(written) > _ID_LIMIT:
        raise _Unusable(f"번호가 {_ID_LIMIT}자를 넘습니다 / the id is longer than {_ID_LIMIT} characters")
    if written:
        return written[:-2] if written.endswith(".0") and written[:-2].isdecimal() else written
    # Without a number of its own a row gets one that is the same at the next import.
    return "t" + hashlib.blake2b(f"{title}\n{cells.line(department)}".encode(), digest_size=6).hexdigest()


def _content(entry: Entry) -> bytes:
    fields = msgspec.structs.replace(entry, id="", updated=None)
    return hashlib.blake2b(msgspec.msgpack.encode(fields), digest_size=16).digest()


def _separator(table: str) -> str:
    """The separator that the header line has most of; a quoted cell of the header has none worth counting."""
    header = table.lstrip("\ufeff\r\n").partition("\n")[0]
    return max(_SEPARATORS, key=header.count)


def _rows(table: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins."""
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(table.lstrip("\ufeff"), newline=""), delimiter=separator)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as fault:
        raise BadInput(
            f"{reader.line_num}행을 읽을 수 없습니다. 따옴표가 닫혔는지 보세요. "
            f"/ Line {reader.line_num} can't be read: {fault}."
        ) from fault
