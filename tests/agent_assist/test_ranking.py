from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent_assist.ranking import Evidence, keyword_worth, share, surety, taught

EVIDENCE = st.builds(
    Evidence,
    strength=st.floats(0, 100),
    alone=st.floats(0, 1),
    words=st.integers(0, 100),
    said=st.integers(0, 1000),
    asks=st.booleans(),
    elsewhere=st.booleans(),
    keyword=st.floats(0, 1),
)
TOPIC = Evidence(strength=8, alone=0.5, words=1, said=10, asks=False, elsewhere=False, keyword=0)


@given(EVIDENCE)
def test_surety_is_a_share(evidence: Evidence) -> None:
    assert 0 <= surety(evidence) <= 1


@given(EVIDENCE, st.floats(0.01, 10))
def test_more_evidence_never_makes_less_sure(evidence: Evidence, more: float) -> None:
    stronger = replace(
        evidence,
        strength=evidence.strength + more,
        alone=min(1.0, evidence.alone + more / 10),
        said=evidence.said + int(more),
        asks=True,
    )
    assert surety(stronger) >= surety(evidence)


def test_nothing_said_is_nothing_sure() -> None:
    assert surety(replace(TOPIC, strength=50, words=0, keyword=1)) == 0


def test_a_topic_waits_for_its_question() -> None:
    topic = replace(TOPIC, words=3)
    assert surety(topic) < 0.45
    assert surety(replace(topic, asks=True, said=40)) > 0.45


def test_a_keyword_of_its_own_decides() -> None:
    assert surety(replace(TOPIC, strength=12)) < 0.45
    assert surety(replace(TOPIC, strength=20, alone=0.8, keyword=1)) > 0.45


def test_what_no_office_does_is_less_sure() -> None:
    asked = replace(TOPIC, words=4, asks=True)
    assert surety(replace(asked, elsewhere=True)) < surety(asked) - 0.2


@given(st.floats(-5, 5))
def test_a_lesson_is_capped(bonus: float) -> None:
    assert 0.5 <= taught(bonus) <= 1.5
    assert taught(0) == 1


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
