"""How a delivery goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.errors import IllegalStep
from core.store.webhooks import Delivery, DeliveryState
from server.webhooks.deliveries import FIRST_PAUSE, LONGEST_PAUSE, STEPS, Step, again, heard, missed, pause, stepped

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ONE = Delivery(delivery_id="d", subscriber_id="s", topic="record.kept", body="{}", made=T0, next_at=T0)


@given(st.sampled_from(get_args(DeliveryState)), st.sampled_from(get_args(Step)))
def test_every_step_is_in_the_table_or_illegal(state: DeliveryState, step: Step) -> None:
    delivery = replace(ONE, state=state)
    if (state, step) in STEPS:
        assert stepped(delivery, step) == STEPS[state, step]
    else:
        with pytest.raises(IllegalStep):
            stepped(delivery, step)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_pauses_grow_to_an_hour_and_differ_by_up_to_a_half(tries: int, chance: float) -> None:
    assert FIRST_PAUSE / 2 <= pause(tries, chance) <= LONGEST_PAUSE
    assert pause(tries, 1.0) == pause(tries, 0.0) / 2
    assert pause(tries + 1, 0.0) >= pause(tries, 0.0)


@given(st.floats(0, 1), st.floats(0.1, 48))
def test_a_dead_receiver_is_tried_for_so_long_and_no_longer(chance: float, hours: float) -> None:
    patience = timedelta(hours=hours)
    delivery = ONE
    while delivery.state == "waiting":
        at = delivery.next_at
        delivery = missed(delivery, 500, "status", at, chance=chance, patience=patience)
        assert at <= T0 + patience
    assert delivery.state == "dead" and delivery.done is not None
    assert T0 + patience - delivery.done <= LONGEST_PAUSE
    once_more = again(delivery, T0 + DAY)
    assert (once_more.state, once_more.tries, once_more.made) == ("waiting", 0, T0 + DAY)
    assert once_more.delivery_id == delivery.delivery_id


def test_what_was_heard_says_when_and_by_how_many_tries() -> None:
    first = missed(ONE, 0, "time_out", T0, chance=0, patience=DAY)
    assert (first.state, first.next_at) == ("waiting", T0 + FIRST_PAUSE)
    done = heard(first, 204, T0 + DAY)
    assert (done.state, done.tries, done.status, done.fault, done.done) == ("delivered", 2, 204, "", T0 + DAY)
