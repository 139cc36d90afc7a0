"""Tables as an Excel workbook: numbers are numbers, with a unit in the head and the formulas on their own sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from records.report.content import Cell, Column, Report, Table
from records.report.wording import definition, official
from records.statistics.measures import Measure

FORMATS: Final = {"count": "#,##0", "percent": "0.0%", "seconds": "[m]:ss", "score": "0.00"}
"""Number formats of Excel (ECMA-376-1, 18.8.30). Times are fractions of a day there, percentages fractions of one."""
_SECONDS_A_DAY: Final = 86_400
_PERCENT: Final = 100
_NAME: Final = 31
"""Characters of a sheet's name."""
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HEAD: Final = PatternFill("solid", fgColor="E3F1EE")
_WIDTHS: Final = {"text": 26, "change": 14}
_LONG: Final = 64


def workbook(report: Report) -> bytes:
    """A report's tables, a sheet each."""
    tables = [part.table for section in report.sections for part in section.parts if part.table is not None]
    days = f"{official(report.first)} ~ {official(report.last)}"
    return written(tables, report.formulas, head=f"{report.title} / {days} / {report.centre}")


def written(tables: Sequence[Table], formulas: Sequence[Measure], *, head: str) -> bytes:
    """Any tables; ``head`` stands in the first row of each sheet."""
    book = Workbook(write_only=True)
    taken: set[str] = set()
    for table in tables:
        _sheet(book, table, _free(table.title, taken), head)
    _sheet(book, _formulas(formulas), _free("계산식", taken), head)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book: Any, table: Table, name: str, head: str) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B3"
    for at, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(at)].width = _width(table, at - 1, column)
    sheet.append([_text(sheet, head, bold=True)])
    sheet.append([_head(sheet, column) for column in table.columns])
    for row in table.rows:
        sheet.append([_cell(sheet, cell, column) for cell, column in zip(row, table.columns, strict=True)])
    if table.note:
        sheet.append([_text(sheet, f"※ {table.note}")])


def _formulas(measures: Sequence[Measure]) -> Table:
    columns = tuple(Column(name) for name in ("지표", "계산", "분자", "분모", "정의"))
    rows = tuple(
        (
            each.ko,
            each.formula_ko,
            " + ".join(each.numerator),
            " + ".join(each.denominator),
            definition(each),
        )
        for each in measures
    )
    return Table(title="계산식", columns=columns, rows=rows)


def _width(table: Table, at: int, column: Column) -> int:
    longest = max((len(str(row[at])) for row in table.rows if isinstance(row[at], str)), default=0)
    return min(_LONG, max(_WIDTHS.get(column.kind, 12), longest + 4, 2 * len(column.name) + 6))


def _head(sheet: Any, column: Column) -> Any:
    cell = _text(sheet, f"{column.name}({column.unit})" if column.unit else column.name, bold=True)
    cell.fill = _HEAD
    cell.alignment = Alignment(horizontal="center")
    return cell


def _cell(sheet: Any, value: Cell, column: Column) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        cell = _text(sheet, value)
        if column.kind == "change":
            cell.alignment = Alignment(horizontal="right")
        return cell
    number = value / _SECONDS_A_DAY if column.kind == "seconds" else value
    cell = WriteOnlyCell(sheet, number / _PERCENT if column.kind == "percent" else number)
    cell.number_format = FORMATS.get(column.kind, "General")
    return cell


def _text(sheet: Any, text: str, *, bold: bool = False) -> Any:
    """Never a formula, whatever it begins with."""
    cell = WriteOnlyCell(sheet, _CONTROL.sub("", text))
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell


def _free(title: str, taken: set[str]) -> str:
    """A sheet's name that Excel takes and no other sheet has."""
    name = _FORBIDDEN.sub(" ", title).strip()[:_NAME] or "표"
    at = 2
    free = name
    while free in taken:
        free = f"{name[: _NAME - 4]} {at}"
        at += 1
    taken.add(free)
    return free
