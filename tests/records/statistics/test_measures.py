"""Figures as data: every one is a quotient of fields that there are, and says what it is."""

from __future__ import annotations

import pytest

from core.store.statistics import FIELDS
from records.statistics.measures import BY_ID, MEASURES, fields_of, total


def test_every_figure_is_made_of_fields_and_explained() -> None:
    assert len(BY_ID) == len(MEASURES)
    for measure in MEASURES:
        assert measure.numerator, measure.id
        assert set(fields_of([measure])) <= set(FIELDS), measure.id
        for words in (measure.ko, measure.en, measure.formula_ko, measure.formula_en, measure.source):
            assert words.strip(), measure.id
        if measure.unit in ("percent", "score"):
            assert measure.denominator, measure.id


@pytest.mark.parametrize(
    ("name", "top", "bottom", "value"),
    [
        ("answered", 12, 0, 12.0),
        ("service_level", 3, 4, 75.0),
        ("asa", 45_000, 3, 15.0),
        ("satisfaction", 9, 2, 4.5),
        ("asa", 0, 0, None),
        ("service_level", 0, 0, None),
    ],
)
def test_a_figure_of_nothing_is_no_zero(name: str, top: int, bottom: int, value: float | None) -> None:
    assert BY_ID[name].value(top, bottom) == value


def test_a_field_may_be_taken_away() -> None:
    assert total(("settled", "-again"), {"settled": 9, "again": 2}) == 7
    assert fields_of([BY_ID["fcr"], BY_ID["aht"]]) == ("settled", "again", "talk_ms", "hold_ms", "wrap_ms", "handled")
