from __future__ import annotations

from agent_assist.knowledge.columns import guess, mapped
from agent_assist.knowledge.previewing import preview
from agent_assist.knowledge.tables import open_table
from tests.agent_assist.workbooks import workbook

TABLE = "번호,이름,내용\n1,여권,사진\n2,,\n3,,신청인 900101-1234567\n4,등본,신분증\n"


def test_the_first_rows_as_they_would_become() -> None:
    table = open_table("kb.csv", TABLE.encode("cp949"))
    shown = preview(table, mapped(table.header, ["이름=title"]), limit=3)
    assert [(row.line, row.entry.title if row.entry else None) for row in shown.rows] == [
        (2, "여권"),
        (3, None),
        (4, None),
    ]
    assert all(row.rejected for row in shown.rows if row.entry is None)
    assert (shown.total, shown.encoding, shown.header) == (4, "cp949", ("번호", "이름", "내용"))


def test_without_a_title_the_person_still_sees_the_table() -> None:
    table = open_table("kb.csv", TABLE.encode())
    shown = preview(table, guess(table.header))
    assert shown.rows[0].entry is not None
    assert shown.rows[0].entry.title == "사진"
    assert shown.mapping.place("title") is None


def test_sheets_to_choose_from() -> None:
    table = open_table("kb.xlsx", workbook(("번호", "제목"), (1, "여권"), more={"둘": [("제목",)]}))
    shown = preview(table, guess(table.header))
    assert (shown.sheet, shown.sheets, shown.total) == ("상담", ("상담", "둘"), 1)
