from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from agent_assist.knowledge.columns import guess
from agent_assist.knowledge.entry_rows import CELL_LIMIT, TITLE_LIMIT, EntryRows, Taken
from agent_assist.knowledge.table import Row
from core.personal import without_personal_number
from core.store.entry import Entry, Reference

HEADER = (
    *(
        "번호",
        "제목",
        "분류",
        "부서",
        "담당자",
        "대직자",
        "전화",
        "운영시간",
        "절차",
        "내용",
        "키워드",
        "제외어",
        "링크",
        "문자",
    ),
    *("수정일", "만료일", "검토일"),
)


def take(*lines: tuple[str, ...], header: tuple[str, ...] = ("번호", "제목", "내용")) -> list[Taken]:
    reading = EntryRows(guess(header))
    return [reading.take(Row(line=number, cells=cells)) for number, cells in enumerate(lines, 2)]


def one(*cells: str, header: tuple[str, ...] = ("번호", "제목", "내용")) -> Taken:
    return take(cells, header=header)[0]


def test_a_full_row() -> None:
    cells = (
        *("7.0", "여권 발급", "민원서류 > 여권", "민원여권과", "백서연", "임도현", "070-0055-1100", "평일 9-18시"),
        *(
            "접수 / 수령",
            "<p>첫 줄</p>둘째",
            "여권;여권 만들기",
            "여권 사진관",
            "안내 <https://city.example/a>",
            "사진 지참",
        ),
        *("2026-03-04", "2026.12.31.", "20260901"),
    )
    assert one(*cells, header=HEADER).entry == Entry(
        id="7",
        title="여권 발급",
        category="민원서류>여권",
        department="민원여권과",
        person="백서연",
        deputy="임도현",
        phone="070-0055-1100",
        hours="평일 9-18시",
        procedure=("접수", "수령"),
        body="첫 줄\n\n둘째",
        keywords=("여권", "여권 만들기"),
        excludes=("여권 사진관",),
        links=(Reference(title="안내", url="https://city.example/a"),),
        message="사진 지참",
        updated=date(2026, 3, 4),
        expires=date(2026, 12, 31),
        review_by=date(2026, 9, 1),
    )


def test_an_empty_title_is_made_from_the_text() -> None:
    taken = one("1", " ", "## 여권을 **다시** 만들려면\n사진을 가져오세요")
    assert taken.entry is not None
    assert (taken.entry.title, taken.entry.body[:2]) == ("여권을 다시 만들려면", "##")
    assert "첫 줄" in taken.remarks[0]


def test_of_a_long_first_line_the_title_is_its_beginning() -> None:
    taken = one("1", "", "낱말 " * 100)
    assert taken.entry is not None
    assert len(taken.entry.title) <= 80
    assert taken.entry.title.endswith("낱말…")


def test_a_long_title_goes_on_in_the_text() -> None:
    title = "아주 긴 제목 " * 60
    taken = one("1", title, "내용")
    assert taken.entry is not None
    assert len(taken.entry.title) <= TITLE_LIMIT
    assert taken.entry.body.startswith(title.strip())
    assert taken.entry.body.endswith("내용")
    assert taken.remarks


def test_a_title_alone_is_taken_and_told() -> None:
    taken = one("1", "여권", "")
    assert taken.entry is not None
    assert "제목뿐" in taken.remarks[0]


def test_without_title_and_text_the_row_is_left_out() -> None:
    assert "비어" in one("1", "", "<br>").rejected


@pytest.mark.parametrize(
    "cell", ["900101-1234567", "9001011234567", "900101&#45;1234567", "<b>900101</b>-<i>1234567</i>"]
)
def test_a_resident_number_keeps_the_row_out_and_is_not_repeated(cell: str) -> None:
    taken = one("1", "여권", f"신청인 {cell}")
    assert taken.entry is None
    assert "주민등록번호" in taken.rejected
    assert "1234567" not in taken.rejected


