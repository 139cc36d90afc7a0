"""The month in small: three ways to count agree, and one that errs is caught."""

from __future__ import annotations

from datetime import date

import pytest

from core.home import Home
from server.bench import month_by_hand
from server.bench.month import compare
from server.bench.simulated_contacts import SimulatedCity
from server.knowledge import sample_entries

MONDAY = date(2026, 3, 2)


async def test_live_recomputed_and_sql_by_hand_agree(home: Home) -> None:
    city = SimulatedCity(sample_entries(), 8, contacts_a_day=300)
    told = await compare(city, MONDAY, 5, home)
    assert told.differences == ()
    assert told.contacts > 1500
    assert told.numbers > 3000
    assert any(line.startswith("Service level (percent): live ") for line in told.table)


async def test_a_number_that_differs_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(month_by_hand.FIELDS, "answered", "answered")  # as if callbacks counted, too
    told = await compare(SimulatedCity(sample_entries(), 8, contacts_a_day=200), MONDAY, 2, home)
    assert told.differences
    assert all(each.startswith("answered of ") for each in told.differences)
