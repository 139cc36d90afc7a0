"""What becomes of a text's signs, told with their places before it is sent."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.carried import changes, places_of_cuts
from channels.sms_text import LMS_BYTES, SMS_BYTES, byte_length, writable
from core.errors import BadInput

FAMILY = "👨‍👩‍👧"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("안녕하세요 Hello 123 ㅋㅋ 韓", []),
        ("좋아요 😊!", [(4, "😊", "left_out", "")]),
        (f"가족 {FAMILY}", [(3, FAMILY, "left_out", "")]),
        ("9–18시", [(1, "–", "rewritten", "-")]),
        ("café", [(3, "é", "rewritten", "e")]),
        ("ᄀ", [(0, "ᄀ", "refused", "")]),
        ("aᅡ", [(0, "aᅡ", "refused", "")]),
        ("가 ไทย", [(2, "ไ", "refused", ""), (3, "ท", "refused", ""), (4, "ย", "refused", "")]),
        (unicodedata.normalize("NFD", "한글"), []),
        ("줄\r\n바꿈\t칸", []),
    ],
)
def test_each_sign_with_its_place_and_fate(text: str, told: list[tuple[int, str, str, str]]) -> None:
    assert [(one.start, one.sign, one.fate, one.becomes) for one in changes(text)] == told


@given(st.text(max_size=60))
def test_it_agrees_with_what_is_sent(text: str) -> None:
    found = changes(text)
    for change in found:
        assert text[change.start : change.end] == change.sign
    refused = any(change.fate == "refused" for change in found)
    try:
        writable(text)
    except BadInput:
        assert refused
    else:
        assert not refused


@given(st.text(alphabet="가나ab .", max_size=1500))
def test_where_it_would_be_cut(text: str) -> None:
    short, long = places_of_cuts(text)
    for place, limit in ((short, SMS_BYTES), (long, LMS_BYTES)):
        assert byte_length(text[:place]) <= limit
        assert place == len(text) or byte_length(text[: place + 1]) > limit
