"""Who guesses waits, longer each time; a stranger can't hold an agent up for long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.signing_in import lock_out
from server.signing_in.lock_out import OF_ACCOUNT, OF_ONE, Attempts, Limit, LockOut

LIMIT = Limit(free=3, first_s=60.0, longest_s=240.0, forget_s=1000.0)


def test_a_few_are_free_then_the_wait_doubles_up_to_its_longest() -> None:
    attempts, now, waits = Attempts(LIMIT), 0.0, []
    for _ in range(7):
        waits.append(attempts.wait_s("kim", now))
        now += attempts.wait_s("kim", now)
        attempts.fail("kim", now)
    assert waits == [0.0, 0.0, 0.0, 60.0, 120.0, 240.0, 240.0]
    assert attempts.wait_s("lee", now) == 0.0
    assert attempts.wait_s("kim", now + 1000.0) == 0.0, "long ago is forgotten"


def test_the_right_password_or_an_administrator_forgives() -> None:
    locks = LockOut()
    for _ in range(OF_ONE.free):
        locks.fail("kim", "10.0.0.1", 0.0)
    assert locks.wait_s("kim", "10.0.0.1", 0.0) == 60.0
    locks.unlock("kim")
    assert locks.wait_s("kim", "10.0.0.1", 0.0) == 0.0
    locks.fail("kim", "10.0.0.1", 0.0)
    locks.right("kim", "10.0.0.1")
    assert locks.wait_s("kim", "10.0.0.1", 0.0) == 0.0


def test_a_stranger_everywhere_holds_up_new_addresses_shortly_and_hers_never() -> None:
    locks, now = LockOut(), 0.0
    locks.right("kim", "10.0.0.1")
    for n in range(1000):
        locks.fail("kim", f"203.0.113.{n}", now)
        now += 1.0
    assert 0 < locks.wait_s("kim", "10.9.9.9", now) <= OF_ACCOUNT.longest_s
    assert locks.wait_s("kim", "10.9.9.9", now, known=True) == 0.0
    assert locks.wait_s("kim", "10.0.0.1", now) == 0.0, "she was right there before"
    assert locks.locked("kim", now) > 0
    assert locks.wait_s("lee", "10.9.9.9", now) == 0.0


def test_one_address_with_a_list_of_stolen_passwords_waits() -> None:
    locks = LockOut()
    for n in range(60):
        locks.fail(f"agent{n}", "203.0.113.7", 0.0)
    assert locks.wait_s("kim", "203.0.113.7", 0.0) > 0


def test_guessers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_out, "MOST_GUESSERS", 2)
    attempts = Attempts(Limit(free=1, first_s=60.0, longest_s=60.0, forget_s=60.0))
    for name in ("a", "b", "c"):
        attempts.fail(name, 0.0)
    assert [attempts.wait_s(name, 0.0) > 0 for name in ("a", "b", "c")] == [False, True, True]


@given(st.lists(st.tuples(st.sampled_from(["fail", "forgive", "wait"]), st.floats(-500, 2000)), max_size=60))
def test_no_wait_is_ever_longer_than_its_longest_also_when_the_clock_jumps(steps: list[tuple[str, float]]) -> None:
    attempts, now = Attempts(LIMIT), 10_000.0
    for what, jump in steps:
        now += jump
        if what == "fail":
            attempts.fail("kim", now)
        elif what == "forgive":
            attempts.forgive("kim")
            assert attempts.wait_s("kim", now) == 0.0
        assert 0.0 <= attempts.wait_s("kim", now) <= LIMIT.longest_s
