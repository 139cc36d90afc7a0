"""How a text would arrive: told whole, whatever is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms_text import subject_of
from core.errors import BadInput
from server.text_looks import look_at, size_of


def test_a_text_is_measured_as_carriers_do() -> None:
    size = size_of("안녕 hello")
    assert (size.bytes, size.kind) == (10, "sms")
    assert size_of("가" * 46).kind == "lms"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("안녕", ""),
        ("", "message_empty"),
        ("😊", "message_empty"),
        ("{부서}", "message_field"),
        ("ไ", "message_unwritable"),
        ("가" * 1001, "message_too_long"),
    ],
)
def test_what_keeps_it_back_is_named(text: str, fault: str) -> None:
    assert look_at(text).fault == fault


def test_a_long_one_has_a_title_and_a_place_where_a_short_one_would_end() -> None:
    look = look_at("전입신고 안내\n" + "가" * 60)
    assert (look.kind, look.subject, look.sms_end, look.lms_end) == ("lms", "전입신고 안내", 46, len(look.carried))


def test_her_own_title_is_counted_and_kept_to_forty_bytes() -> None:
    long = "전입신고 안내\n" + "가" * 60
    look = look_at(long, "구비 서류 😊")
    assert (look.subject, look.subject_bytes, look.fault) == ("구비 서류", 9, "")
    look = look_at(long, "가" * 21)
    assert (look.subject_bytes, look.fault) == (42, "message_title_long")
    assert look_at(long, "{부서}").fault == "message_field"
    assert look_at("짧은 것", "가" * 21).fault == "", "a short one has no title"


@given(st.text(max_size=200))
def test_whatever_is_typed_is_looked_at(text: str) -> None:
    look = look_at(text)
    try:
        size = size_of(text)
    except BadInput:
        assert look.fault
        return
    assert (look.bytes, look.kind) == (size.bytes, size.kind)
    assert look.subject == (subject_of(look.carried) if look.kind == "lms" else "")
