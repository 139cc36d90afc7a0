"""The bench of the masking: what it makes up, how it counts, and that a bad masking fails it."""

from __future__ import annotations

from collections import Counter

from core.check_digits import luhn
from server.bench.masking import by_floor, false_alarms, finished, partial_recall, readable, recall
from server.bench.numbers_said import FORMS, harmless, told
from stt.masking import SHOWN


def test_every_kind_in_every_form_and_the_same_every_time() -> None:
    numbers = list(told(3))
    assert numbers == list(told(3))
    assert Counter((number.kind, number.form) for number in numbers) == {
        (kind, form): 3 for kind in SHOWN for form in FORMS
    }
    assert all(luhn(number.digits) for number in numbers if number.kind == "card")
    assert {len(number.digits) for number in numbers if number.kind == "resident_number"} == {13}


def test_the_masking_keeps_its_bounds() -> None:
    """A sixth of the bench."""
    numbers, others = list(told(80)), list(harmless(80))
    assert min(recall(numbers, finished).values()) >= 99
    assert max(false_alarms(others, finished).values()) <= 0.5
    assert partial_recall(told(15)) >= 99


def test_masking_nothing_and_everything_fails() -> None:
    numbers, others = list(told(10)), list(harmless(10))
    assert recall(numbers, list)["all"] < 20
    assert false_alarms(others, lambda texts: ["[가림]"] * len(texts))["all"] == 100
    assert recall(numbers, by_floor)["spoken"] < 10


def test_readable() -> None:
    assert readable(["팔오 공삼", "[카드번호 가림]", "12가 3"]) == 7
