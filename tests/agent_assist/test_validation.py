"""What may be saved: one form, and all that is wrong, each in words."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent_assist.knowledge.content import Content
from agent_assist.knowledge.validation import (
    check,
    check_category,
    check_department,
    check_person,
    checked,
    clean_note,
    is_unmerged,
)
from core.faulty import Faulty
from core.store.entry import Attachment, Reference
from core.store.knowledge import Category, Department, Person
from core.store.resolving import Shelf

SHELF = Shelf(
    [Department(id="d1", name="민원과"), Department(id="d2", name="옛 과", closed=True)],
    [Person(id="p1", name="김하늘"), Person(id="p2", name="이바다"), Person(id="p3", name="박산", left=True)],
    [Category(id="c1", name="민원")],
)
GOOD = Content(
    title="여권 재발급",
    category_id="c1",
    department_id="d1",
    person_id="p1",
    deputy_id="p2",
    phone="02-120(내선 12), 010-0000-0000~3",
    hours="평일 09:00-18:00",
    procedure=("신청서", "신청서"),
    body="# 여권\n\n  들여쓰기",
    keywords=("여권", "분실"),
    links=(Reference(title="외교부", url="https://www.passport.go.kr/home?a=1#b"),),
    attachments=(Attachment(id="a" * 64, name="신청서.hwp", size=1),),
    expires=date(2027, 1, 1),
    review_by=date(2026, 6, 1),
)


def faults(content: Content, before: Content | None = None) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in check(content, SHELF, before=before)[1]]


def test_good_content_stays_as_it_is() -> None:
    assert check(GOOD, SHELF) == (GOOD, ())
    assert checked(GOOD, SHELF) == GOOD


def test_content_is_put_into_one_form() -> None:
    messy = Content(
        title="  여권\t\n 재발급\u200b\ufeff ",
        body="\r\n하나\r\n\r\n둘  \r셋\x07\n",
        keywords=(" 여권 ", "여권", "", unicodedata.normalize("NFD", "분실")),
        procedure=(" ", "하나", "하나"),
        links=(Reference(title="", url=""), Reference(title=" 가 ", url=" https://a.kr ")),
        phone=" 02-120 ",
        message="줄\n줄\x00",
    )
    tidy, found = check(messy, SHELF)
    assert found == ()
    assert tidy.title == "여권 재발급\u200b"
    assert tidy.body == "하나\n\n둘  \n셋", "two blanks at a line's end mean something in Markdown"
    assert tidy.keywords == ("여권", "분실")
    assert tidy.procedure == ("하나", "하나")
    assert tidy.links == (Reference(title="가", url="https://a.kr"),)
    assert tidy.phone == "02-120"
    assert tidy.message == "줄\n줄"
    assert check(tidy, SHELF)[0] == tidy


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": ""}, ("title", "missing")),
        ({"title": " \n "}, ("title", "missing")),
        ({"title": "가" * 301}, ("title", "too_long")),
        ({"body": "가" * 200_001}, ("body", "too_long")),
        ({"body": "x" * 5_000_000}, ("body", "too_long")),
        ({"message": "가" * 2001}, ("message", "too_long")),
        ({"keywords": ("가" * 101,)}, ("keywords", "too_long")),
        ({"keywords": tuple(str(number) for number in range(301))}, ("keywords", "too_many")),
        ({"procedure": ("가",) * 101}, ("procedure", "too_many")),
        ({"links": tuple(Reference(title=str(n), url="https://a.kr") for n in range(51))}, ("links", "too_many")),
        ({"phone": "02-120 <script>"}, ("phone", "phone")),
        ({"phone": "여권과로 전화"}, ("phone", "phone")),
        ({"links": (Reference(title="x", url="javascript:alert(1)"),)}, ("links", "link")),
        ({"links": (Reference(title="x", url="data:text/html,x"),)}, ("links", "link")),
        ({"links": (Reference(title="x", url="//a.kr"),)}, ("links", "link")),
        ({"links": (Reference(title="x", url='https://a.kr/"x'),)}, ("links", "link")),
        ({"links": (Reference(title="x", url="https://a.kr@evil.kr"),)}, ("links", "link")),
        ({"links": (Reference(title="x", url="https://a.kr/\nx"),)}, ("links", "link")),
        ({"links": (Reference(title="x", url=""),)}, ("links", "link")),
        ({"expires": date(1, 1, 1), "review_by": None}, ("expires", "date")),
        ({"review_by": date(9999, 1, 1), "expires": None}, ("review_by", "date")),
        ({"review_by": date(2027, 1, 2)}, ("review_by", "order")),
        ({"department_id": "none"}, ("department_id", "unknown")),
        ({"person_id": "none"}, ("person_id", "unknown")),
        ({"deputy_id": "none"}, ("deputy_id", "unknown")),
        ({"category_id": "none"}, ("category_id", "unknown")),
        ({"department_id": "d2"}, ("department_id", "closed")),
        ({"person_id": "p3"}, ("person_id", "left")),
        ({"deputy_id": "p1"}, ("deputy_id", "self")),
        ({"body": "줄\n<<<<<<< 내 내용 / mine\n"}, ("body", "unmerged")),
        ({"message": ">>>>>>> x"}, ("message", "unmerged")),
    ],
)
def test_what_is_wrong_is_told_with_its_field(change: dict[str, object], expected: tuple[str, str]) -> None:
    found = faults(replace(GOOD, **change))
    assert expected in found
    assert {field for field, _ in found} == {expected[0]}


@pytest.mark.parametrize(
    "change",
    [
        {"title": "홍길동 900101-1234567"},
        {"body": "번호 9001011234567 입니다"},
        {"message": "900101 1234567"},
        {"procedure": ("가", "900101-1234567")},
        {"keywords": ("900101-1234567",)},
        {"links": (Reference(title="900101-1234567", url="https://a.kr"),)},
        {"links": (Reference(title="x", url="https://a.kr/?n=900101-1234567"),)},
        {"attachments": (Attachment(id="a", name="900101-1234567.pdf", size=1),)},
        {"hours": "900101-1234567"},
        {"body": "카드 4111-1111-1111-1111"},
    ],
)
def test_a_personal_number_is_refused_wherever_it_stands(change: dict[str, object]) -> None:
    assert [code for _, code in faults(replace(GOOD, **change))] == ["personal_number"]


def test_everything_wrong_is_told_at_once_korean_first() -> None:
    with pytest.raises(Faulty) as refused:
        checked(replace(GOOD, title="", phone="x", expires=date(1, 1, 1), review_by=None), SHELF)
    assert {fault.field for fault in refused.value.faults} == {"title", "phone", "expires"}
    assert refused.value.code == "faulty"
    for fault in refused.value.faults:
        assert " / " in fault.message
        assert "가" <= fault.message[0] <= "힣"


def test_a_closed_department_stays_where_it_was() -> None:
    old = replace(GOOD, department_id="d2", person_id="p3")
    assert faults(old, before=old) == []
    assert faults(replace(old, title="x"), before=old) == []
    assert faults(old, before=GOOD) == [("department_id", "closed"), ("person_id", "left")]


def test_a_heading_underlined_is_no_mark_of_a_merge() -> None:
    assert not is_unmerged("제목\n=======\n글")
    assert faults(replace(GOOD, body="제목\n=======\n글")) == []


def test_records() -> None:
    assert check_department(Department(id="d", name=" 민원  과 ", phone="02-1 ")).name == "민원 과"
    assert check_person(Person(id="p", name="김", department_id="d1", deputy_id="p1"), SHELF).name == "김"
    assert check_category(Category(id="c", name="여권\x00")).name == "여권"
    for record, expected in (
        (lambda: check_department(Department(id="d", name=" ")), "missing"),
        (lambda: check_department(Department(id="d", name="과" * 101)), "too_long"),
        (lambda: check_department(Department(id="d", name="과", phone="전화")), "phone"),
        (lambda: check_person(Person(id="p", name="900101-1234567"), SHELF), "personal_number"),
        (lambda: check_person(Person(id="p", name="김", department_id="x"), SHELF), "unknown"),
        (lambda: check_person(Person(id="p", name="김", deputy_id="x"), SHELF), "unknown"),
        (
            lambda: check_person(
                Person(id="p", name="김", absent_from=date(2026, 1, 2), absent_until=date(2026, 1, 1)), SHELF
            ),
            "absence",
        ),
        (lambda: check_category(Category(id="c", name="민원>여권")), "name"),
    ):
        with pytest.raises(Faulty) as refused:
            record()
        assert [fault.code for fault in refused.value.faults] == [expected]


def test_notes() -> None:
    assert clean_note(" 틀림\r\n전화 ") == "틀림\n전화"
    for wrong, code in ((" \n", "missing"), ("가" * 1001, "too_long")):
        with pytest.raises(Faulty) as refused:
            clean_note(wrong)
        assert refused.value.faults[0].code == code


@given(st.builds(Content, title=st.text(max_size=30), body=st.text(max_size=50), phone=st.text(max_size=9)))
def test_any_text_is_put_into_a_form_that_stays(content: Content) -> None:
    tidy, found = check(content, SHELF)
    assert check(tidy, SHELF) == (tidy, found)
