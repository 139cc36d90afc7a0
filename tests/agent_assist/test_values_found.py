"""What was said as values: written or spoken, every kind, and silence where there is none."""

from __future__ import annotations

import time
import unicodedata
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.values import NO_NAMES, Names, found
from core.events import HeardValue
from core.numerals import phone
from tests.fakes.spoken_numbers import digit_words, native_words, sino_words

TODAY = date(2026, 11, 26)
NAMES = Names(
    departments=("민원여권과", "주차관리과", "교통행정과", "세무과", "세정과", "노인장애인과", "치매안심센터"),
    streets=("한빛대로", "해안도로"),
    districts=("중앙동", "빛가람동"),
)
NO_VALUES = Path("tests/fixtures/no_values_ko.txt").read_text("utf-8").splitlines()
FRAMES = st.sampled_from(["{}", "네 {}", "그게 {}요", "저기요 {}에 대해서요", "그 {} 말인데요", "{}, 맞나요"])
"""What may stand around a value."""
digits = st.integers(0, 9).map(str)


def values(text: str, names: Names = NAMES) -> list[tuple[str, str]]:
    return [(value.kind, value.value) for value in found(text, names, today=TODAY)]


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        ("공일공 일이삼사 오육칠팔이에요", "phone", "010-1234-5678"),
        ("공이에 칠칠칠에 공구일이로요", "phone", "02-777-0912"),
        ("1588-0000이요", "phone", "1588-0000"),
        ("+82 10-1234-5678", "phone", "010-1234-5678"),
        ("십오팔팔 말고 공오공사 일이삼사 오육칠팔", "phone", "0504-1234-5678"),
        ("십일월 이십육일에", "date", "2026-11-26"),
        ("이천이십칠 년 일월 이 일", "date", "2027-01-02"),
        ("팔오년 삼월 십이일생", "date", "1985-03-12"),
        ("1월 3일까지요", "date", "2027-01-03"),
        ("다음 주 월요일에 갈게요", "date", "2026-11-30"),
        ("지난주 금요일이었어요", "date", "2026-11-20"),
        ("내일모레요", "date", "2026-11-28"),
        ("다음 달 5일", "date", "2026-12-05"),
        ("내년 유월 육일", "date", "2027-06-06"),
        ("26일까지요", "date", "2026-11-26"),
        ("2026.11.26", "date", "2026-11-26"),
        ("오후 세 시 반에", "time", "15:30"),
        ("열두 시 십오 분이요", "time", "12:15"),
        ("14시에요", "time", "14:00"),
        ("밤 열두 시", "time", "00:00"),
        ("새벽 두 시 십 분", "time", "02:10"),
        ("오전 12시 5분", "time", "00:05"),
        ("세 시에 갈게요", "time", "15:00"),
        ("09:05에 왔어요", "time", "09:05"),
        ("이십 시 삼십 분", "time", "20:30"),
        ("삼만 오천 원이요", "money", "35000"),
        ("3만5천원", "money", "35000"),
        ("백이십만원", "money", "1200000"),
        ("만 원이에요", "money", "10000"),
        ("1.5만원", "money", "15000"),
        ("35,000 원", "money", "35000"),
        ("세 통이요", "count", "3통"),
        ("두 명이서요", "count", "2명"),
        ("3건이요", "count", "3건"),
        ("열다섯 개요", "count", "15개"),
        ("만 십팔 세예요", "count", "18세"),
        ("삼 개월이요", "count", "3개월"),
        ("한빛로 이십삼 길 십오", "address", "한빛로23길 15"),
        ("빛가람동 백이십 다시 삼 번지", "address", "빛가람동 120-3"),
        ("백일 동 천이백삼 호", "address", "101동 1203호"),
        ("한빛로23번길 15-3, 101동 1203호요", "address", "한빛로23번길 15-3, 101동 1203호"),
        ("전라남도 나주시 빛가람동 산 12-3", "address", "전라남도 나주시 빛가람동 산12-3"),
        ("해안도로 십오예요", "address", "해안도로 15"),
        ("A동 101호", "address", "A동 101호"),
        ("12가 3456", "plate", "12가 3456"),
        ("123가4567이요", "plate", "123가 4567"),
        ("서울 12가 3456", "plate", "서울 12가 3456"),
        ("십이 가 삼사오육", "plate", "12가 3456"),
        ("일이삼 가 사오육칠", "plate", "123가 4567"),
        ("외교 123-456", "plate", "외교 123-456"),
        ("임시운행 123456이요", "plate", "임시 123456"),
        ("주차 관리과로 연결해 주세요", "department", "주차관리과"),
        ("민원여관과요", "department", "민원여권과"),
    ],
)
def test_each_kind(said: str, kind: str, value: str) -> None:
    """One value, of the right kind, written as it should be."""
    assert values(said) == [(kind, value)]


