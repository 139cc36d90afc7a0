"""The shipped consultation entries: complete, consistent with the city, and none can be telephoned."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from core.city import City, load

COLUMNS = ["번호", "제목", "분류", "부서", "담당자", "대직자", "전화", "절차", "본문", "키워드", "문자", "수정일"]
IMPOSSIBLE = re.compile(r"070-00\d\d-\d{4}")
ANY_PHONE = re.compile(r"\d{2,4}-\d{3,4}-\d{4}")
TOO_GENERAL = re.compile(
    "문의|신청|전화|신고|접수|예약|확인|안내|상담|발급|방법|시간|위치|요금|비용|수수료|서류|준비물|담당자|부서|민원|시청|지원|지원금|변경|등록"
    "|납부|취소|환불|고장|수리|처리|결과|이용|대상|자격|기간|네|아니요|감사합니다"
)
SMS_BYTES = 90


@pytest.fixture(scope="module")
def city() -> City:
    return load()


@pytest.fixture(scope="module")
def text() -> str:
    return (resources.files("agent_assist") / "knowledge" / "hanbit.csv").read_bytes().decode("utf-8")


@pytest.fixture(scope="module")
def entries(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(keepends=True), strict=True))


def test_the_header_is_the_promised_one(text: str) -> None:
    assert text.split("\r\n", 1)[0] == ",".join(COLUMNS)


def test_there_are_enough_entries_numbered_from_one(entries: list[dict[str, str]]) -> None:
    assert len(entries) >= 180
    assert [int(one["번호"]) for one in entries] == list(range(1, len(entries) + 1))


def test_no_cell_is_empty_or_untidy(entries: list[dict[str, str]]) -> None:
    for one in entries:
        for column in COLUMNS:
            cell = one[column]
            assert cell
            assert cell == " ".join(cell.split()), (one["번호"], column)


def test_titles_and_texts_are_all_different(entries: list[dict[str, str]]) -> None:
    for column in ("제목", "본문", "절차", "문자"):
        assert [cell for cell, n in Counter(one[column] for one in entries).items() if n > 1] == [], column


def test_categories_are_two_steps(entries: list[dict[str, str]]) -> None:
    for one in entries:
        assert len([step for step in one["분류"].split(">") if step.strip()]) == 2, one["번호"]
    assert len({one["분류"].split(">")[0] for one in entries}) >= 12


def test_departments_and_people_are_the_citys(entries: list[dict[str, str]], city: City) -> None:
    for one in entries:
        department = city.department(one["부서"])
        assert department is not None, one["부서"]
        (person,) = city.people_named(one["담당자"])
        assert person.department == department.id, one["번호"]
        assert one["대직자"] == city.deputy_of(person).name, one["번호"]
        assert one["전화"] == department.phone, one["번호"]


def test_every_department_answers_for_something(entries: list[dict[str, str]], city: City) -> None:
    assert {one["부서"] for one in entries} == {one.name for one in city.departments}


def test_no_number_can_be_dialled(entries: list[dict[str, str]]) -> None:
    for one in entries:
        assert IMPOSSIBLE.fullmatch(one["전화"])
        for number in ANY_PHONE.findall(" ".join(one.values())):
            assert IMPOSSIBLE.fullmatch(number), (one["번호"], number)


def test_steps_can_be_shown_as_a_list(entries: list[dict[str, str]]) -> None:
    for one in entries:
        assert len([step for step in one["절차"].split(" / ") if step.strip()]) >= 2, one["번호"]


def test_texts_have_two_to_six_sentences(entries: list[dict[str, str]]) -> None:
    for one in entries:
        assert 2 <= len(re.findall(r"[.?!](?:\s|$)", one["본문"])) <= 6, one["번호"]
        assert one["본문"].endswith("."), one["번호"]


def test_keywords_are_words_that_decide_something(entries: list[dict[str, str]]) -> None:
    for one in entries:
        words = one["키워드"].split(";")
        assert 4 <= len(words) <= 12, one["번호"]
        assert len(set(words)) == len(words), one["번호"]
        assert all(word == word.strip() and len(word) >= 2 for word in words), one["번호"]
        assert not [word for word in words if TOO_GENERAL.fullmatch(word)], one["번호"]


def test_no_keyword_belongs_to_two_entries(entries: list[dict[str, str]]) -> None:
    counts = Counter(word for one in entries for word in one["키워드"].split(";"))
    assert [word for word, n in counts.items() if n > 1] == []


def test_messages_fit_one_sms_and_carry_the_number(entries: list[dict[str, str]]) -> None:
    for one in entries:
        assert len(one["문자"].encode("cp949")) <= SMS_BYTES, one["번호"]
        assert one["전화"] in one["문자"], one["번호"]
        assert one["문자"].startswith("[한빛시] "), one["번호"]


def test_dates_of_change_are_in_2026(entries: list[dict[str, str]]) -> None:
    assert {dt.date.fromisoformat(one["수정일"]).year for one in entries} == {2026}


def test_spoken_sentences_ask_for_entries_that_exist(entries: list[dict[str, str]]) -> None:
    path = Path(__file__).parents[1] / "fixtures" / "sentences_ko.txt"
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= 120
    assert all(re.fullmatch("[가-힣 ]+", sentence) for _, sentence in lines)
    assert len({sentence for _, sentence in lines}) == len(lines)
    assert {int(number) for number, _ in lines} <= {0, *(int(one["번호"]) for one in entries)}
