from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from agent_assist.learning.deeds import AFTER, WORTH, Verdict
from core.events import CardDeed

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
DEEDS: tuple[CardDeed, ...] = get_args(CardDeed)


def test_the_table_knows_every_verdict_with_every_deed() -> None:
    assert set(AFTER) == set(product(VERDICTS, DEEDS))
    assert set(WORTH) == set(VERDICTS)


def test_opening_says_less_than_using_and_putting_away_is_negative() -> None:
    assert WORTH["refused"] < 0 == WORTH["none"] < WORTH["looked"] < WORTH["pinned"] <= WORTH["used"]


@pytest.mark.parametrize("deed", DEEDS)
def test_the_same_deed_again_changes_nothing(deed: CardDeed) -> None:
    for verdict in VERDICTS:
        once = AFTER[verdict, deed]
        assert AFTER[once, deed] == once


def test_what_was_used_stays_used() -> None:
    assert {AFTER["used", deed] for deed in DEEDS} == {"used"}