def test_a_giant_cell_keeps_the_row_out() -> None:
    taken = one("1", "여권", "가" * (CELL_LIMIT + 1))
    assert "너무 깁니다" in taken.rejected
    assert "본문" in taken.rejected


def test_a_text_that_grows_beyond_the_limit_is_left_out() -> None:
    assert "너무 깁니다" in one("1", "긴 제목 " * 100, "다" * CELL_LIMIT).rejected


def test_other_personal_numbers_are_masked_as_the_store_would_and_told() -> None:
    taken = one("1", "카드 4111-1111-1111-1111", "면허 11-12-345678-90 문의 02-120")
    assert taken.entry is not None
    assert "4111" not in taken.entry.title
    assert taken.entry.body.endswith("문의 02-120")
    assert without_personal_number(taken.entry.body) == taken.entry.body
    assert any("가립니다" in remark for remark in taken.remarks)


def test_what_is_no_date_is_left_empty_and_told() -> None:
    taken = one("여권", "어제", "2026-02-31", header=("제목", "만료일", "수정일"))
    assert taken.entry is not None
    assert (taken.entry.expires, taken.entry.updated) == (None, None)
    assert {remark.split(" ")[0] for remark in taken.remarks if "날짜" in remark} == {"만료일", "수정일"}


def test_what_is_no_address_is_no_link_and_told() -> None:
    taken = one("여권", "javascript:alert(1)", header=("제목", "링크"))
    assert taken.entry is not None
    assert taken.entry.links == ()
    assert any("javascript" in remark for remark in taken.remarks)


@pytest.mark.parametrize(
    ("cell", "category", "told"),
    [
        ("A>B>A", "A>B", True),
        ("A>A", "A", True),
        ("A > B > C", "A>B>C", False),
        (">".join("ABCDEFGHIJ"), "A>B>C>D>E>F>G>H", True),
    ],
)
def test_a_category_that_leads_back_to_itself_is_cut_and_told(cell: str, category: str, told: bool) -> None:
    taken = one("여권", "내용", cell, header=("제목", "내용", "분류"))
    assert taken.entry is not None
    assert taken.entry.category == category
    assert bool(taken.remarks) is told


def test_more_cells_than_the_header_are_told() -> None:
    taken = one("1", "여권", "사진", "신분증", "")
    assert taken.entry is not None
    assert "1개" in taken.remarks[0]


def test_the_same_number_twice() -> None:
    first, second = take(("1", "여권", "가"), ("1.0", "등본", "나"))
    assert first.entry is not None
    assert second.rejected.startswith("번호 1이(가) 2행과 같습니다")


def test_rows_without_a_number_get_one_that_stays_and_differs() -> None:
    rows = (("", "여권", "가"), ("", "여권", "나"), ("", "여권", "가"), ("", "등본", "가"))
    taken = take(*rows)
    ids = [each.entry.id for each in taken if each.entry]
    assert len(set(ids)) == 3
    assert "2행과 내용이 같습니다" in taken[2].rejected
    assert ids == [each.entry.id for each in take(*rows) if each.entry]


def test_our_own_rows_are_taken_as_they_are() -> None:
    taken = one("1", "A & B", "<b>그대로</b>\n\n\n  &amp;", "markdown", header=("번호", "제목", "내용", "형식"))
    assert taken.entry is not None
    assert taken.entry.body == "<b>그대로</b>\n\n\n  &amp;"


def test_a_text_of_a_mac_is_composed() -> None:
    taken = one("1", unicodedata.normalize("NFD", "여권 발급"), unicodedata.normalize("NFD", "사진"))
    assert taken.entry is not None
    assert (taken.entry.title, taken.entry.body) == ("여권 발급", "사진")


def test_what_the_table_speaks_of() -> None:
    assert EntryRows(guess(("번호", "제목", "비고"))).fields == {"id", "title"}
