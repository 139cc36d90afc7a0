from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.knowledge.duplicates import Duplicates, signature
from core.store.entry import Entry

BODY = (
    "신분증과 사진 한 장을 가지고 창구에 오시면 접수한 날부터 나흘 뒤에 찾으실 수 있습니다. "
    "대리인은 위임장이 있어야 하고, 수수료는 십 년짜리가 오만 원입니다."
)
OTHER = (
    "장롱과 침대는 버리기 하루 전에 인터넷이나 전화로 신청하고 스티커를 붙여서 집 앞에 내놓아야 수거합니다. "
    "폐가전은 무료입니다."
)


def entry(number: int, title: str = "여권 재발급 안내", body: str = BODY) -> Entry:
    return Entry(id=str(number), title=title, body=body)


def test_word_for_word() -> None:
    known = Duplicates()
    assert known.find(entry(1), 2) == ()
    (pair,) = known.find(entry(2), 3)
    assert (pair.line, pair.entry_id, pair.other_line, pair.other_id, pair.alike) == (3, "2", 2, "1", 1.0)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("여권 재발급안내", BODY),
        ("여권 재발급 안내", BODY.replace("나흘", "닷새")),
        ("여권 재발급 안내", f"{BODY} 문의는 여권 창구로 하시기 바랍니다. 주차는 한 시간 무료입니다."),
        ("여권 재발급 안내?", BODY.replace(" ", "  ")),
    ],
)
def test_nearly(title: str, body: str) -> None:
    known = Duplicates()
    known.find(entry(1), 2)
    (pair,) = known.find(entry(2, title, body), 3)
    assert 0.4 < pair.alike < 1.0


@pytest.mark.parametrize(
    ("title", "body"),
    [("대형폐기물 배출", OTHER), ("여권 재발급 안내", OTHER), ("대형폐기물 배출", BODY), ("여권", "사진")],
)
def test_not_alike(title: str, body: str) -> None:
    known = Duplicates()
    known.find(entry(1), 2)
    assert known.find(entry(2, title, body), 3) == ()


def test_of_what_is_there_already_the_entry_itself_is_no_copy() -> None:
    known = Duplicates([entry(1), entry(9)])
    assert [(pair.other_id, pair.other_line, pair.alike) for pair in known.find(entry(1), 2)] == [("9", 0, 1.0)]
    assert [(pair.other_id, pair.other_line) for pair in known.find(entry(5), 3)] == [("9", 0)]


def test_what_was_left_out_is_forgotten() -> None:
    known = Duplicates()
    known.find(entry(1), 2)
    known.forget("1")
    assert known.find(entry(2), 3) == ()


def test_nobody_looks_for_near_ones_unless_asked() -> None:
    known = Duplicates(near=False)
    known.find(entry(1), 2)
    assert known.find(entry(2, body=f"{BODY}."), 3) == ()
    assert len(known.find(entry(3), 4)) == 1


@given(st.text(max_size=80))
def test_any_text_has_a_signature_or_none_and_always_the_same(text: str) -> None:
    first, second = signature(text), signature(text)
    assert (first is None) == (second is None)
    assert first is None or (first == second).all()


def test_the_estimate_is_near_the_truth() -> None:
    chance = random.Random(1)
    letters = [chr(0xAC00 + chance.randrange(2000)) for _ in range(2000)]
    whole = signature("".join(letters))
    half = signature("".join(letters[:1000] + letters[:1000][::-1]))
    assert whole is not None
    assert half is not None
    assert 0.2 < float((whole == half).mean()) < 0.47  # a third of all pieces are in both
