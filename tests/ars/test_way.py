"""Ways by keys lead where they say."""

from __future__ import annotations

import datetime as dt

import pytest

from ars.inputs import Key
from ars.menu import step
from ars.menu_files.menu_file import find, load, menu_of
from ars.model import CAPTIONS, JOIN
from ars.state import begin
from ars.way import dialled, keys_to
from tests.ars.small import small_menu

KST = dt.timezone(dt.timedelta(hours=9))
DAY = dt.datetime(2026, 11, 26, 10, 0, tzinfo=KST)
NIGHT = dt.datetime(2026, 11, 26, 23, 0, tzinfo=KST)


@pytest.mark.parametrize("now", [DAY, NIGHT])
@pytest.mark.parametrize("target", [JOIN, CAPTIONS])
def test_the_keys_of_the_shipped_menu_lead_there(now: dt.datetime, target: str) -> None:
    menu = menu_of(load(find("hanbit")), "hanbit.toml")
    keys = keys_to(menu, target, now)
    assert keys
    state = begin("v", menu, now)
    for key in keys:
        now += dt.timedelta(seconds=1)
        state, _ = step(state, Key(key), now)
    assert state.here.id == target


def test_no_keys_lead_to_a_screen_that_nothing_names() -> None:
    assert keys_to(small_menu(), JOIN, DAY) is None
    assert keys_to(small_menu(), "main", DAY) == ""


def test_a_number_that_goes_on_with_keys() -> None:
    assert dialled("070-0012-0120", "67,123456") == "07000120120,,67,123456"
    assert dialled("070-0012-0120", "") == "07000120120"
