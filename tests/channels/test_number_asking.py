"""A mobile number that a caller keys or says: read back, confirmed, given up; every state and every event."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.number_asking import TRIES, Asking, Event, Phase, step
from core.errors import IllegalStep
from core.phone_numbers import is_mobile


def keyed(digits: str, asking: Asking | None = None) -> tuple[Asking, list[str]]:
    said = []
    now = asking or step(Asking(), "ask")[0]
    for digit in digits:
        now, words = step(now, "key", digit)
        said.append(words)
    return now, [words for words in said if words]


def test_eleven_keys_are_read_back_and_one_is_a_yes() -> None:
    heard, said = keyed("01012345678")
    assert (heard.phase, heard.number, said) == ("heard", "01012345678", ["read_back"])
    confirmed, said = keyed("1", heard)
    assert (confirmed.phase, confirmed.number, said) == ("confirmed", "01012345678", ["thanks"])
    assert not confirmed.takes_keys


def test_an_old_number_ends_with_the_hash_key_and_the_star_begins_anew() -> None:
    assert keyed("999*0111234567#")[0].number == "0111234567"


def test_two_means_again() -> None:
    again, said = keyed("2", keyed("01012345678")[0])
    assert (again.phase, again.digits, said) == ("asking", "", ["ask"])


def test_a_landline_is_wrong_and_three_times_is_given_up() -> None:
    now, said = keyed("0331234567#")
    assert (now.phase, said) == ("asking", ["wrong"])
    now, said = keyed("0331234567#" * (TRIES - 1), now)
    assert (now, said[-1]) == (Asking(), "given_up")


def test_what_the_agent_types_is_read_back_and_her_slips_are_nobodys() -> None:
    heard, words = step(Asking(), "number", "010-1234-5678")
    assert (heard.number, words) == ("01012345678", "read_back")
    assert step(Asking(phase="asking", misses=1), "number", "12") == (Asking(phase="asking", misses=1), "")


@pytest.mark.parametrize(("phase", "event"), list(product(get_args(Phase), get_args(Event))))
def test_every_state_meets_every_event(phase: Phase, event: Event) -> None:
    asking = Asking(phase=phase, number="01012345678" if phase in ("heard", "confirmed") else "")
    try:
        after, _words = step(asking, event, "1")
    except IllegalStep:
        return
    assert after.phase in get_args(Phase)


@given(st.lists(st.tuples(st.sampled_from(get_args(Event)), st.text(alphabet="0123456789*#A", max_size=12))))
def test_what_is_confirmed_is_always_a_mobile_number_that_was_read_back(events: list[tuple[Event, str]]) -> None:
    asking, read_back = Asking(), ""
    for event, value in events:
        try:
            asking, words = step(asking, event, value[:1] if event == "key" else value)
        except IllegalStep:
            continue
        read_back = asking.number if words == "read_back" else read_back
        if asking.phase == "confirmed":
            assert is_mobile(asking.number)
            assert asking.number == read_back
