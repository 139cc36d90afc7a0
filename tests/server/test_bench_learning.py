from __future__ import annotations

from server.bench import run
from server.bench.learning import measure, measured


def test_it_is_one_of_the_benches() -> None:
    assert run.BENCHES["learning"] is measure


def test_what_is_learnt_in_few_calls_is_measured_on_others() -> None:
    """Small: that it works, not how well; ``minwon bench learning`` measures that."""
    found = measured(calls=150, questions=60, untaught=30)
    assert found.lessons > 60
    assert found.learnt.rows[0].questions == 60
    assert found.untaught.rows[0].questions == 30
    assert found.untaught.idle_after <= found.untaught.idle_before
    assert found.learnt.rows[0].hit3.after > 0.3
    assert found.learnt.rows[0].hit1.before == found.with_synonyms.rows[0].hit1.before
    # Half of what so few calls teach may be chance; but they must teach something, and no nonsense.
    assert found.learnt.rows[0].mrr.difference > -0.05
