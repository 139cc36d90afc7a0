"""Figures for a model's card."""

from __future__ import annotations

import pytest

from models import shelf
from server.measuring import card
from server.measuring.measure import Task


def test_a_card_tells_sets_speed_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "SMOKE", (Task(limit=2),))
    rows = card.for_card(shelf.find().path, quickly=True).rows
    assert [row.what.partition(",")[0] for row in rows] == [
        "heldout",
        "real-time factor of one core",
        "load",
        "memory of a worker",
    ]
    assert rows[0].value.endswith("of 2 sentences without an error")
