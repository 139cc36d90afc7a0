"""The enlarged consultation database."""

from __future__ import annotations

from server.bench.suggest import many
from server.knowledge import sample_entries


def test_every_entry_is_another() -> None:
    entries = many(sample_entries(), 1000)
    assert len({entry.id for entry in entries}) == 1000
    assert len({(entry.title, entry.body) for entry in entries}) == 1000
    assert entries[0].title == sample_entries()[0].title
