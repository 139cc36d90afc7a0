from __future__ import annotations

import pytest

from server.bench import learning, run
from server.knowledge import sample_entries


def test_it_is_one_of_the_benches() -> None:
    assert run.BENCHES["learning"] is learning.measure


def test_what_is_learnt_in_few_calls_is_measured_on_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small: that it works, not how well; ``minwon bench learning`` measures that."""
    monkeypatch.setattr(learning, "sample_entries", lambda: sample_entries()[:60])
    found = learning.measured(calls=150, questions=60, untaught=30)
    taught = found.learnt.rows[0]
    assert found.lessons > 60
    assert taught.questions == 60
    assert found.untaught.rows[0].questions == 30
    assert found.untaught.idle_after <= found.untaught.idle_before
    assert taught.hit3.after > 0.3
    assert taught.hit1.before == found.with_synonyms.rows[0].hit1.before
    assert taught.mrr.difference > -0.05
