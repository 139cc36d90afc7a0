from __future__ import annotations

import pytest

from agent_assist.knowledge.columns import columns, ignored
from core.errors import BadInput


def test_korean_and_english_names() -> None:
    assert columns(["번호", "제목", "내용"]) == {"id": 0, "title": 1, "body": 2}
    assert columns(["Title", "ID", "Answer"]) == {"title": 0, "id": 1, "body": 2}


def test_spaces_and_case_do_not_matter() -> None:
    assert columns([" 담당 부서 ", "제 목", "PHONE"]) == {"title": 1, "department": 0, "phone": 2}


def test_of_two_names_for_a_field_the_plainer_wins() -> None:
    assert columns(["질문", "제목"])["title"] == 1


def test_without_a_title_it_is_said_in_one_line_what_is_there_and_what_is_wanted() -> None:
    with pytest.raises(BadInput) as fault:
        columns(["이름", "나이"])
    message = str(fault.value)
    assert "\n" not in message
    for word in ("이름", "나이", "제목", "본문", "title"):
        assert word in message


def test_a_header_of_bytes_gone_wrong_is_cut() -> None:
    with pytest.raises(BadInput) as fault:
        columns(["x" * 10_000] * 1000)
    assert len(str(fault.value)) < 2000


def test_ignored_columns_are_named() -> None:
    header = ["번호", "제목", "내용번호", ""]
    assert ignored(header, columns(header)) == ("내용번호",)
