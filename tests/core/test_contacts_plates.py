"""Number plates in a text."""

from __future__ import annotations

import pytest

from core.contacts.plates import plates


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12가 3456", "12가 3456"),
        ("차가 123가4567예요", "123가 4567"),
        ("서울1가 1234", "서울 1가 1234"),
        ("십이 가 삼사오육", "12가 3456"),
        ("십이 가 3456", "12가 3456"),
        ("일이삼 가 사 오 육 칠", "123가 4567"),
        ("서울십이가 삼사오육", "서울 12가 3456"),
        ("삼십팔 오 칠일칠삼 차량이요", "38오 7173"),
        ("외교 123-456", "외교 123-456"),
        ("임시번호판 123456", "임시 123456"),
        ("오토바이 서울 강남 가 1234", "서울 강남 가 1234"),
    ],
)
def test_plates(text: str, value: str) -> None:
    assert [plate.value for plate in plates(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "112로 1588-0000",
        "10도 1000원",
        "101호 1203호",
        "30구 3000년",
        "삼십팔 오 칠일칠삼",
        "3가 1234",
        "서울 강남 가 1234",
        "12가 34567",
    ],
)
def test_no_plates(text: str) -> None:
    assert plates(text) == []
