from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.hangul import composed, initials, is_initials, jamo, sounded, squeezed

SYLLABLES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=20)


def test_a_mac_writes_the_same_word() -> None:
    assert composed(unicodedata.normalize("NFD", "여권 발급")) == "여권 발급"


def test_invisible_characters_go() -> None:
    assert composed("여\u200b권\ufeff") == "여권"


def test_squeezed_keeps_letters_and_digits_only() -> None:
    assert squeezed(" 정부24 (온라인)·ABC ") == "정부24온라인abc"


@pytest.mark.parametrize(
    ("text", "expected"), [("여권", "ㅇㄱ"), ("쓰레기 봉투", "ㅆㄹㄱ ㅂㅌ"), ("CCTV 설치", "CCTV ㅅㅊ"), ("", "")]
)
def test_initials(text: str, expected: str) -> None:
    assert initials(text) == expected


def test_typed_initials_are_known_from_words() -> None:
    assert is_initials("ㅇㄱ")
    assert not is_initials("여ㄱ")
    assert not is_initials("ㅏ")
    assert not is_initials("")


def test_jamo() -> None:
    assert jamo("등본") == "ㄷㅡㅇㅂㅗㄴ"
    assert jamo("값a") == "ㄱㅏㅄa"


@given(SYLLABLES)
def test_jamo_agrees_with_unicode_on_the_number_of_letters(text: str) -> None:
    assert len(jamo(text)) == len(unicodedata.normalize("NFD", text))


@given(SYLLABLES)
def test_every_syllable_has_one_initial(text: str) -> None:
    assert len(initials(text)) == len(text)
    assert not text or is_initials(initials(text))


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("앞이", "아피"),
        ("받을", "바들"),
        ("했거든요", "해꺼든요"),
        ("값이", "갑시"),
        ("떡볶이", "떡뽀끼"),
        ("의자", "이자"),
        ("개", "게"),
    ],
)
def test_what_sounds_alike_is_spelt_alike(written: str, heard: str) -> None:
    assert sounded(written) == sounded(heard)


def test_other_sounds_are_other_letters() -> None:
    assert len({sounded(word) for word in ("등본", "여권", "강아지", "가지", "물", "뭍")}) == 6


@given(st.text(max_size=30))
def test_anything_has_a_sound(text: str) -> None:
    assert isinstance(sounded(text), str)
