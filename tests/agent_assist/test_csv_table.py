from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.knowledge.csv_table import CsvTable, protected, unprotected
from agent_assist.knowledge.tables import open_table
from core.errors import BadInput


def rows(text: str) -> list[tuple[int, tuple[object, ...]]]:
    return [(row.line, row.cells) for row in CsvTable("kb.csv", text.encode()).rows()]


def test_rows_with_the_lines_on_which_they_begin() -> None:
    assert rows('번호,제목\r\n1,"두\r\n줄"\r\n\r\n ,\r\n2,등본\r\n') == [(2, ("1", "두\r\n줄")), (6, ("2", "등본"))]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(separator: str) -> None:
    assert rows(separator.join(("번호", "제목")) + "\n" + separator.join(("1", '"가, 나; 다"'))) == [
        (2, ("1", "가, 나; 다"))
    ]


def test_a_quote_that_is_never_closed_costs_its_own_line_only() -> None:
    table = CsvTable("kb.csv", '번호,제목\n1,"닫히지 않음\n2,등본\n3,초본\n'.encode())
    found = list(table.rows())
    assert [(row.line, row.cells[0], bool(row.remarks)) for row in found] == [
        (2, "1", True),
        (3, "2", False),
        (4, "3", False),
    ]
    assert str(found[0].cells[1]).strip() == "닫히지 않음"


def test_a_stray_quote_does_not_swallow_the_rows_up_to_the_next_one() -> None:
    found = rows('번호,제목\n1,"가\n2,나\n3,"다"\n4,라\n')
    assert [cells[0] for _, cells in found] == ["1", "2", "3", "4"]


def test_quotes_within_quotes_that_nobody_doubled() -> None:
    table = CsvTable("kb.csv", '번호,제목,내용\n1,가,"그는 "여권"을 냈다"\n2,나,다\n'.encode())
    first, second = table.rows()
    assert first.remarks
    assert "여권" in str(first.cells[2])
    assert second.cells == ("2", "나", "다")


def test_of_a_cell_over_two_lines_with_such_quotes_both_are_kept() -> None:
    found = rows('번호,제목,내용\n1,"첫 줄\n둘째 "줄" 끝",끝\n2,나,다\n')
    assert found[0][1][2] == "끝"
    assert "둘째" in str(found[0][1][1])
    assert found[1] == (4, ("2", "나", "다"))


def test_a_headline_above_the_header() -> None:
    table = CsvTable("kb.csv", "2026년 상담 자료,\n\n번호,제목\n1,여권\n".encode())
    assert table.header == ("번호", "제목")
    assert [row.line for row in table.rows()] == [4]
    assert table.count() == 1
    assert "건너뜁니다" in table.remarks[0]


def test_columns_of_the_same_name_are_told() -> None:
    assert "제목" in CsvTable("kb.csv", "제목,내용,제목\n가,나,다\n".encode()).remarks[0]


def test_it_may_be_read_again() -> None:
    table = CsvTable("kb.csv", "번호,제목\n1,여권\n".encode())
    assert list(table.rows()) == list(table.rows())


def test_formulas_are_text() -> None:
    assert rows("번호,제목\n1,=1+1\n2,'=1+1\n3,'작은따옴표'\n") == [
        (2, ("1", "=1+1")),
        (3, ("2", "=1+1")),
        (4, ("3", "'작은따옴표'")),
    ]


@given(st.text(alphabet="'=+-@\t\r가a", max_size=6))
def test_what_is_protected_is_no_formula_and_comes_back(cell: str) -> None:
    assert unprotected(protected(cell)) == cell
    assert not protected(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.lists(st.text(max_size=6), min_size=2, max_size=2), max_size=8))
def test_what_a_spreadsheet_writes_is_read_as_it_was(cells: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("번호", "제목"))
    writer.writerows([protected(cell) for cell in row] for row in cells)
    data = text.getvalue().encode("utf-8", "replace").replace(b"\0", b"")
    expected = [tuple(cell.encode("utf-8", "replace").decode().replace("\0", "") for cell in row) for row in cells]
    found = [row.cells for row in CsvTable("kb.csv", data, "utf-8").rows()]
    assert found == [row for row in expected if any(cell.strip() for cell in row)]


@given(st.text(alphabet='",\n가a;', max_size=60))
def test_whatever_the_quotes_no_letter_is_lost(text: str) -> None:
    found = [row.cells for row in CsvTable("kb.csv", f"번호,제목\n{text}".encode()).rows()]
    assert sum(str(cell).count("가") for row in found for cell in row) == text.count("가")


def test_broken_quotes_all_over_take_no_time() -> None:
    began = time.monotonic()
    table = CsvTable("kb.csv", "번호,제목\n".encode() + b'1,"a\n' * 100_000)
    assert table.count() == 100_000
    far = CsvTable("kb.csv", "번호,제목,내용\n".encode() + b'1,"""a\n' * 20_000)
    try:
        far.count()
    except BadInput as fault:
        assert "따옴표" in str(fault)
    assert time.monotonic() - began < 20


def test_the_name_does_not_matter() -> None:
    assert open_table("상담.xlsx", "번호,제목\n1,여권\n".encode("cp949")).kind == "csv"
