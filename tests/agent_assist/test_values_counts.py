"""Numbers with their counting words."""

from __future__ import annotations

import pytest

from agent_assist.values.counts import counts


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("등본 세 통만요", "3통"),
        ("스물다섯 명이서", "25명"),
        ("스물 다섯 명", "25명"),
        ("1,200명쯤", "1200명"),
        ("3만 명", "30000명"),
        ("만 18세요", "18세"),
        ("만 예순다섯 살부터", "65살"),
        ("십 명이요", "10명"),
        ("네 명이에요", "4명"),
        ("두 번 냈어요", "2번"),
        ("여섯 개월", "6개월"),
    ],
)
def test_counts(said: str, value: str) -> None:
    assert value in [candidate.value for candidate in counts(said)]


@pytest.mark.parametrize(
    "said",
    [
        "이 건은요",
        "네 명의로",
        "세대 분리",
        "20대로",
        "한 번 더",
        "두부 공장",
        "천명을 알다",
        "0명",
        "3층이요",
        "백일장",
    ],
)
def test_no_counts(said: str) -> None:
    assert list(counts(said)) == []
