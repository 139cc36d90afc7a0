"""Workbooks for tests: good ones, and ones that somebody made to do harm."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="상담" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def workbook(*rows: Sequence[Any], more: dict[str, Sequence[Sequence[Any]]] | None = None) -> bytes:
    """As the library writes it; ``more`` are further sheets."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "상담"
    for row in rows:
        sheet.append(list(row))
    for name, others in (more or {}).items():
        other = book.create_sheet(name)
        for row in others:
            other.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def raw(sheet: str | bytes, **others: str | bytes) -> bytes:
    """Written by hand: the sheet's XML as it is, and other members."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**PARTS, "xl/worksheets/sheet1.xml": sheet, **others}.items():
            archive.writestr(name, content)
    return file.getvalue()


def inline(*rows: Sequence[str]) -> str:
    """A sheet's XML with these texts."""
    lines = (
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows
    )
    return SHEET.format("".join(lines))


def bomb(mebibytes: int) -> bytes:
    """A workbook of some kilobytes whose sheet unpacks to that much."""
    row = b'<row><c t="inlineStr"><is><t>' + b"A" * (1024 * 1024) + b"</t></is></c></row>"
    begin, end = SHEET.encode().split(b"{}")
    return raw(begin + row * mebibytes + end)


def laughs() -> bytes:
    """Billion laughs: entities that name each other ten times over."""
    names = [f'<!ENTITY lol{depth} "{f"&lol{depth - 1};" * 10}">' for depth in range(1, 10)]
    dtd = f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY lol0 "lol">{"".join(names)}]>'
    return raw(dtd + inline(("제목",), ("&lol9;",)))
