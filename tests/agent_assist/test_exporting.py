from __future__ import annotations

import csv
import io
import json
from datetime import date

import msgspec
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_assist.knowledge.columns import guess
from agent_assist.knowledge.entry_rows import EntryRows
from agent_assist.knowledge.exporting import COLUMNS, Format, exported, format_of
from agent_assist.knowledge.tables import open_table
from core.errors import BadInput
from core.store.entry import Attachment, Entry, Reference

FORMATS: tuple[Format, ...] = ("csv", "xlsx", "json")
FULL = Entry(
    id="7",
    title="=HYPERLINK(1) 여권 & <b>",
    category="민원서류>여권",
    department="민원여권과",
    person="백서연",
    deputy="임도현",
    phone="+82-2-120",
    hours="평일 9-18시\n점심 없음",
    procedure=("서울 / 부산",),
    body="- 사진\n   - 한 장\n\n\n<script>alert(1)</script> &amp;amp; '=1",
    keywords=("여권", "등본; 초본"),
    excludes=("-여권 사진관",),
    links=(Reference(title="안내", url="https://city.example/(가)"), Reference(title="http://a", url="http://a")),
    message="@사진 지참",
    updated=date(2026, 3, 4),
    expires=date(2026, 12, 31),
    review_by=date(2026, 9, 1),
)


def read(data: bytes) -> list[Entry]:
    table = open_table("kb", data)
    reading = EntryRows(guess(table.header))
    taken = [reading.take(row) for row in table.rows()]
    assert [each.rejected for each in taken if each.rejected] == []
    return [each.entry for each in taken if each.entry]


@pytest.mark.parametrize("format", FORMATS)
def test_everything_comes_back(format: Format) -> None:
    entries = [FULL, Entry(id="8", title="등본", body="신분증")]
    assert read(exported(entries, format)) == entries


LINES = st.text(alphabet="가나 =+-@'<>&;/b1", max_size=12).map(lambda text: " ".join(text.split()))
TEXTS = st.text(alphabet="가 \n=+-@'<>&;,\"b1-", max_size=40)
WORDS = st.lists(LINES.filter(bool), max_size=3, unique=True).map(tuple)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    return Entry(
        id="1",
        title=draw(LINES.filter(bool)),
        department=draw(LINES),
        phone=draw(LINES),
        procedure=draw(WORDS),
        body=draw(TEXTS),
        keywords=draw(WORDS),
        excludes=draw(WORDS),
        message=draw(TEXTS),
    )


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entry=entries())
def test_any_text_comes_back(format: Format, entry: Entry) -> None:
    assert read(exported([entry], format)) == [entry]


def test_no_cell_of_a_csv_is_a_formula_to_a_spreadsheet() -> None:
    for row in csv.reader(io.StringIO(exported([FULL], "csv").decode("utf-8-sig"))):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(exported([FULL], "xlsx"))).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "-", "@")))


def test_a_text_longer_than_a_cell_of_excel_is_kept_whole() -> None:
    entry = Entry(id="1", title="여권", body="가나다라 " * 18_000 + "끝")
    data = exported([entry, Entry(id="2", title="등본", body="짧음")], "xlsx")
    assert read(data) == [entry, Entry(id="2", title="등본", body="짧음")]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert all(len(str(cell.value)) <= 32_767 for row in sheet.iter_rows() for cell in row)


def test_a_csv_begins_with_a_mark_and_the_names_that_the_import_knows() -> None:
    data = exported([], "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert tuple(data.decode("utf-8-sig").strip().split(",")) == COLUMNS


def test_json_says_what_it_is_and_has_an_entry_a_line() -> None:
    data = exported([FULL, FULL], "json")
    assert json.loads(data)["format"] == "minwon-kb/1"
    assert data.count(b"\n") == 4


def test_what_belongs_to_this_database_only_is_not_exported() -> None:
    with_file = msgspec.structs.replace(FULL, attachments=(Attachment(id="a", name="신청서.hwp", size=1),), version=3)
    for format_ in FORMATS:
        assert exported([with_file], format_)[:10] == exported([FULL], format_)[:10]
    assert b"hwp" not in exported([with_file], "json")


@pytest.mark.parametrize(("name", "format"), [("a.csv", "csv"), ("A.XLSX", "xlsx"), ("b.json", "json")])
def test_formats_by_name(name: str, format: Format) -> None:
    assert format_of(name) == format


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadInput, match=r"\.xlsx"):
        format_of("kb.hwp")
