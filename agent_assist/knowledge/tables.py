"""A file from outside -> a table: a header and rows of cells, whatever kind of file it is.

What it is, is told by its content, not by its name: offices send CSV that is called .xls, and workbooks called .csv. A
table is read row by row, and as often as one likes.
"""

from __future__ import annotations

from typing import Final

from agent_assist.knowledge.csv_table import CsvTable
from agent_assist.knowledge.json_table import JsonTable, looks_like_json
from agent_assist.knowledge.table import Table
from core.errors import BadInput

BYTES_LIMIT: Final = 256 * 1024 * 1024
"""Of one file."""


def open_table(name: str, data: bytes, *, sheet: str = "", encoding: str = "") -> Table:
    """The table in a file. ``sheet`` of a workbook ('' = the first that looks like one), ``encoding`` of a text ('' =
    found out). ``BadInput`` says what to do instead."""
    if len(data) > BYTES_LIMIT:
        raise BadInput(
            f"파일이 너무 큽니다({len(data) >> 20} MB, 최대 {BYTES_LIMIT >> 20} MB). 나누어 올려 주세요. "
            "/ The file is too large: split it."
        )
    if not data.strip():
        raise BadInput(
            "파일이 비어 있습니다. 첫 줄에 '제목' 같은 열 이름이 있는 표를 올려 주세요. / The file is empty."
        )
    _refuse_other_kinds(data)
    if data.startswith(b"PK"):
        from agent_assist.knowledge.xlsx_table import XlsxTable  # the library of workbooks takes a while to load

        return XlsxTable(name, data, sheet)
    if looks_like_json(name, data):
        return JsonTable(name, data)
    return CsvTable(name, data, encoding)


_OTHERS: Final[tuple[tuple[bytes, str, str], ...]] = (
    (
        b"\xd0\xcf\x11\xe0",
        "옛 엑셀(.xls)·한글 파일이거나 암호가 걸린 파일입니다. 엑셀에서 열어 암호 없이 '.xlsx'로 저장해 주세요.",
        "An old .xls, an HWP or a file with a password: save it as .xlsx without one.",
    ),
    (b"%PDF", "PDF 파일입니다. 표를 CSV나 XLSX로 저장해 주세요.", "A PDF: save the table as CSV or XLSX."),
    (b"\x89PNG", "그림 파일입니다. 표를 CSV나 XLSX로 저장해 주세요.", "A picture: save the table as CSV or XLSX."),
    (b"\xff\xd8\xff", "그림 파일입니다. 표를 CSV나 XLSX로 저장해 주세요.", "A picture: save the table as CSV or XLSX."),
    (b"\x1f\x8b", "압축 파일입니다. 압축을 풀어 올려 주세요.", "A compressed file: unpack it first."),
    (b"7z\xbc\xaf", "압축 파일입니다. 압축을 풀어 올려 주세요.", "A compressed file: unpack it first."),
)
_PAGES: Final = (b"<!doctype html", b"<html", b"<table", b"<?xml")


def _refuse_other_kinds(data: bytes) -> None:
    for mark, korean, english in _OTHERS:
        if data.startswith(mark):
            raise BadInput(f"{korean} / {english}")
    begin = data[:400].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if begin.startswith(_PAGES):
        raise BadInput(
            "엑셀이라는 이름의 웹 페이지(HTML·XML)입니다. 엑셀에서 열어 '.xlsx'로 다시 저장해 주세요. "
            "/ A web page under the name of a spreadsheet: open it in Excel and save it as .xlsx."
        )
