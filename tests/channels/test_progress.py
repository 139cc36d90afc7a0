"""Every state of a message with everything that can happen to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from channels import progress
from channels.contract import Kind, Message, Receipt
from channels.reasons import in_words
from core.errors import IllegalStep
from core.events import MessageState
from core.store.messages import MessageRecord

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STATES: tuple[MessageState, ...] = get_args(MessageState)
ALLOWED = {("queued", "sent"), ("queued", "delivered"), ("queued", "failed")} | {
    ("sent", "sent"),
    ("sent", "delivered"),
    ("sent", "failed"),
}


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def message(secrets: tuple[str, ...] = (), kind: Kind = "sms") -> Message:
    return Message(message_id="m", to="01000001234", text="보기 x/v/1", kind=kind, secrets=secrets, call_id="c", at=T0)


def record(state: MessageState = "queued", **other: object) -> MessageRecord:
    return replace(progress.queued(message()), state=state, **other)


def test_a_taken_message_is_due_at_once_and_kept_without_its_secret() -> None:
    taken = progress.queued(message(("x/v/1",), "lms"))
    assert (taken.text, taken.blanked, taken.kind, taken.next_at) == ("보기 (link)", True, "lms", T0)
    assert not progress.queued(message()).blanked


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("said", STATES)
def test_every_state_with_every_answer(state: MessageState, said: MessageState) -> None:
    receipt = Receipt(state=said, reference="r", reason="이유" if said == "failed" else "")
    if (state, said) not in ALLOWED:
        with pytest.raises(IllegalStep, match="message"):
            progress.received(record(state), receipt, T0)
        return
    after = progress.received(record(state, tried=T0), receipt, T0)
    assert (after.state, after.reference, after.reason) == (said, "r", receipt.reason)
    assert (after.next_at is None) == (said in {"delivered", "failed"})
    assert after.tried is None, "it is known now what became of the try"


@given(luck=st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_six_tries_with_growing_pauses_then_it_has_failed_in_words(luck: list[float]) -> None:
    known, now = record(), T0
    pauses = []
    for dice in luck:
        known = progress.begun(known, now)
        known = progress.faulted(known, now, dice)
        if known.next_at is not None:
            pauses.append((known.next_at - now).total_seconds())
            now = known.next_at
    assert known.tries == 6
    assert (known.state, known.next_at, known.reason) == ("failed", None, in_words("unreachable"))
    assert pauses == sorted(pauses)
    assert len(pauses) == 5
    assert now - T0 < timedelta(minutes=7)


def test_the_first_try_in_doubt_is_the_one_to_look_for() -> None:
    once = progress.faulted(progress.begun(record(), at(1)), at(11), 0.0)
    assert progress.begun(once, at(13)).tried == at(1)


def test_an_old_reference_is_not_lost_by_an_answer_without_one() -> None:
    assert progress.received(record("sent", reference="r"), Receipt(state="delivered"), T0).reference == "r"


def test_delivery_is_asked_less_and_less_often_for_a_day() -> None:
    known = progress.received(record(), Receipt(state="sent", reference="r"), T0)
    asked = []
    while known.next_at is not None:
        asked.append((known.next_at - T0).total_seconds())
        known = progress.received(known, Receipt(state="sent", reference="r"), known.next_at)
    assert asked[:4] == [3, 6, 9, 13.5]
    assert len(asked) < 50
    assert 24 * 3600 < asked[-1] <= 25 * 3600
    assert (known.state, known.reason) == ("sent", in_words("no_report"))


def test_a_fault_while_asking_costs_no_try() -> None:
    known = progress.received(progress.begun(record(), T0), Receipt(state="sent", reference="r"), T0)
    for _ in range(10):
        assert known.next_at is not None
        known = progress.faulted(known, known.next_at, 0.5)
    assert (known.state, known.tries) == ("sent", 1)


@pytest.mark.parametrize(
    ("left", "state", "reason"),
    [
        (record(), "queued", ""),
        (record(blanked=True), "failed", in_words("restarted")),
        (record("sent", blanked=True), "sent", ""),
        (record(at=T0 - timedelta(minutes=61)), "failed", in_words("too_late")),
        (record("sent", at=T0 - timedelta(minutes=61)), "sent", ""),
    ],
)
def test_what_a_new_node_makes_of_what_was_left(left: MessageRecord, state: str, reason: str) -> None:
    after = progress.resumed(left, T0)
    assert (after.state, after.reason) == (state, reason)
    assert (after.next_at is None) == (state == "failed")
