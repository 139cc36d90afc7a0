from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.keyboard import hangul, keys, latin

SYLLABLES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=12)


@given(SYLLABLES)
def test_whatever_is_typed_with_the_keyboard_off_is_read_as_it_was_meant(text: str) -> None:
    assert hangul(latin(text)) == text


@given(st.text(max_size=40))
def test_any_text_has_a_reading(text: str) -> None:
    assert isinstance(hangul(text), str)
    assert isinstance(latin(text), str)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("durnjs", "여권"),
        ("durn", "여구"),
        ("dur", "역"),
        ("du", "여"),
        ("d", "ㅇ"),
        ("dr", "ㅇㄱ"),
        ("DURNJS", "여권"),
        ("QKfrl", "빨기"),
        ("durnjs 2rhk", "여권 2과"),
        ("", ""),
    ],
)
def test_what_the_keys_would_have_typed(typed: str, meant: str) -> None:
    assert hangul(typed) == meant


def test_a_korean_keyboard_that_was_left_on() -> None:
    assert latin("ㅊㅊㅅㅍ") == "cctv"
    assert latin("ㅈㅑ랴") == "wifi"
    assert keys("A") == "A"
