from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.alerts.slips import near, same
from tests.fakes.misheard import misheard

HANGUL = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)


@pytest.mark.parametrize(("said", "heard"), [("시", "씨"), ("죽", "주"), ("노", "로"), ("새", "세"), ("불", "풀")])
def test_near_ones(said: str, heard: str) -> None:
    assert heard in near(said)
    assert said in near(said)


def test_others_are_not_near() -> None:
    assert "강" not in near("불")
    assert near("a") == {"a"}


def test_what_nobody_tells_apart_is_no_slip() -> None:
    assert same("새", "세")
    assert same("되", "뒈")
    assert not same("시", "씨")


@given(HANGUL, st.integers(0, 50))
def test_slips_of_the_fake_recogniser_that_change_force_or_final_are_near(syllable: str, seed: int) -> None:
    heard = misheard(syllable, seed, rate=1.0)
    if heard and (ord(heard) - 0xAC00) // 28 == (ord(syllable) - 0xAC00) // 28:
        assert heard in near(syllable)
