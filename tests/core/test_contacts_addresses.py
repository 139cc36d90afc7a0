"""Addresses in a text; what looks like one is listed in ``tests/fixtures/no_values_ko.txt`` too."""

from __future__ import annotations

import pytest

from core.contacts.addresses import addresses
from core.contacts.contact import NO_PLACES, Places
from core.contacts.no_places import NO_PLACE, NO_ROAD

PLACES = Places(streets=frozenset({"한빛대로", "해안도로"}), districts=frozenset({"중앙동"}))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("한빛로 이십삼 길 십오", "한빛로23길 15"),
        ("한빛로이십삼길 15", "한빛로23길 15"),
        ("한빛로23번길 15-3에 살아요", "한빛로23번길 15-3"),
        ("한빛로 백이십삼 다시 사십오", "한빛로 123-45"),
        ("서울특별시 강남구 푸른로 152", "서울특별시 강남구 푸른로 152"),
        ("전라남도 나주시 빛가람동 120번지", "전라남도 나주시 빛가람동 120"),
        ("중앙동 산 12-3이에요", "중앙동 산12-3"),
        ("중앙동 한빛대로 1", "중앙동 한빛대로 1"),
        ("큰솔동 12-3번지 105동 302호", "큰솔동 12-3, 105동 302호"),
        ("주소가 샛별길 십오 사 주세요", "샛별길 15"),
        ("백이십 번지요", "120번지"),
        ("이백삼 호 살아요", "203호"),
        ("가동 101호", "가동 101호"),
    ],
)
def test_addresses(text: str, value: str) -> None:
    assert [contact.value for contact in addresses(text, PLACES)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "혹시 카드로 15만원",
        "전화로 120 눌렀는데 이사해서요",
        "운동 3번",
        "활동 3-4회",
        "제3호",
        "법률 제1234호",
        "앞으로 10분",
        "한빛로 15 말고 다른 데서 봤어요",
    ],
)
def test_no_addresses(text: str) -> None:
    """An unknown road and a number alone are not enough."""
    assert addresses(text, NO_PLACES) == []


def test_the_lists_hold_words_that_could_be_taken_for_places() -> None:
    assert all(word[-1] in "시구군읍면동리가도금" for word in NO_PLACE)
    assert all(word.endswith(("로", "길")) for word in NO_ROAD)
