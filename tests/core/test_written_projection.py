"""A written contact is drawn from its events: any order of lives, any cut."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import (
    CallStarted,
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    Event,
    MessageSent,
    Party,
    Suggested,
    Suggestion,
    TextReceived,
    Written,
    renumbered,
)
from core.store.written_projection import LAST_TEXT, project_all_written, project_written

T0 = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def line(*events: Event) -> list[Event]:
    return [renumbered(event, call_id="text-1", seq=seq) for seq, event in enumerate(events, 1)]


def opened(**more: Any) -> ContactOpened:
    return ContactOpened(channel="text", party=Party(number="01000001234"), to="0331200120", at=at(0), **more)


def received(minutes: float, text: str = "가로등이 안 켜져요", **more: Any) -> TextReceived:
    return TextReceived(text_id=f"t{minutes}", text=text, at=at(minutes), **more)


def sent(minutes: float, *, state: Any = "queued", by: str = "kim", text: str = "확인하겠습니다") -> MessageSent:
    return MessageSent(message_id=f"m{minutes}", to="01000001234", text=text, state=state, by=by, at=at(minutes))


def drawn(*events: Event) -> Written:
    found = project_all_written(None, line(*events))
    assert found is not None
    return found


KIM = ContactAssigned(agent_id="kim", agent_name="김하늘", at=at(2))


def test_a_whole_life() -> None:
    card = Suggestion(id="7", title="가로등 고장", score=0.9)
    now = drawn(opened(reply_to="c1"), received(0, photos=("p",)))
    assert (now.state, now.owed_since, now.texts, now.photos, now.reply_to) == ("waiting", at(0), 1, 1, "c1")
    now = drawn(opened(), received(0), Suggested(suggestions=(card,)), KIM, received(3))
    assert (now.state, now.agent_name, now.owed_since, now.texts, now.topic) == (
        "assigned", "김하늘", at(0), 2, "가로등 고장",
    )  # fmt: skip
    now = drawn(opened(), received(0), KIM, sent(4))
    assert (now.state, now.owed_since, now.first_answer, now.last_by) == ("answered", None, at(4), "agent")
    now = drawn(opened(), received(0), KIM, sent(4), sent(4.1, state="delivered"), received(9))
    assert (now.state, now.owed_since, now.first_answer, now.last_text_seq) == ("assigned", at(9), at(4), 6)
    now = drawn(opened(), received(0), KIM, sent(4), ContactClosed(reason="answered", agent_id="kim", at=at(10)))
    assert (now.state, now.closed, now.agent_id, now.owed_since) == ("closed", "answered", "kim", None)


def test_what_no_person_says_is_no_answer() -> None:
    for message in (sent(1, by=""), sent(1, by="rule:thanks"), sent(1, state="waiting"), sent(1, state="delivered")):
        now = drawn(opened(), received(0), KIM, message)
        assert (now.state, now.owed_since, now.first_answer) == ("assigned", at(0), None)


def test_given_back_it_waits_again_and_is_owed_as_long() -> None:
    now = drawn(opened(), received(0), KIM, ContactAssigned(agent_id="", reason="not_answered", at=at(8)))
    assert (now.state, now.agent_id, now.owed_since, now.since) == ("waiting", "", at(0), at(8))


def test_what_comes_after_the_end_moves_nothing() -> None:
    now = drawn(opened(), received(0), ContactClosed(reason="spam"), sent(5), KIM)
    assert now.state == "closed"
    assert now.last_seq == 5


def test_a_long_text_is_cut_in_lists() -> None:
    assert drawn(opened(), received(0, text="가 \n" * 500)).last_text == ("가 " * 500)[:LAST_TEXT]


def test_a_call_is_no_written_contact() -> None:
    assert project_written(None, CallStarted(call_id="c1", seq=1)) is None


EVENTS = st.sampled_from(
    [received(1), received(2), KIM, ContactAssigned(agent_id=""), sent(3), sent(3, state="delivered"), sent(5, by="")]
)


@given(st.lists(EVENTS, max_size=25), st.integers(0, 25))
def test_in_pieces_as_in_one(events: list[Event], cut: int) -> None:
    all_of_it = line(opened(), received(0), *events)
    half = project_all_written(None, all_of_it[:cut])
    whole = project_all_written(None, all_of_it)
    assert project_all_written(half, all_of_it[cut:]) == whole
    assert whole is not None
    assert (whole.owed_since is not None) is (whole.state in ("waiting", "assigned"))
    assert bool(whole.agent_id) is (whole.state in ("assigned", "answered"))


@pytest.mark.parametrize("twice", [True, False])
def test_the_beginning_said_again_changes_nothing(twice: bool) -> None:
    events = [opened(), *([opened(queue="tax")] if twice else []), received(0)]
    assert drawn(*events).queue == ""
