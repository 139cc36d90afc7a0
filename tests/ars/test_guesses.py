"""Guessing finds nothing, locks nobody out and costs no memory."""

from __future__ import annotations

import base64
import secrets
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ars import guesses
from ars.guesses import Guesses, key, site
from ars.links import Known, Links, Unknown

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_a_million_guesses_find_nothing_and_lock_nobody_out() -> None:
    links, limiter = Links(10_000), Guesses()
    tokens = {f"v{n}": links.open(f"v{n}", ends=NOON + timedelta(hours=2)) for n in range(1000)}
    for visit, token in tokens.items():
        links.bind(token, f"browser of {visit}", NOON)
    asked = list(tokens.items())
    guessed = base64.urlsafe_b64encode(secrets.token_bytes(18 * 1_000_000)).decode()  # at once: a third of the time
    now, waited = NOON, 0
    for n in range(1_000_000):
        now = NOON + seconds(n / 1000)
        assert isinstance(links.look(guessed[24 * n : 24 * n + 22], "guesser", now), Unknown)
        waited += limiter.failed("192.0.2.7", now) > 0
        if n % 1000 == 0:  # a real caller behind the same address, whose link was true all the time
            visit, token = asked[n // 1000]
            assert links.look(token, f"browser of {visit}", now) == Known(visit)
    assert limiter.wait_s("192.0.2.7", now) > 0
    assert limiter.wait_s("192.0.2.8", now) == 0
    # 1,000 s are less than three windows of 20.
    assert 1_000_000 - waited <= 60


def test_many_addresses_are_met_by_the_total_and_cost_no_memory() -> None:
    limiter = Guesses(of_all=10**9)
    tracemalloc.start()
    try:
        for n in range(guesses.MOST_KEYS + 1000):
            limiter.failed(f"2001:db8:{n >> 16:x}:{n & 0xFFFF:x}::1", NOON + seconds(n / 1000))
        size, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(limiter) == guesses.MOST_KEYS
    assert size < 5_000_000

    limiter = Guesses(of_all=100)
    assert sum(limiter.failed(f"2001:db8::{n:x}:0:0:0:1", NOON) == 0 for n in range(1000)) == 100
    assert limiter.wait_s("198.51.100.1", NOON) > 0


def test_after_the_wait_one_may_fail_again() -> None:
    limiter = Guesses(of_one=3)
    assert [limiter.failed("192.0.2.7", NOON) for _ in range(3)] == [0, 0, 0]
    wait = limiter.failed("192.0.2.7", NOON)
    assert wait > 0
    assert limiter.failed("192.0.2.7", NOON + seconds(wait - 2)) > 0
    assert limiter.failed("192.0.2.7", NOON + seconds(wait)) == 0


@given(
    limit=st.integers(1, 20),
    steps=st.lists(st.floats(0, 400, allow_nan=False), min_size=1, max_size=120),
)
def test_the_wait_is_the_truth(limit: int, steps: list[float]) -> None:
    limiter = Guesses(of_one=limit)
    now, answered = NOON, []
    for step in steps:
        now += seconds(step)
        wait = limiter.failed("192.0.2.7", now)
        if wait:
            assert wait <= 1201
            assert limiter.wait_s("192.0.2.7", now + seconds(wait)) == 0
        else:
            answered.append(now)
    # Never more than twice the limit in any window, which is what two counters promise.
    for moment in answered:
        assert len([m for m in answered if moment <= m < moment + timedelta(minutes=10)]) <= 2 * limit


@given(st.lists(st.tuples(st.floats(-1e6, 1e6, allow_nan=False), st.booleans()), max_size=60))
def test_jumping_clocks_lock_nobody_out_for_long(steps: list[tuple[float, bool]]) -> None:
    limiter = Guesses(of_one=2, of_all=5)
    now = NOON
    for step, mine in steps:
        now += seconds(step)
        limiter.failed("192.0.2.7" if mine else "192.0.2.8", now)
        assert 0 <= limiter.wait_s("192.0.2.7", now) <= 1201


@pytest.mark.parametrize(
    ("address", "same", "other"),
    [
        ("192.0.2.7", "::ffff:192.0.2.7", "192.0.2.8"),
        ("2001:db8:1:2::1", "2001:0db8:0001:0002:ffff::2", "2001:db8:1:3::1"),
        ("call-7", "call-7", "call-8"),
        ("", "", "192.0.2.7"),
    ],
)
def test_who_counts_as_one(address: str, same: str, other: str) -> None:
    assert key(address) == key(same) != key(other)


def test_a_site_of_ipv6_is_one_stranger() -> None:
    assert site("2001:db8:7:1::1") == site("2001:db8:7:ffff::9") == "2001:db8:7::/48" != site("2001:db8:8::1")
    assert [site(address) for address in ("192.0.2.7", "::ffff:192.0.2.7", "no address", "")] == [
        "192.0.2.7", "192.0.2.7", "no address", ""
    ]  # fmt: skip
