from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent_assist.ranking import Evidence, keyword_worth, share, surety

EVIDENCE = st.builds(
    Evidence,
    strength=st.floats(0, 100),
    covered=st.floats(0, 1),
    words=st.integers(0, 100),
    keyword=st.floats(0, 1),
)


@given(EVIDENCE)
def test_surety_is_a_share(evidence: Evidence) -> None:
    assert 0 <= surety(evidence) <= 1


@given(EVIDENCE, st.floats(0.01, 10))
def test_more_evidence_never_makes_less_sure(evidence: Evidence, more: float) -> None:
    stronger = Evidence(
        strength=evidence.strength + more,
        covered=min(1.0, evidence.covered + more / 10),
        words=evidence.words,
        keyword=evidence.keyword,
    )
    assert surety(stronger) >= surety(evidence)


def test_nothing_said_is_nothing_sure() -> None:
    assert surety(Evidence(strength=50, covered=1, words=0, keyword=1)) == 0


def test_a_keyword_of_its_own_decides() -> None:
    without = Evidence(strength=3, covered=0.5, words=1, keyword=0)
    assert surety(without) < 0.45
    assert surety(Evidence(strength=5, covered=0.5, words=1, keyword=1)) > 0.6


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_no_card_is_below_the_bar_or_above_the_best(sure: float, bar: float, ratio: float) -> None:
    score = share(sure, bar, ratio)
    if score is not None:
        assert bar <= score <= max(sure, bar)
    if sure < bar:
        assert score is None


def test_the_best_card_has_the_surety_itself() -> None:
    assert share(0.8, 0.4, 1.0) == 0.8


def test_a_keyword_that_many_share_is_worth_less() -> None:
    assert keyword_worth(1) == 1
    assert keyword_worth(16) == 0.25
