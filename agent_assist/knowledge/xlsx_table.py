"""A sheet of an Excel workbook -> rows, one after the other: values, never formulas.

Where a formula stands, its last result is taken, as Excel saved it; without one the cell is empty and a remark says so.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from itertools import islice, repeat
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from agent_assist.knowledge.columns import NAMES, has_title, header_place
from agent_assist.knowledge.table import ROWS_LIMIT, Kind, Row, counted, repeated, too_many_rows
from agent_assist.knowledge.zip_guard import looked_through
from core.errors import BadInput

CELL_LIMIT: Final = 32_767
"""Characters of a cell, as Excel has it. What is longer goes on in columns '본문(2)', '본문(3)' of our exports."""

_HEADER_WITHIN: Final = 10
"""Rows among which the header is looked for."""
_COLUMNS_LIMIT: Final = 1000
"""Cells of a row that are read."""
_DECIMALS: Final = 10
_CONTINUED: Final = re.compile(r"(.+)\(([2-9]|\d{2})\)")
_RETURN: Final = re.compile("_x000D_", re.IGNORECASE)
_ERRORS: Final = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_FAULTS: Final = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    SyntaxError,
    OSError,
    EOFError,
    RuntimeError,
)
"""What the library raises over a workbook that is none."""


class XlsxTable:
    """See ``agent_assist.knowledge.tables.Table``."""

    kind: Kind = "xlsx"
    encoding = ""

    def __init__(self, name: str, data: bytes, sheet: str = "") -> None:
        has_formulas = looked_through(data)
        self._values = _book(data, values=True)
        self._formulas = _book(data, values=False) if has_formulas else None
        self.sheets: tuple[str, ...] = tuple(each.title for each in self._values.worksheets)
        self.sheet, first = self._chosen(sheet)
        place = header_place([_texts(row) for row in first])
        names = _texts(first[place]) if first else []
        self._begin = first[place].line if first else 0
        self._continues = _continued(names)
        self.header: tuple[str, ...] = tuple(n for at, n in enumerate(names) if at not in self._continues)
        remarks = list(repeated(self.header))
        if place:
            remarks.append(f"머리줄 위의 {place}줄은 건너뜁니다 / {place} rows above the header are left out")
        if not sheet and len(self.sheets) > 1:
            remarks.append(f"시트 {len(self.sheets)}개 가운데 '{self.sheet}'만 읽습니다 / only this sheet is read")
        self.remarks = tuple(remarks)

    def rows(self) -> Iterator[Row]:
        """Below the header."""
        for row in self._read(self.sheet):
            if row.line > self._begin:
                yield row if not self._continues else self._put_together(row)

    def count(self) -> int:
        """By going through them."""
        return counted(self.rows)

    def _chosen(self, sheet: str) -> tuple[str, list[Row]]:
        """The sheet to read, with its first rows."""
        if not self.sheets:
            raise BadInput("시트가 없는 엑셀 파일입니다. / The workbook has no sheet.")
        if sheet:
            if sheet not in self.sheets:
                listed = ", ".join(self.sheets[:20])
                raise BadInput(
                    f"'{sheet[:31]}' 시트가 없습니다. 있는 시트: {listed} / No such sheet; there are: {listed}."
                )
            return sheet, self._first(sheet)
        shown = [each.title for each in self._values.worksheets if each.sheet_state == "visible"] or self.sheets
        for title in shown:
            first = self._first(title)
            if any(has_title(_texts(row)) for row in first):
                return title, first
        return shown[0], self._first(shown[0])

    def _first(self, sheet: str) -> list[Row]:
        return list(islice(self._read(sheet), _HEADER_WITHIN))

    def _read(self, sheet: str) -> Iterator[Row]:
        """All rows with something in them."""
        values = _iterated(self._values, sheet, values_only=True)
        formulas = _iterated(self._formulas, sheet, values_only=False) if self._formulas else repeat(())
        try:
            for line, (cells, others) in enumerate(zip(values, formulas, strict=False), 1):
                if line > ROWS_LIMIT:
                    raise too_many_rows()
                row = _row(line, cells[:_COLUMNS_LIMIT], others)
                if any(row.cells):
                    yield row
        except _FAULTS as fault:
            raise _damaged() from fault

    def _put_together(self, row: Row) -> Row:
        cells = [str(cell) for cell in row.cells]
        for place, base in self._continues.items():
            if place < len(cells):
                cells[base] += cells[place]
        kept = tuple(cell for place, cell in enumerate(cells) if place not in self._continues)
        return Row(line=row.line, cells=kept, remarks=row.remarks)


def _book(data: bytes, *, values: bool) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and filters that only matter to the eye
            return load_workbook(BytesIO(data), read_only=True, data_only=values, keep_links=False)
    except _FAULTS as fault:
        raise _damaged() from fault


def _damaged() -> BadInput:
    return BadInput(
        "엑셀 파일을 읽을 수 없습니다. 엑셀에서 열어 '.xlsx'로 다시 저장하거나 CSV UTF-8로 올려 주세요. "
        "/ The workbook can't be read: open it in Excel and save it anew, or upload a CSV."
    )


def _iterated(book: Workbook, sheet: str, *, values_only: bool) -> Iterator[Sequence[Any]]:
    found = book[sheet]
    found.reset_dimensions()  # what the file says of its own size is often wrong
    return found.iter_rows(values_only=values_only)


def _row(line: int, cells: Sequence[Any], formulas: Sequence[Any]) -> Row:
    texts = [_text(cell) for cell in cells]
    without = [
        at for at, cell in enumerate(formulas) if cell.data_type == "f" and (at >= len(texts) or cells[at] is None)
    ]
    wrong = [at for at, text in enumerate(texts) if text in _ERRORS]
    for at in wrong:
        texts[at] = ""
    while texts and not texts[-1]:
        texts.pop()
    remarks = []
    if without:
        remarks.append(
            f"{_shown(without)} 칸의 수식은 계산된 값이 없어 비웁니다. 엑셀에서 저장하고 다시 올려 주세요 "
            "/ formulas without a saved result: left empty"
        )
    if wrong:
        remarks.append(f"{_shown(wrong)} 칸이 오류 값이어서 비웁니다 / error values: left empty")
    return Row(line=line, cells=tuple(texts), remarks=tuple(remarks))


def _shown(places: Sequence[int]) -> str:
    return ", ".join(get_column_letter(at + 1) for at in places[:5])


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return _RETURN.sub("", value)
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() else str(round(value, _DECIMALS))
        case datetime():
            return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case _:
            return str(value)


def _texts(row: Row) -> list[str]:
    return [str(cell) for cell in row.cells]


def _continued(names: Sequence[str]) -> dict[int, int]:
    """Columns of our own exports that go on where another ends -> that other."""
    if NAMES["form"][0] not in names:
        return {}
    found = {}
    for at, name in enumerate(names):
        match = _CONTINUED.fullmatch(name)
        if match and match[1] in names:
            found[at] = names.index(match[1])
    return found
