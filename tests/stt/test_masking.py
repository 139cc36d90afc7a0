"""Personal numbers never leave: written or spoken, whole or in pieces, in finals and partials."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt.masking import HIDDEN, SHOWN, Mask, kind_of, runs

RESIDENT, CARD, ACCOUNT = SHOWN["resident_number"], SHOWN["card"], SHOWN["account"]
LICENCE, PASSPORT = SHOWN["driving_licence"], SHOWN["passport"]
SPOKEN = "공일이삼사오육칠팔구"


def spoken(digits: str, between: str = " ") -> str:
    return between.join(SPOKEN[int(d)] for d in digits)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("850312-2345678 입니다", f"{RESIDENT} 입니다"),
        ("8503122345678", RESIDENT),
        ("850312 2 345678이요", f"{RESIDENT}이요"),
        ("팔오공삼일이 다시 이삼사오육칠팔이에요", f"{RESIDENT}이에요"),
        ("팔 오 공 삼 일 이 하이픈 이 삼 사 오 육 칠 팔 입니다", f"{RESIDENT} 입니다"),
        ("팔오 공삼 일이 음 이삼사 오육칠팔", RESIDENT),
        ("팔오공삼일둘 둘삼사오육칠팔", RESIDENT),
        ("팔십오 공삼 십이 이삼사오육칠팔", RESIDENT),
        ("주민번호는 팔 오 공 삼 일 이 이 삼 사 오 육 이요", f"주민번호는 {RESIDENT} 이요"),
        ("카드는 사일일일 이이이이 삼삼삼삼 사사사사예요", f"카드는 {CARD}예요"),
        ("4111-2222-3333-4444", CARD),
        ("계좌번호 일이삼 사오 육칠팔구공일", f"계좌번호 {ACCOUNT}"),
        ("999-123-456789", ACCOUNT),
        ("면허번호는 11-22-333333-44예요", f"면허번호는 {LICENCE}예요"),
        ("서울 12-345678-90", f"서울 {LICENCE}"),
        ("면허가 일일 다시 이이 다시 삼삼삼삼삼삼 다시 사사", f"면허가 {LICENCE}"),
        ("여권 M12345678이요", f"여권 {PASSPORT}이요"),
        ("엠 일이삼 에이 사오육칠입니다", f"{PASSPORT}입니다"),
        ("85년 3월 12일에 2345678", f"85년 3월 12일에 {RESIDENT}"),
        ("팔십오 공삼 십이 에 이십삼 사십오 육십칠 팔", RESIDENT),
        ("주민번호 앞자리 팔오공삼일이 뒷자리 이삼사오육칠팔", f"주민번호 앞자리 팔오공삼일이 뒷자리 {RESIDENT}"),
        ("119에 말한 게 850312-2345678", f"119에 말한 게 {RESIDENT}"),
    ],
)
def test_what_is_hidden(said: str, left: str) -> None:
    """Each kind by its own words, endings kept."""
    assert Mask().final(said).text == left


@pytest.mark.parametrize(
    "said",
    [
        "공일공 일이삼사 오육칠팔이에요",
        "010-1234-5678 로 전화 주세요",
        "공 이 칠 칠 칠 공 영 일 이",
        "집은 031-200-0123 이고 손전화는 010-0000-1234 예요",
        "120번이요",
        "접수번호 2026 001 2345 인데요",
        "이사를 왔는데 일이 있어서요",
        "1,234,567원이에요",
        "101동 1203호",
        "생년월일은 850312",
        "119 112 120 다 걸어 봤어요",
        "접수번호는 20261126001234예요",
        "20261126-001234 이게 접수번호예요",
        "26일 01012345678로 주세요",
        "2026년 11월 26일 오후 3시 30분 010-1234-5678",
        "12가 3456 차가 123나4567 뒤에요",
        "십이 가 삼사오육 차량이요",
        "사업자번호 123-45-67890",
        "1234567890원 맞나요",
        "하나 둘 셋 넷 다섯 여섯 일곱 여덟",
        "지방세 삼백이십사만 오천육백칠십팔 원이요",
        "",
    ],
)
def test_what_stays(said: str) -> None:
    """Telephone numbers (the agent needs them), addresses, amounts, words."""
    masked = Mask().final(said)
    assert masked.text == said
    assert masked.kinds == ()


def test_a_number_told_over_two_utterances() -> None:
    """The birthday stays, the rest goes, in the partial already."""
    mask = Mask()
    assert mask.final("주민번호는 팔오공삼일이", 10, 13).kinds == ()
    assert mask.partial("이삼사", 14) == HIDDEN
    assert mask.final("이삼사오육칠팔이요", 14, 17).text == f"{RESIDENT}이요"


def test_a_number_in_many_pieces_is_hidden_from_where_it_is_too_long() -> None:
    """Four, four, four, four."""
    mask = Mask()
    texts = [mask.final(spoken("4321"), 3 * i, 3 * i + 2).text for i in range(4)]
    assert "사 삼" not in texts[2] + texts[3]


def test_a_telephone_number_in_pieces_stays() -> None:
    """공일공 / 일이삼사 / 오육칠팔."""
    mask = Mask()
    for at, piece in enumerate(["공일공", "일이삼사", "오육칠팔이요"]):
        assert mask.final(piece, 3 * at, 3 * at + 2).text == piece


def test_digits_do_not_go_on_after_other_words_or_after_a_while() -> None:
    """'850312' and, half a minute later, a telephone number."""
    mask = Mask()
    mask.final("팔오공삼일이", 0, 2)
    assert mask.final("일오팔팔 공공공공", 40, 42).kinds == ()
    mask.final("팔오공삼일이 그리고 다른 걸 물어볼게요", 50, 52)
    assert mask.final("삼십 분 뒤에요", 53, 54).kinds == ()


@pytest.mark.parametrize("between", ["네", "음", "네 네", "네, 잠시만요"])
def test_a_word_in_between_does_not_end_a_number(between: str) -> None:
    """An agent who reads back, a caller who says yes."""
    mask = Mask()
    mask.final("팔오공삼일이", 10, 13)
    assert mask.final(between, 14, 15).kinds == ()
    assert mask.partial("이삼사", 16) == HIDDEN
    assert mask.final("이삼사오육칠팔이요", 16, 19).text == f"{RESIDENT}이요"


def test_seven_digits_not_long_after_a_birthday() -> None:
    """Whatever was said meanwhile; a minute later they may be anything."""
    for pause, kinds in ((20.0, ("resident_number",)), (90.0, ())):
        mask = Mask()
        mask.final("생일이 팔오공삼일이", 0, 3)
        mask.final("잠시만요 지갑 좀 찾을게요", 4, 6)
        assert mask.final("이삼사오육칠팔", 3 + pause, 6 + pause).kinds == kinds


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("여권번호는 엠", "일이삼사오육칠팔이요"),
        ("엠 일이삼사", "오육칠팔이에요"),
        ("엠 일이삼", "에이 사오육칠"),
        ("엠 일이삼 에이", "사오육칠"),
        ("여권이 엠", "일이삼 에이 사오육칠"),
    ],
)
def test_a_passport_in_two_utterances(first: str, second: str) -> None:
    mask = Mask()
    mask.final(first, 0, 2)
    assert mask.final(second, 3, 5).kinds == ("passport",)


def test_a_passport_in_partials() -> None:
    """Its pieces are short, so a letter is enough."""
    assert Mask().partial("엠 일이삼") == f"엠 {HIDDEN}"
    assert Mask().partial("여권은 M123A4567") == f"여권은 M{HIDDEN}A{HIDDEN}"


def test_partials_show_help_lines_dates_and_amounts() -> None:
    """Alerts listen to partials."""
    for text in ("119 112 120 1393", "2026년 11월 26일에 1,234,567원", "12가 3456 차요"):
        assert Mask().partial(text) == text


def test_decomposed_hangul_hides_nothing() -> None:
    """As typed on a Mac; a text without a number comes back as it was."""
    said = unicodedata.normalize("NFD", "제 번호가 팔오공삼일이 이삼사오육칠팔")
    assert Mask().final(said).text == f"제 번호가 {RESIDENT}"
    harmless = unicodedata.normalize("NFD", "안녕하세요")
    assert Mask().final(harmless).text == harmless


@pytest.mark.parametrize("piece", ["1 ", "일이삼 ", "네 ", "M1", "010-1234-5678 ", "엠 일이삼 에이 "])
def test_a_hundred_thousand_characters(piece: str) -> None:
    began = time.process_time()
    Mask().final(piece * (100_000 // len(piece)))
    assert time.process_time() - began < 3


def test_partials_hide_every_long_run() -> None:
    """Six digits may be seen, seven not: nobody knows yet what they will be."""
    assert Mask().partial(spoken("850312")) == spoken("850312")
    assert Mask().partial("번호는 " + spoken("8503122")) == f"번호는 {HIDDEN}"


digits13 = st.tuples(
    st.integers(0, 99), st.integers(1, 12), st.integers(1, 28), st.integers(1, 8), st.integers(0, 999_999)
).map(lambda t: f"{t[0]:02}{t[1]:02}{t[2]:02}{t[3]}{t[4]:06}")
separator = st.sampled_from(["", " ", "-", ".", ", ", " 다시 ", " 음 ", " - "])


@given(digits13, st.lists(separator, min_size=12, max_size=12), st.lists(st.booleans(), min_size=13, max_size=13))
def test_no_resident_number_survives_however_it_is_told(number: str, between: list[str], aloud: list[bool]) -> None:
    """Any mixture of written and spoken digits with anything between them."""
    units = [SPOKEN[int(d)] if loud else d for d, loud in zip(number, aloud, strict=True)]
    said = "".join(unit + gap for unit, gap in zip(units, [*between, ""], strict=True))
    masked = Mask().final(f"제 번호가 {said} 맞나요")
    assert masked.kinds == ("resident_number",)
    assert sum(len(run.digits) for run in runs(masked.text)) < 7


@given(digits13, st.integers(6, 12))
def test_no_resident_number_survives_in_two_utterances(number: str, cut: int) -> None:
    """What both let out together is never all of it, even where the first part looks like a telephone number."""
    mask = Mask()
    first = mask.final(spoken(number[:cut]), 0, 3).text
    second = mask.final(spoken(number[cut:]), 4, 7).text
    left = "".join(run.digits for text in (first, second) for run in runs(text))
    assert len(left) < 13


def test_what_was_said_before_names_the_number() -> None:
    """The same digits, three answers."""
    assert kind_of("12345678", "카드") == "card"
    assert kind_of("12345678", "계좌") == "account"
    assert kind_of("12345678", "접수번호") is None


@given(st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    """And nothing but runs of digits is taken out."""
    masked = Mask().final(text)
    Mask().partial(text)
    if not masked.kinds:
        assert masked.text == text
    assert not re.search(r"\d{13}", masked.text)
