"""One spelling, and the way back to what was said."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.alerts.line import LONGEST, line, spelled_together


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("ㅅㅣㅂㅏㄹ 진짜", "시발 진짜"),
        ("시1발", "시발"),
        ("병*신아", "병신아"),
        ("안녕하세요, 저기요!", "안녕하세요 저기요"),
        ("아아아아아 진짜ㅋㅋㅋ", "아아 진짜"),
        ("  네   네  ", "네 네"),
        ("3동 201호", "3동 201호"),
        ("KTX", "ktx"),
        ("", ""),
    ],
)
def test_disguises_are_undone(said: str, seen: str) -> None:
    assert line(said).text == seen


def test_letters_of_a_mac_are_one_letter_and_lead_back_to_all_of_it() -> None:
    said = unicodedata.normalize("NFD", "이 시발 진짜")
    found = line(said)
    assert found.text == "이 시발 진짜"
    start, end = found.span(2, 4)
    assert unicodedata.normalize("NFC", said[start:end]) == "시발"


def test_the_way_back_includes_the_disguise() -> None:
    found = line("이 시1발 것들")
    start, end = found.span(2, 4)
    assert "이 시1발 것들"[start:end] == "시1발"


def test_words_said_letter_by_letter() -> None:
    together = spelled_together(line("저 개 새 끼 가 진짜"))
    assert together is not None
    assert "개새끼" in together.text
    assert spelled_together(line("네 그거 주세요")) is None


@given(st.text(max_size=200))
def test_any_text_has_a_line_whose_letters_lead_back(text: str) -> None:
    found = line(text)
    assert len(found.text) == len(found.starts) == len(found.ends)
    assert not found.text.startswith(" ")
    assert not found.text.endswith(" ")
    assert all(0 <= start < end <= len(text) for start, end in zip(found.starts, found.ends, strict=True))
    assert list(found.starts) == sorted(found.starts)


def test_an_endless_utterance_is_looked_at_as_far_as_the_limit() -> None:
    assert len(line("가나" * 50_000).text) == LONGEST
