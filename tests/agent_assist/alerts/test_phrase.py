"""The language of the word lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.alerts.line import line
from agent_assist.alerts.phrase import PLACE, Phrase
from core.errors import BadInput


def found(written: str, said: str) -> list[str]:
    text = line(said).text
    return [text[match.start : match.end] for match in Phrase(written).find(text, frozenset(text))]


@pytest.mark.parametrize(
    ("written", "said", "words"),
    [
        ("불 났-", "집에 불이 났어요", "불이 났"),
        ("불 났-", "불났다", "불났"),
        ("불 났-", "불 이 났습니다", "불 이 났"),
        ("가스 .. 새-|샌-", "가스가 어제부터 자꾸 새요", "가스가 어제부터 자꾸 새"),
        ("-새끼", "저 개새끼가", "새끼"),
        ("병신", "병 신", "병 신"),
        ("병신", "이 병신아", "병신"),
        ("만져_보고|안고 싶-", "한번 만져보고 싶네", "만져보고 싶"),
        ("만져_보고|안고 싶-", "한번 만져 보고 싶네", "만져 보고 싶"),
        ("자살하-", "자살하려고요", "자살하"),
    ],
)
def test_what_is_found(written: str, said: str, words: str) -> None:
    assert found(written, said) == [words]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("불 났-", "불이 나갔어요"),
        ("불 났-", "불빛이 났어요"),
        ("병신", "전염병 신고"),
        ("병신", "병 신고"),
        ("시발", "다시 발급"),
        ("시발", "시발점"),
        ("가스 .. 새-", "가스레인지 새 제품"),
        ("개 새끼", "무지개 새끼"),
    ],
)
def test_what_is_not(written: str, said: str) -> None:
    assert found(written, said) == []


def test_slips_are_forgiven_by_length() -> None:
    assert found("살려 주세요-", "살려 추세요") == ["살려 추세요"]
    assert found("살려 주세요-", "산려 추세요") == []
    assert found("시발", "신발") == []
    assert [match.slips for match in Phrase("살려 주세요-").find("살려 추세요", frozenset("살려 추세요"))] == [1]


def test_the_place_of_a_find() -> None:
    text = f"저한테 {PLACE}이라고 했어요"
    assert list(Phrase("@이라고-").find(text, frozenset(text)))


@pytest.mark.parametrize(
    "written", ["", "  ", "..", "불 ..", ".. 났-", "불||났", "-", "가" * 500, "가 나 다 라 마 바 사 아 자"]
)
def test_what_is_no_phrase_is_said_in_korean_first(written: str) -> None:
    with pytest.raises(BadInput, match=r"[가-힣].* / "):
        Phrase(written)


@given(st.text(alphabet="가나 불이났-|_.@1a", min_size=1, max_size=30), st.text(max_size=60))
def test_any_phrase_works_or_says_why_not(written: str, said: str) -> None:
    try:
        phrase = Phrase(written)
    except BadInput:
        return
    text = line(said).text
    for match in phrase.find(text, frozenset(text)):
        assert 0 <= match.start <= match.end <= len(text)


def test_an_exact_word_is_not_a_slip_of_another() -> None:
    assert found("=죽고 싶어요-|싶다-", "선물을 주고 싶어요") == []
    assert found("=죽고 싶어요-|싶다-", "그냥 죽고 싶어요") == ["죽고 싶어요"]


def test_a_particle_apart_from_its_word_is_a_word() -> None:
    assert found("칼 들고-", "칼을 만들고 있어요") == []
    assert found("칼|식칼- 들고-", "칼국수 들고 갈게요") == []
