from __future__ import annotations

from agent_assist.everyday import COMMON, EMPTY


def test_the_lists_are_read_and_name_no_topic_of_a_city() -> None:
    assert len(EMPTY) > 50
    assert len(COMMON) > 50
    assert not (EMPTY | COMMON) & {"여권", "등본", "쓰레기", "주차", "세금", "복지", "수도", "과태료"}


def test_every_word_is_in_one_list_only() -> None:
    assert set() == EMPTY & COMMON