@pytest.mark.parametrize("said", NO_VALUES)
def test_sentences_without_a_value(said: str) -> None:
    """Numeral syllables are words most of the time."""
    assert values(said) == []


def test_there_are_enough_sentences_without_a_value() -> None:
    assert len(set(NO_VALUES)) > 200


def test_many_at_once_in_the_order_in_which_they_were_said() -> None:
    said = "내일 오후 세 시에 주차관리과로 등본 두 통 가져가고 만 오천 원 낼게요 공일공 일이삼사 오육칠팔이에요"
    assert [kind for kind, _ in values(said)] == ["date", "time", "department", "count", "money", "phone"]


def test_spoken_is_what_stands_there() -> None:
    (value,) = found("네 그 삼만 오천 원이요", today=TODAY)
    assert value == HeardValue(kind="money", value="35000", spoken="삼만 오천 원", start=4, end=11)


def test_without_today_only_days_with_a_year() -> None:
    assert [value.value for value in found("내일, 11월 26일, 2026년 11월 27일")] == ["2026-11-27"]


def test_days_and_numbers_that_do_not_exist() -> None:
    assert values("2월 30일이요") == []
    assert values("25시 70분") == []


def test_a_department_that_two_others_are_near_to_is_none() -> None:
    """And short names must be right."""
    assert values("세우과요") == []
    assert values("교통행정과 아니고 교통행성과요") == [("department", "교통행정과")] * 2


def test_without_names_no_department_and_no_bare_street() -> None:
    assert values("주차관리과요", NO_NAMES) == []
    assert values("그 해안도로 15 옆에서 봤어요", NO_NAMES) == []
    assert values("그 해안도로 15 옆에서 봤어요") == [("address", "해안도로 15")]


@given(
    FRAMES,
    st.sampled_from(["010", "02", "031", "070", "0504"]),
    st.integers(200, 9999),
    st.integers(0, 9999),
    st.sampled_from(["", " ", " 에 ", " 다시 ", "-"]),
    st.booleans(),
)
def test_every_telephone_number(frame: str, prefix: str, middle: int, last: int, gap: str, aloud: bool) -> None:
    parts = [prefix, f"{middle:04}" if prefix in ("010", "0504") else str(middle), f"{last:04}"]
    said = gap.join(digit_words(part) if aloud else part for part in parts)
    expected = phone("".join(parts))
    assert expected is not None
    assert ("phone", expected) in values(frame.format(said + ("입니다" if aloud else "")))


@given(FRAMES, st.integers(10, 99_999_999), st.sampled_from(["", " "]), st.integers(0, 2))
def test_every_amount_of_money(frame: str, won: int, gap: str, form: int) -> None:
    said = (f"{won:,}{gap}원", f"{won}{gap}원", f"{sino_words(won, gap)}{gap}원")[form]
    assert values(frame.format(said)) == [("money", str(won))]


@given(
    st.sampled_from(["{}", "네 {}", "{}에요", "{}에 할게요"]),
    st.dates(date(2026, 6, 1), date(2027, 5, 20)),
    st.booleans(),
    st.booleans(),
)
def test_every_day_of_a_year(frame: str, day: date, year: bool, aloud: bool) -> None:
    months = {6: "유", 10: "시"}
    if aloud:
        said = f"{months.get(day.month, sino_words(day.month))}월 {sino_words(day.day)}일"
        said = f"{sino_words(day.year)}년 {said}" if year else said
    else:
        said = f"{day.year}년 {day.month}월 {day.day}일" if year else f"{day.month}월 {day.day}일"
    assert values(frame.format(said)) == [("date", day.isoformat())]


@given(
    st.integers(-60, 60), st.sampled_from([("지난", -1), ("이번", 0), ("다음", 1), ("다다음", 2)]), st.integers(0, 6)
)
def test_every_day_of_a_week(ahead: int, week: tuple[str, int], weekday: int) -> None:
    today = TODAY + timedelta(ahead)
    (value,) = found(f"{week[0]} 주 {'월화수목금토일'[weekday]}요일", today=today)
    day = date.fromisoformat(value.value)
    assert day.weekday() == weekday
    assert day.isocalendar()[:2] == (today + timedelta(weeks=week[1])).isocalendar()[:2]


@given(st.sampled_from(["{}", "내일 {}", "{}에 갈게요"]), st.integers(0, 23), st.integers(0, 59), st.booleans())
def test_every_minute_of_a_day(frame: str, hour: int, minute: int, aloud: bool) -> None:
    half, face = ("오후", hour - 12 or 12) if hour >= 12 else ("오전", hour or 12)
    said = f"{native_words(face)} 시" if aloud else f"{face}시"
    said += (f" {sino_words(minute)} 분" if aloud else f" {minute}분") if minute else ""
    assert ("time", f"{hour:02}:{minute:02}") in values(frame.format(f"{half} {said}"))


