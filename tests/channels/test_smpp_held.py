"""Receipts wait for their message as long as it may be theirs, and no longer."""

from __future__ import annotations

import pytest

from channels.smpp_held import LIMIT, LONG_S, SHORT_S, Held


class Acknowledged:
    """Counts what was answered."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def __call__(self, status: int) -> None:
        self.given.append(status)


@pytest.mark.parametrize(("doubtful", "wait_s"), [(False, SHORT_S), (True, LONG_S)])
def test_while_a_text_to_its_number_is_on_its_way(doubtful: bool, wait_s: float) -> None:
    held, one = Held(), Acknowledged()
    held.flies("m1", "010", doubtful=doubtful)
    assert not held.hold("a", "011", one, 100.0), "nobody writes to this number"
    assert held.hold("a", "010", one, 100.0)
    assert held.overdue(100.0 + wait_s - 0.1) == []
    assert held.overdue(100.0 + wait_s) == [one]
    assert held.overdue(200.0) == []
    held.landed("m1")
    assert not held.hold("b", "010", one, 300.0)


def test_once_in_doubt_it_waits_longer() -> None:
    held, one = Held(), Acknowledged()
    held.flies("m1", "010", doubtful=False)
    held.doubted("m1")
    held.doubted("m2")
    assert held.hold("a", "", one, 0.0), "a receipt without a number may be anybody's"
    assert held.overdue(LONG_S - 0.1) == []


def test_a_young_node_does_not_know_what_the_one_before_left() -> None:
    held, one = Held(), Acknowledged()
    held.opened(100.0)
    assert held.hold("a", "010", one, 100.0 + LONG_S - 0.1)
    assert not held.hold("b", "010", one, 100.0 + LONG_S)
    assert held.overdue(100.0 + LONG_S + SHORT_S) == [one]


def test_claimed_by_its_message_it_is_given_back_once() -> None:
    held, one = Held(), Acknowledged()
    held.opened(0.0)
    held.hold("a1", "010", one, 1.0)
    assert held.claimed(["00A1", "b"]) == [one]
    assert held.claimed(["00A1"]) == []
    assert held.overdue(1000.0) == []


def test_what_is_remembered_is_bounded() -> None:
    held = Held()
    for number in range(LIMIT + 1):
        held.flies(f"m{number}", f"{number}", doubtful=False)
    assert not held.hold("a", "0", Acknowledged(), 0.0)
    assert held.hold("a", f"{LIMIT}", Acknowledged(), 0.0)
