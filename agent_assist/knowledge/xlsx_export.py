"""Rows of text -> an Excel workbook in which every cell is text, whatever it begins with."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from agent_assist.knowledge.cells import exact

_SHEET: Final = "상담DB"
_PIECE: Final = 16_000
"""Characters of a cell. Excel ends it at 32,767 units of UTF-16: what is longer goes on in a column '본문(2)'."""
_LONG: Final = 60
"""Characters from which on a column is made wide."""
_NARROW_AND_WIDE: Final = (16, 48)
"""Widths of columns, in characters."""


def workbook(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The whole file."""
    clean = [[exact(cell) for cell in row] for row in rows]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET)
    sheet.freeze_panes = "A2"
    longest = [max((len(row[at]) for row in clean), default=0) for at in range(len(header))]
    places = [(at, piece) for at, size in enumerate(longest) for piece in range(max(1, -(-size // _PIECE)))]
    for column, (at, _) in enumerate(places, 1):
        sheet.column_dimensions[get_column_letter(column)].width = _NARROW_AND_WIDE[longest[at] > _LONG]
    names = [header[at] if not piece else f"{header[at]}({piece + 1})" for at, piece in places]
    sheet.append([_cell(sheet, name, bold=True) for name in names])
    for row in clean:
        sheet.append([_cell(sheet, row[at][piece * _PIECE : (piece + 1) * _PIECE]) for at, piece in places])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    if not text:
        return None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