@given(st.integers(1, 99), st.sampled_from(["통", "명", "개", "장", "건", "마리", "권", "가구"]), st.integers(0, 2))
def test_every_count(number: int, unit: str, form: int) -> None:
    said = (f"{number}{unit}", f"{native_words(number)} {unit}", f"{sino_words(number)} {unit}")[form]
    if (form == 2 and number < 10) or said == "네 건":
        return  # '이 건': nobody counts so; '네 건 ...': yes, the matter
    assert values(f"그거 {said}이요") == [("count", f"{number}{unit}")]


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 99), st.booleans(), st.sampled_from(["", " "]))
def test_every_road_address(road: int, house: int, second: int, aloud: bool, gap: str) -> None:
    number = sino_words if aloud else str
    said = f"느티나무로{gap}{number(road)}{gap}길 {number(house)}" + (f" 다시 {number(second)}" if second else "")
    expected = f"느티나무로{road}길 {house}" + (f"-{second}" if second else "")
    assert values(f"주소는 {said}입니다") == [("address", expected)]


@given(st.integers(1, 1200), st.integers(0, 60), st.booleans())
def test_every_lot(lot: int, second: int, aloud: bool) -> None:
    number = sino_words if aloud else str
    said = f"빛가람동 {number(lot)}" + (f" 다시 {number(second)}" if second else "") + " 번지"
    assert values(f"거기가 {said}요") == [("address", f"빛가람동 {lot}" + (f"-{second}" if second else ""))]


@given(st.integers(1, 1500), st.integers(1, 3000), st.booleans())
def test_every_flat(block: int, flat: int, aloud: bool) -> None:
    number = sino_words if aloud else str
    assert values(f"{number(block)} 동 {number(flat)} 호예요") == [("address", f"{block}동 {flat}호")]


@given(
    st.integers(10, 999),
    st.sampled_from("가나다라마거너더러머버서어저고노도로모보소조누두루무부수우주하허호"),
    st.integers(0, 9999),
    st.integers(0, 2),
)
def test_every_plate(front: int, letter: str, back: int, form: int) -> None:
    said = (
        f"{front}{letter} {back:04}",
        f"{sino_words(front)} {letter} {digit_words(f'{back:04}')}",
        f"{digit_words(str(front))} {letter} {digit_words(f'{back:04}')}",
    )[form]
    assert values(f"번호판이 {said}입니다") == [("plate", f"{front}{letter} {back:04}")]


pieces = st.sampled_from(
    [
        *"0123456789공일이삼사오육칠팔구십백천만 -,.:",
        *(
            "원",
            "명",
            " 시 ",
            "월 ",
            "일 ",
            "동 ",
            "호",
            "로 ",
            "길 ",
            "번지",
            "가",
            "오후 ",
            "다음 주 월요일",
            "열",
            "세 ",
            "통",
            "과",
        ),
        *("중앙동 ", "한빛대로 ", "주차관리과", "서울 ", "\u1112\u1161\u11ab", "\u11a8", "😀", "e\u0301", "\u200b"),
    ]
)
anything = st.one_of(st.lists(pieces, max_size=40).map("".join), st.text(max_size=80))


@given(anything)
def test_any_text_is_survived_and_nothing_found_twice(text: str) -> None:
    """Places are right, in order and apart; looking again finds the same."""
    heard = found(text, NAMES, today=TODAY)
    assert all(text[value.start : value.end] == value.spoken != "" for value in heard)
    assert all(value.value for value in heard)
    assert all(left.end <= right.start for left, right in pairwise(heard))
    assert found(text, NAMES, today=TODAY) == heard


@given(anything)
def test_decomposed_hangul_is_read_alike(text: str) -> None:
    """As a Mac writes it."""
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert values(composed) == values(decomposed)
    assert all(decomposed[value.start : value.end] == value.spoken for value in found(decomposed, NAMES, today=TODAY))


@given(anything)
def test_what_was_found_is_found_again_in_its_written_form(text: str) -> None:
    for kind, value in values(text):
        if kind in ("phone", "date", "time"):
            assert values(value) == [(kind, value)]


@pytest.mark.parametrize(
    "piece",
    ["1", "가", "이 ", "일이삼 ", "12가 ", "한빛대로 ", "만 ", "열 ", "번지 ", "이동 ", "3시 ", "\u1100\u1161", "😀"],
)
def test_a_hundred_thousand_characters(piece: str) -> None:
    """Only the first of them are looked at."""
    text = piece * (100_000 // len(piece))
    began = time.process_time()
    assert len(found(text, NAMES, today=TODAY)) <= 50
    assert time.process_time() - began < 2
