from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.gaps.asked import GAPS_LIMIT, QUESTIONS_LIMIT, TEXT_LIMIT, Asked, Questions
from core.events import CardDeed

AT = datetime(2026, 11, 26, tzinfo=UTC)


def asked(number: int, *cards: str, words: int = 3, score: float = 0.0, text: str = "") -> Asked:
    return Asked(
        utterance=f"caller-{number}",
        text=text or f"question {number}",
        at=AT,
        words=words,
        score=score or (0.7 if cards else 0.0),
        cards=cards,
    )


def gaps(*happened: Asked | tuple[str, CardDeed]) -> list[str]:
    """Numbers of the utterances that are gaps."""
    call = Questions("call")
    for each in happened:
        if isinstance(each, Asked):
            call.asked(each)
        else:
            call.used(*each)
    return [gap.gap_id.removeprefix("call/caller-") for gap in call.gaps(str)]


def test_a_question_for_which_nothing_came_is_a_gap() -> None:
    assert gaps(asked(1)) == ["1"]


def test_small_talk_is_none() -> None:
    assert gaps(asked(1, words=1), asked(2, words=0)) == []


def test_what_led_up_to_a_card_is_none() -> None:
    assert gaps(asked(1), asked(2), asked(3, "a", score=0.9)) == []
    assert gaps(asked(1), asked(2), asked(3), asked(4, "a", score=0.9)) == ["1"]


def test_a_question_whose_card_was_used_is_none() -> None:
    assert gaps(asked(1, "a", "b"), ("a", "accepted"), ("b", "dismissed")) == []
    assert gaps(asked(1, "a"), ("a", "opened")) == []


def test_all_cards_put_away_is_a_gap() -> None:
    assert gaps(asked(1, "a", "b"), ("a", "dismissed"), ("b", "dismissed")) == ["1"]
    assert gaps(asked(1, "a", "b", score=0.9), ("a", "dismissed")) == []


def test_opened_and_then_put_away_is_put_away() -> None:
    assert gaps(asked(1, "a"), ("a", "opened"), ("a", "dismissed")) == ["1"]


def test_used_and_then_cleared_away_was_used() -> None:
    assert gaps(asked(1, "a"), ("a", "accepted"), ("a", "opened")) == []


def test_nothing_used_in_the_whole_call_is_a_gap_once_unless_a_card_was_sure() -> None:
    assert gaps(asked(1, "a", words=2), asked(2, "a", words=5), asked(3, "b", words=3)) == ["2"]
    assert gaps(asked(1, "a", words=2), asked(2, "a", words=5, score=0.85)) == []


def test_a_second_topic_that_nothing_covers_is_a_gap_though_the_first_was_answered() -> None:
    assert gaps(asked(1, "a"), ("a", "accepted"), asked(2), asked(3), asked(4)) == ["2", "3", "4"]


def test_an_empty_call_has_none() -> None:
    assert gaps() == []


def test_text_is_masked_and_cut_and_ids_stay_the_same() -> None:
    call = Questions("call")
    call.asked(asked(1, text="제 번호 010-1234-5678 " + "가" * 1000))
    (gap,) = call.gaps(lambda text: text.replace("010-1234-5678", "(번호)"))
    assert "1234" not in gap.text
    assert len(gap.text) == TEXT_LIMIT
    assert gap == call.gaps(lambda text: text.replace("010-1234-5678", "(번호)"))[0]
    assert (gap.call_id, gap.state, gap.at) == ("call", "open", AT)


def test_limits() -> None:
    call = Questions("call")
    for number in range(QUESTIONS_LIMIT + 3):
        call.asked(asked(number))
    assert call.dropped == 3
    assert len(call.gaps(str)) == GAPS_LIMIT


DEEDS: tuple[CardDeed, ...] = get_args(CardDeed)


@pytest.mark.parametrize(("first", "second"), list(product(DEEDS, DEEDS)))
def test_every_deed_after_every_deed(first: CardDeed, second: CardDeed) -> None:
    found = gaps(asked(1, "a"), ("a", first), ("a", second))
    last = first if first in {"accepted", "sent", "pinned"} and second != "dismissed" else second
    # A pin that was taken out again: nothing is known of it but that the card was not sure.
    assert found == (["1"] if last in {"dismissed", "unpinned"} else [])


@given(
    st.lists(
        st.one_of(
            st.builds(
                lambda number, cards, words: asked(number, *cards, words=words),
                st.integers(1, 9),
                st.lists(st.sampled_from("abc"), max_size=3, unique=True),
                st.integers(0, 5),
            ),
            st.tuples(st.sampled_from("abc"), st.sampled_from(DEEDS)),
        ),
        max_size=20,
    )
)
def test_whatever_happens_a_gap_is_something_asked(happened: list[Asked | tuple[str, CardDeed]]) -> None:
    topical = [
        each.utterance.removeprefix("caller-") for each in happened if isinstance(each, Asked) and each.words > 1
    ]
    found = gaps(*happened)
    assert set(found) <= set(topical)
    assert len(found) <= GAPS_LIMIT
