"""Which part of a run must go."""

from __future__ import annotations

import pytest

from core.digit_runs import runs
from stt.run_parts import only_help_lines, personal_parts


def parts(text: str, before: str = "") -> list[tuple[str, str]]:
    return [
        (text[part.start : part.end], part.kind)
        for run in runs(text)
        for part in personal_parts(text, run, before + text[: run.start])
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("119 850312-2345678", [("850312-2345678", "resident_number")]),
        ("8503122345678 01012345678", [("8503122345678", "resident_number")]),
        ("4111 1111 1111 1111, 120", [("4111 1111 1111 1111", "card")]),
        ("010 1234 5678 123-456-789012", [("123-456-789012", "driving_licence")]),
        ("26일 01012345678", []),
        ("20261126 1234567", []),
        ("119 112 120 1393", []),
        ("301, 302, 303, 304호요", []),
        ("일 이 삼 사 오 육 칠 팔 구 십", []),
        ("십 이십 삼십 사십 오십 육십", []),
        ("버스 720 741 752 753", []),
        ("계좌가 301, 302, 303, 304번이요", [("301, 302, 303, 304", "account")]),
        ("팔십 오 공삼 십 이 이삼사오육칠팔", [("팔십 오 공삼 십 이 이삼사오육칠팔", "resident_number")]),
        ("3 850312-2345678", [("3 850312-2345678", "resident_number")]),
    ],
)
def test_parts(text: str, left: list[tuple[str, str]]) -> None:
    assert parts(text) == left


def test_help_lines() -> None:
    assert [only_help_lines(text, runs(text)[0]) for text in ("119, 일일이", "119 1234567", "1393")] == [
        True,
        False,
        True,
    ]


def test_many_pieces_are_one_number() -> None:
    """Nobody says forty groups; all of it goes."""
    assert len(parts("1 " * 60)) == 1
