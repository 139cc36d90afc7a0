from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.knowledge.columns import FIELDS, NAMES, Mapping, chosen, guess, has_title, header_place, mapped
from core.errors import BadInput


def test_korean_and_english_names() -> None:
    assert guess(["번호", "제목", "내용"]).places() == {"id": 0, "title": 1, "body": 2}
    assert guess(["Title", "ID", "Answer"]).places() == {"title": 0, "id": 1, "body": 2}


def test_the_fields_that_came_with_versions() -> None:
    header = ["제목", "운영시간", "제외어", "링크", "만료일", "검토일", "형식"]
    assert list(guess(header).places()) == ["title", "hours", "excludes", "links", "expires", "review_by", "form"]


def test_spaces_and_case_do_not_matter() -> None:
    assert guess([" 담당 부서 ", "제 목", "PHONE"]).places() == {"department": 0, "title": 1, "phone": 2}


def test_names_of_a_mac_are_composed() -> None:
    assert guess(["제목", "내용"]).places() == {"title": 0, "body": 1}


def test_of_two_names_for_a_field_the_plainer_wins() -> None:
    assert guess(["질문", "제목"]).place("title") == 1


def test_a_guess_by_a_part_of_the_name_is_not_sure() -> None:
    columns = guess(["번호", "민원 제목", "답변내용(필수)"]).columns
    assert [(column.field, column.sure) for column in columns] == [("id", True), ("title", False), ("body", False)]


@pytest.mark.parametrize("name", ["내용번호", "담당구역", "제목번호", "비고"])
def test_names_that_only_sound_like_one_are_left_alone(name: str) -> None:
    assert guess(["제목 ", name]).ignored() == (name,)


def test_a_number_of_a_telephone_is_one() -> None:
    assert guess(["제목", "문의 전화번호"]).place("phone") == 1


def test_without_a_title_it_is_said_in_one_line_what_is_there_and_what_is_wanted() -> None:
    with pytest.raises(BadInput) as fault:
        guess(["이름", "나이"]).needs_title()
    message = str(fault.value)
    assert "\n" not in message
    for word in ("이름", "나이", "제목", "본문", "title", "--map"):
        assert word in message


def test_a_header_of_bytes_gone_wrong_is_cut() -> None:
    with pytest.raises(BadInput) as fault:
        guess(["x" * 10_000] * 1000).needs_title()
    assert len(str(fault.value)) < 2000


def test_ignored_columns_are_named() -> None:
    assert guess(["번호", "제목", "내용번호", ""]).ignored() == ("내용번호",)


def test_what_is_told_overrules_the_guess() -> None:
    header = ["번호", "제목", "부제", "내용", "비고"]
    mapping = mapped(header, ["부제=title", "#5=본문", "번호=-"])
    assert mapping.places() == {"title": 2, "body": 4}
    assert mapping.ignored() == ("번호", "제목", "내용")
    assert all(column.sure for column in mapping.columns if column.field)


def test_a_column_whose_name_has_an_equals_sign() -> None:
    assert mapped(["A=B", "제목"], ["A=B=body"]).place("body") == 0


@pytest.mark.parametrize(
    ("pair", "word"),
    [
        ("없음=title", "있는 열"),
        ("제목=titel", "'title'인가요"),
        ("#9=body", "#1"),
        ("제목", "있는 열"),
        ("=title", "있는 열"),
    ],
)
def test_a_wrong_pair_is_answered_with_what_there_is(pair: str, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        mapped(["제목", "내용"], [pair])


def test_a_field_told_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="두 번"):
        mapped(["가", "나"], ["가=title", "나=title"])


def test_a_person_chooses_a_field_for_each_column() -> None:
    assert chosen(["가", "나", "다"], ["title", "", "body"]).places() == {"title": 0, "body": 2}


@pytest.mark.parametrize("fields", [["title", "title"], ["", "", "", "title"], ["nonsense"]])
def test_a_choice_that_can_not_be_is_refused(fields: list[str]) -> None:
    with pytest.raises(BadInput):
        chosen(["가", "나", "다"], fields)


def test_a_headline_above_the_table_is_not_the_header() -> None:
    rows = [["2026년 상담 자료", ""], ["제목"], ["번호", "제목"], ["1", "여권"]]
    assert header_place(rows) == 2
    assert header_place([["가", "나"]]) == 0
    assert not has_title(["제목", ""])


def test_no_name_means_two_fields() -> None:
    names = [name for of_field in NAMES.values() for name in of_field]
    assert len(names) == len(set(names))
    assert set(NAMES) == set(FIELDS)


@given(st.lists(st.text(max_size=8) | st.sampled_from(["제목", "내용", "질문", "전화번호"]), max_size=12))
def test_every_header_is_mapped_whole(header: list[str]) -> None:
    mapping: Mapping = guess(header)
    assert [column.name for column in mapping.columns] == header
    fields = [column.field for column in mapping.columns if column.field]
    assert len(fields) == len(set(fields))
