"""What fits into a message: counted as Korean carriers count, never cut, never unreadable."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from channels.sms_text import (
    LMS_BYTES,
    SMS_BYTES,
    SUBJECT_BYTES,
    byte_length,
    filled,
    kind_of,
    shortened,
    subject_of,
    writable,
)
from core.errors import BadInput

SYLLABLES = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
ASCII = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
KOREAN = st.text(st.one_of(SYLLABLES, ASCII, st.just(" "), st.just("\n")))


def code(text: str) -> str:
    with pytest.raises(BadInput) as caught:
        writable(text)
    return caught.value.code


@given(KOREAN)
def test_a_syllable_counts_two_and_ascii_one(text: str) -> None:
    assert writable(text) == writable(writable(text))
    carried = writable(text)
    assert byte_length(carried) == sum(1 if ord(sign) < 128 else 2 for sign in carried)


@given(st.text(max_size=60))
def test_whatever_is_written_comes_out_carried_or_is_refused(text: str) -> None:
    try:
        carried = writable(text)
    except BadInput as refusal:
        assert refusal.code == "message_unwritable"
        assume(False)
    carried.encode("cp949")
    assert writable(carried) == carried
    assert all(sign == "\n" or sign.isprintable() for sign in carried)


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("9–18시", "9-18시"),
        ("“여권” … ‘사진’", "“여권” … ‘사진’"),
        ("₩5,000", "원5,000"),
        ("네 🙂👍🏽 알겠습니다", "네 알겠습니다"),
        ("Xin chào quý khách, đường dây nóng", "Xin chao quy khach, duong day nong"),
        ("café", "cafe"),
        ("가\u1100\u1161", "가가"),
        ("  앞\t뒤\u00a0 \u200b끝\r\n둘째 ", "앞 뒤 끝\n둘째"),
        ("똠방각하 뷁", "똠방각하 뷁"),
        ("漢字と日本語", "漢字と日本語"),
        ("Сайн байна уу, өдөр", "Сайн байна уу, одор"),
        ("\x00\x07벨", "벨"),
        ("𝟏𝟐𝟎", "120"),
    ],
)
def test_signs_that_a_message_lacks_are_written_otherwise(text: str, carried: str) -> None:
    assert writable(text) == carried


@pytest.mark.parametrize("text", ["您好, 们", "สวัสดี", "\U00020000"])
def test_letters_that_a_message_lacks_are_refused_with_the_letter(text: str) -> None:
    assert code(text) == "message_unwritable"


@pytest.mark.parametrize(
    ("text", "kind"),
    [("가" * 45, "sms"), ("가" * 45 + "a", "lms"), ("a" * 90, "sms"), ("가" * 1000, "lms"), ("", "sms")],
)
def test_the_kind_is_told_by_the_length(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@given(KOREAN)
def test_the_bounds_are_ninety_and_two_thousand(text: str) -> None:
    length = byte_length(text)
    assert kind_of(text) == ("sms" if length <= SMS_BYTES else "lms")
    over = text + "가" * ((LMS_BYTES - length) // 2 + 1)
    with pytest.raises(BadInput, match=f"{byte_length(over)} bytes of at most 2000") as caught:
        kind_of(over)
    assert caught.value.code == "message_too_long"


@given(st.text(st.one_of(SYLLABLES, ASCII, st.just(" "))), st.integers(6, 60))
def test_what_is_shortened_fits_and_ends_behind_a_word(text: str, limit: int) -> None:
    text = writable(text)
    short = shortened(text, limit)
    assert byte_length(short) <= limit
    if short != text:
        kept = short.removesuffix("...")
        assert text.startswith(kept)
        assert text[len(kept)] == " " or " " not in text[: len(kept) + 1].strip()


def test_the_title_is_the_first_line() -> None:
    assert subject_of("[한빛시] 여권 안내\n준비물: 사진") == "[한빛시] 여권 안내"
    long = subject_of("한빛시 민원콜센터에서 여권 재발급 준비물을 안내해 드립니다\n사진")
    assert long == "한빛시 민원콜센터에서 여권 재발급..."
    assert byte_length(long) <= SUBJECT_BYTES


def test_no_title_holds_a_part_of_a_link() -> None:
    assert subject_of("[한빛시] 화면: https://120.city.example/v/AbCdEf\n안내") == "[한빛시] 화면:"
    assert subject_of("https://120.city.example/v/AbCdEf\n안내") == ""


def test_a_template_is_filled_and_values_are_not_looked_into() -> None:
    text = filled("[{centre}] {link} 문의 {phone}", {"centre": "{link}", "link": "https://x/v/1", "phone": "120"})
    assert text == "[{link}] https://x/v/1 문의 120"


def test_a_field_without_a_value_never_reaches_a_caller() -> None:
    with pytest.raises(BadInput, match=r"\{lnik\} is unknown; known: \{centre\}, \{link\}") as caught:
        filled("{lnik}", {"link": "x", "centre": "y"})
    assert caught.value.code == "message_field"


def test_what_looks_like_code_in_a_template_is_text() -> None:
    assert filled("{0} {link.__class__} {}", {"link": "x"}) == "{0} {link.__class__} {}"
