"""Text in columns (CSV, TSV) -> rows. Pure.

Quotes that don't match would swallow the rows below them. A record that can't be read as it should is therefore read
again, by itself or with the lines after it, whichever gives as many cells as the header has; a remark tells it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from agent_assist.knowledge.cells import is_empty
from agent_assist.knowledge.columns import header_place
from agent_assist.knowledge.decoding import decode
from agent_assist.knowledge.table import ROWS_LIMIT, Kind, Row, counted, repeated, too_many_rows
from core.errors import BadInput

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

_SEPARATORS: Final = ",;\t|"
_FIELD_LIMIT: Final = 8 * 1024 * 1024
"""Characters of one cell; Python's csv stops the whole file at 131,072 unless told otherwise."""
_HEADER_WITHIN: Final = 10
"""Rows among which the header is looked for."""
_IN_VAIN: Final = 256 * 1024 * 1024
"""Characters that may be read in vain for the sake of broken quotes: beyond it the file is refused."""
_BROKEN: Final = "따옴표가 맞지 않아 읽을 수 있는 만큼 읽었습니다. 확인해 주세요 / quotes don't match: look at this row"
_PROTECTED: Final = tuple("=+-@\t\r")
"""A cell that begins so would be a formula to a spreadsheet."""


def protected(cell: str) -> str:
    """The cell as it may stand in an export: an apostrophe keeps a spreadsheet from taking it for a formula."""
    return f"'{cell}" if cell.lstrip("'").startswith(_PROTECTED) else cell


def unprotected(cell: str) -> str:
    """What :func:`protected` was given."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_PROTECTED) else cell


class CsvTable:
    """See ``agent_assist.knowledge.tables.Table``."""

    kind: Kind = "csv"
    sheet = ""
    sheets: tuple[str, ...] = ()

    def __init__(self, name: str, data: bytes, encoding: str = "") -> None:
        text, self.encoding, damaged = decode(data, encoding)
        self._text = text.lstrip("\ufeff")
        self._separator = _separator(self._text)
        first = []
        for record in _Records(self._text, self._separator, 0):
            first.append(record)
            if len(first) == _HEADER_WITHIN:
                break
        place = header_place([[str(cell) for cell in record.cells] for record in first])
        cells = first[place].cells if first else ()
        self.header: tuple[str, ...] = tuple(cell if isinstance(cell, str) else "" for cell in cells)
        self._begin = first[place].line if first else 0
        remarks = list(repeated(self.header))
        if place:
            remarks.append(f"머리줄 위의 {place}줄은 건너뜁니다 / {place} rows above the header are left out")
        if damaged:
            remarks.append(f"깨진 글자가 {damaged}개 있습니다(�) / {damaged} characters could not be read (�)")
        self.remarks = tuple(remarks)

    def rows(self) -> Iterator[Row]:
        """Below the header."""
        for number, record in enumerate(_Records(self._text, self._separator, len(self.header))):
            if number >= ROWS_LIMIT:
                raise too_many_rows()
            if record.line > self._begin:
                yield record

    def count(self) -> int:
        """By going through them."""
        return counted(self.rows)


class _Records:
    """All records with something in them, in order, each with the line on which it begins."""

    def __init__(self, text: str, separator: str, width: int) -> None:
        self._source = io.StringIO(text, newline="")
        self._separator = separator
        self._width = width
        """Columns of the header; 0 = not known yet."""
        self._in_vain = 0

    def __iter__(self) -> Iterator[Row]:
        csv.field_size_limit(_FIELD_LIMIT)
        line = 1
        while True:
            reader = self._reader(strict=True)
            before = 0
            start = self._source.tell()
            try:
                for cells in reader:
                    yield from _row(line + before, cells)
                    before = reader.line_num
                    start = self._source.tell()
                return
            except csv.Error:
                line += before
            self._count(self._source.tell() - start)
            self._source.seek(start)
            cells, lines = self._mended()
            yield from _row(line, cells, _BROKEN)
            line += lines

    def _mended(self) -> tuple[list[str], int]:
        """The record that begins here as far as it makes sense, and over how many lines."""
        start = self._source.tell()
        alone = _next(csv.reader([self._source.readline()], delimiter=self._separator))
        if self._width and len(alone) != self._width:
            after_first = self._source.tell()
            self._source.seek(start)
            reader = self._reader(strict=False)
            whole = _next(reader)
            if len(whole) == self._width and not self._at_end():
                return whole, reader.line_num
            self._count(self._source.tell() - start)
            self._source.seek(after_first)
        return alone, 1

    def _at_end(self) -> bool:
        here = self._source.tell()
        at_end = not self._source.read(1)
        self._source.seek(here)
        return at_end

    def _count(self, characters: int) -> None:
        self._in_vain += characters
        if self._in_vain > _IN_VAIN:
            raise BadInput(
                "따옴표가 맞지 않는 행이 너무 많습니다. '다른 이름으로 저장'에서 CSV UTF-8로 다시 저장해 주세요. "
                "/ Too many rows with broken quotes: save the file anew as 'CSV UTF-8'."
            )

    def _reader(self, *, strict: bool) -> CsvReader:
        return csv.reader(iter(self._source.readline, ""), delimiter=self._separator, strict=strict)


def _next(reader: CsvReader) -> list[str]:
    try:
        return next(reader, [])
    except csv.Error:
        return []


def _row(line: int, cells: list[str], remark: str = "") -> Iterator[Row]:
    if not all(map(is_empty, cells)):
        yield Row(line=line, cells=tuple(map(unprotected, cells)), remarks=(remark,) if remark else ())


def _separator(table: str) -> str:
    """The separator that the first line with any has most of; a quoted cell of the header has none worth counting."""
    for line in io.StringIO(table[:1_000_000]):
        if line.strip():
            best = max(_SEPARATORS, key=line.count)
            if best in line:
                return best
    return ","
