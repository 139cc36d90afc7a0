from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.knowledge.columns import guess
from agent_assist.knowledge.entry_rows import EntryRows
from agent_assist.knowledge.table import Row
from agent_assist.knowledge.tables import open_table
from core.errors import BadInput
from tests.agent_assist.workbooks import SHEET, inline, raw, workbook

HEADER = ("번호", "제목", "내용")


def rows(data: bytes, sheet: str = "") -> list[Row]:
    return list(open_table("kb.xlsx", data, sheet=sheet).rows())


def test_values_are_texts_as_people_write_them() -> None:
    values = (7, 1.0, 0.1 + 0.2, True, datetime(2026, 3, 4), datetime(2026, 3, 4, 9, 30), date(2026, 3, 4), time(9, 30))
    (row,) = rows(workbook(("제목", "내용"), values))
    assert row.cells == ("7", "1", "0.3", "TRUE", "2026-03-04", "2026-03-04 09:30", "2026-03-04", "09:30")


def test_rows_know_their_place_and_empty_ones_are_left_out() -> None:
    data = workbook(("상담 자료",), (), HEADER, (1, "여권", "사진"), (), (2, "등본"))
    assert [(row.line, row.cells) for row in rows(data)] == [(4, ("1", "여권", "사진")), (6, ("2", "등본"))]
    assert open_table("kb.xlsx", data).count() == 2


def test_of_a_formula_the_saved_result_is_taken() -> None:
    cells = '<row><c t="str"><f>1+1</f><v>둘</v></c><c><f>2+2</f></c><c t="e"><v>#REF!</v></c></row>'
    header = '<row><c t="inlineStr"><is><t>제목</t></is></c><c t="inlineStr"><is><t>내용</t></is></c></row>'
    (row,) = rows(raw(SHEET.format(header + cells)))
    assert row.cells == ("둘",)
    formula, fault = row.remarks
    assert formula.startswith("B ")
    assert fault.startswith("C ")


def test_a_text_that_looks_like_a_formula_is_text() -> None:
    (row,) = rows(raw(inline(("제목", "내용"), ("=1+1", "'=2"))))
    assert row.cells == ("=1+1", "'=2")
    assert row.remarks == ()


def test_the_sheet_that_looks_like_a_table_is_read_and_that_is_said() -> None:
    data = workbook(("표지",), more={"자료": [HEADER, (1, "여권", "사진")], "다른": [HEADER, (2, "등본", "사진")]})
    table = open_table("kb.xlsx", data)
    assert (table.sheet, table.sheets) == ("자료", ("상담", "자료", "다른"))
    assert "자료" in table.remarks[0]
    assert [row.cells[0] for row in rows(data, "다른")] == ["2"]


def test_a_sheet_that_there_is_not_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="상담"):
        rows(workbook(HEADER), "없음")


def test_a_workbook_called_csv_is_a_workbook() -> None:
    assert open_table("kb.csv", workbook(HEADER, (1, "여권", "사진"))).kind == "xlsx"


def test_what_excel_writes_for_a_line_break_is_one() -> None:
    (row,) = rows(raw(inline(HEADER, ("1", "여권", "첫 줄_x000D_\n둘째"))))
    assert row.cells[2] == "첫 줄\n둘째"


def test_a_cell_of_five_megabytes_costs_its_row_only() -> None:
    table = open_table("kb.xlsx", raw(inline(HEADER, ("1", "여권", "A" * 5_000_000), ("2", "등본", "신분증"))))
    reading = EntryRows(guess(table.header))
    giant, other = (reading.take(row) for row in table.rows())
    assert "너무 깁니다(5,000,000자" in giant.rejected
    assert other.entry is not None


def test_a_row_number_from_nowhere_is_refused() -> None:
    sheet = SHEET.format('<row r="99999999999"><c t="inlineStr"><is><t>가</t></is></c></row>')
    with pytest.raises(BadInput, match="행이"):
        open_table("kb.xlsx", raw(sheet))


@pytest.mark.parametrize(
    "sheet", ["", "<worksheet", "<html></html>", SHEET.format("<row><c t='s'><v>99</v></c></row>")]
)
def test_a_broken_sheet_is_said_in_one_line(sheet: str) -> None:
    try:
        table = open_table("kb.xlsx", raw(sheet))
        assert list(table.rows()) == []
    except BadInput as fault:
        assert "\n" not in str(fault)


@given(st.binary(max_size=200))
def test_any_bytes_behind_the_mark_are_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        open_table("kb.xlsx", b"PK\x03\x04" + data)
