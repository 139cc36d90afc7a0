from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.knowledge.csv_import import read_csv
from core.errors import BadInput
from core.home import Home
from core.store.entry import Entry
from core.store.sql_store import open_store

DASAN = Path(__file__).parents[3] / "shared" / "data" / "dasan-kb" / "seoul-120-text.csv"


def table(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


FULL = table(
    "번호,제목,분류,부서,담당자,대직자,전화,절차,본문,키워드,문자,수정일",
    '7,여권 발급,민원서류>여권,민원여권과,백서연,임도현,070-0055-1100,접수 / 수령,"첫 줄',
    '둘째 줄",여권;여권 만들기,[한빛시] 사진 지참,2026-03-04',
)


def test_a_full_row() -> None:
    (entry,) = read_csv(FULL).entries
    assert entry == Entry(
        id="7",
        title="여권 발급",
        category="민원서류>여권",
        department="민원여권과",
        person="백서연",
        deputy="임도현",
        phone="070-0055-1100",
        procedure=("접수", "수령"),
        body="첫 줄\n둘째 줄",
        keywords=("여권", "여권 만들기"),
        message="[한빛시] 사진 지참",
        updated=date(2026, 3, 4),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le"])
def test_encodings(encoding: str) -> None:
    (entry,) = read_csv(FULL.decode().encode(encoding)).entries
    assert (entry.id, entry.title) == ("7", "여권 발급")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(separator: str) -> None:
    (entry,) = read_csv(
        table(separator.join(("id", "title", "body")), separator.join(("1", "여권", '"가, 나; 다"')))
    ).entries
    assert entry.body == "가, 나; 다"


def test_rejected_rows_have_line_and_reason() -> None:
    report = read_csv(
        table(
            "번호,제목,내용",
            "1,여권,사진",
            "1,등본,신분증",
            "2,,",
            '3,"두 줄',
            '제목",끝',
            "4,주민번호,신청인 900101-1234567",
            "5,수도,계량기",
        )
    )
    assert [entry.id for entry in report.entries] == ["1", "3", "5"]
    assert [(note.line, note.reason.split(" / ")[0]) for note in report.rejected] == [
        (3, "번호 1이(가) 2행과 같습니다"),
        (4, "제목도 내용도 비어 있습니다"),
        (7, "주민등록번호로 보이는 숫자가 있습니다. 지우고 올려 주세요"),
    ]
    assert all("900101" not in note.reason for note in report.rejected)


def test_the_same_content_twice_is_kept_and_said() -> None:
    report = read_csv(table("번호,제목,내용", "1,여권,사진", "2,여권,사진"))
    assert len(report.entries) == 2
    assert [note.line for note in report.remarks] == [3]


def test_a_date_that_is_none_is_left_empty_and_said() -> None:
    report = read_csv(table("제목,수정일", "여권,어제"))
    assert report.entries[0].updated is None
    assert report.remarks[0].line == 2


def test_rows_without_a_number_get_one_that_stays() -> None:
    data = table("제목,부서", "여권,민원과", "여권,교통과")
    first = read_csv(data).entries
    assert len({entry.id for entry in first}) == 2
    assert first == read_csv(data).entries


def test_numbers_that_a_spreadsheet_made_to_fractions() -> None:
    assert read_csv(table("번호,제목", "12.0,여권")).entries[0].id == "12"


def test_blank_lines_and_short_rows() -> None:
    report = read_csv(table("", "번호,제목,내용", "", ",,", "1,여권", ""))
    assert [entry.title for entry in report.entries] == ["여권"]
    assert report.rejected == ()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "비어"),
        (table("이름,나이", "가,1"), "이름"),
        (table("번호,제목"), "하나도"),
        (table("번호,제목", "1,"), "2행"),
        (table("번호,제목", '1,"닫히지 않은', "칸"), ""),
    ],
)
def test_what_can_not_be_used_is_one_line_of_advice(data: bytes, word: str) -> None:
    try:
        report = read_csv(data)
    except BadInput as fault:
        assert word in str(fault)
        assert "\n" not in str(fault)
    else:
        assert word == ""
        assert len(report.entries) == 1


def test_a_giant_cell_is_one_rejected_row() -> None:
    report = read_csv(table("제목,내용", "여권," + "가" * 5_000_000, "등본,나"))
    assert [entry.title for entry in report.entries] == ["등본"]
    assert report.rejected[0].line == 2


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        report = read_csv(b"title\n" + data)
    except BadInput:
        return
    assert all(entry.title for entry in report.entries)


async def test_the_store_keeps_them_as_they_are(home: Home) -> None:
    store = await open_store("", home)
    try:
        report = read_csv(FULL)
        await store.put_entries(report.entries)
        kept = [msgspec.structs.replace(entry, version=0) for entry in await store.entries()]
        assert kept == list(report.entries)
    finally:
        await store.close()


@pytest.mark.shared
@pytest.mark.skipif(not DASAN.exists(), reason="the shared material is not there")
def test_a_real_messy_database_comes_in_whole() -> None:
    report = read_csv(DASAN.read_bytes())
    assert len(report.entries) == 2645
    assert report.rejected == ()
    assert report.ignored_columns == ("내용번호",)
    assert report.entries[0].id == "2645"
    assert not any("&amp;" in entry.title or "&lt;" in entry.body for entry in report.entries)
