"""What stays as it was counted when nobody knows any more who it was."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from core.store.statistics import ContactFacts
from core.store.statistics_chain import as_counted, with_again

OLD = ContactFacts(
    contact_id="c1", started=datetime(2026, 3, 2, tzinfo=UTC), day=20260302, slot=18, person="key",
    category="생활>폐기물", settled=1, again=1,
)  # fmt: skip


def test_of_a_forgotten_person_settled_and_again_stay() -> None:
    drawn = replace(OLD, person="", settled=0, again=0, texts=1)
    kept = as_counted(replace(OLD, person=""), drawn)
    assert (kept.settled, kept.again, kept.texts) == (1, 1, 1)
    assert with_again([kept])["c1"] == kept


def test_of_all_others_the_new_facts_count() -> None:
    drawn = replace(OLD, settled=0, again=0)
    assert as_counted(None, drawn) == drawn
    assert as_counted(OLD, replace(drawn, person="")) == replace(drawn, person="")
    assert as_counted(replace(OLD, person="", settled=0), drawn) == drawn
    assert as_counted(replace(OLD, person=""), drawn) == drawn
