"""Erlang's formulas against published tables and worked examples, and as properties."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import BadInput
from server.sizing.erlang import agents_for, erlang_b, erlang_c, impatience, lines_for, traffic, waiting

TRAFFIC = st.floats(0.01, 400, allow_nan=False)
SERVERS = st.integers(1, 500)


@pytest.mark.parametrize(
    ("lines", "blocking", "erlangs"),
    [
        # The classic Erlang B table (as in ITU-D teletraffic handbooks): traffic that so many lines carry.
        (5, 0.01, 1.36), (10, 0.01, 4.46), (20, 0.01, 12.03), (50, 0.01, 37.9), (100, 0.01, 84.06),
        (10, 0.001, 3.09), (20, 0.001, 9.41), (30, 0.001, 16.7), (50, 0.001, 32.5), (100, 0.001, 75.2),
    ],
)  # fmt: skip
def test_table_of_erlang_b(lines: int, blocking: float, erlangs: float) -> None:
    assert erlang_b(erlangs, lines) == pytest.approx(blocking, rel=0.02)


@pytest.mark.parametrize(("erlangs", "lines"), [(1, 6), (5, 14), (10, 21), (20, 35), (50, 71), (100, 128)])
def test_lines_at_one_in_a_thousand(erlangs: float, lines: int) -> None:
    assert lines_for(erlangs, 0.001) == lines


def test_worked_example_of_erlang_c() -> None:
    """200 calls an hour of 3 minutes, 80 % within 20 s: the example that call centre textbooks compute."""
    load = traffic(200, 180)
    assert load == 10.0
    assert agents_for(load, 180, 0.8, 20) == 14
    meets = waiting(load, 14, 180, 20)
    assert erlang_c(load, 14) == pytest.approx(0.1741, abs=1e-4)
    assert (meets.level, meets.mean_s) == (pytest.approx(0.888, abs=1e-3), pytest.approx(7.8, abs=0.05))
    assert meets.occupancy == pytest.approx(0.714, abs=1e-3)


def test_erlang_a_lies_between() -> None:
    """With endless patience it is Erlang C, with none it is Erlang B."""
    endless, none = impatience(10, 14, 180, 1e9), impatience(10, 14, 180, 1e-6)
    assert endless.mean_s == pytest.approx(waiting(10, 14, 180, 20).mean_s, rel=1e-4)
    assert none.abandoned == pytest.approx(erlang_b(10, 14), rel=1e-3)


def test_erlang_a_of_one_agent() -> None:
    """One server, patience as long as a call: states fall like a Poisson distribution, e.g. P(0) = e^-a."""
    seen = impatience(1.0, 1, 60, 60)
    assert seen.occupancy == pytest.approx(1 - math.exp(-1), rel=1e-6)
    assert seen.abandoned == pytest.approx(math.exp(-1), rel=1e-6)


@given(TRAFFIC, SERVERS)
def test_more_lines_block_less(erlangs: float, lines: int) -> None:
    less, more = erlang_b(erlangs, lines + 1), erlang_b(erlangs, lines)
    assert 0 <= less <= more <= 1


@given(TRAFFIC, st.floats(1e-6, 0.5))
def test_lines_are_the_fewest(erlangs: float, blocking: float) -> None:
    lines = lines_for(erlangs, blocking)
    assert erlang_b(erlangs, lines) <= blocking < erlang_b(erlangs, lines - 1)


@given(TRAFFIC, st.floats(10, 900), st.floats(0.05, 0.99), st.floats(0, 120), st.floats(0.3, 1.0))
@example(4.2, 10.0, 0.5, 0.0, 0.3)
def test_agents_are_the_fewest(erlangs: float, handling: float, level: float, within: float, busy: float) -> None:
    agents = agents_for(erlangs, handling, level, within, occupancy=busy)
    meets = waiting(erlangs, agents, handling, within)
    assert meets.level >= level and meets.occupancy <= busy + 1e-9
    fewer = waiting(erlangs, agents - 1, handling, within)
    assert fewer.level < level or fewer.occupancy > busy


@given(TRAFFIC, SERVERS)
def test_waiting_is_likelier_than_blocking(erlangs: float, agents: int) -> None:
    assert erlang_b(erlangs, agents) <= erlang_c(erlangs, agents) + 1e-12 <= 1 + 1e-9


@given(TRAFFIC, SERVERS, st.floats(10, 900), st.floats(1, 1800))
def test_impatience_is_a_share(erlangs: float, agents: int, handling: float, patience: float) -> None:
    seen = impatience(erlangs, agents, handling, patience)
    assert -1e-9 <= seen.abandoned <= 1 and 0 <= seen.occupancy <= 1 + 1e-9 and seen.mean_s >= 0
    assert seen.mean_s == pytest.approx(seen.abandoned * patience, rel=1e-6, abs=1e-9)


def test_no_traffic() -> None:
    assert (lines_for(0, 0.01), agents_for(0, 180, 0.8, 20), impatience(0, 5, 180, 60).abandoned) == (0, 0, 0)


def test_fewer_agents_than_traffic_never_catch_up() -> None:
    meets = waiting(10, 10, 180, 20)
    assert (meets.level, meets.mean_s, meets.occupancy) == (0.0, math.inf, 1.0)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: traffic(-1, 180),
        lambda: traffic(100, 0),
        lambda: traffic(float("nan"), 10),
        lambda: traffic(1e9, 1e9),
        lambda: erlang_b(10, -1),
        lambda: lines_for(10, 0),
        lambda: lines_for(10, 80),
        lambda: agents_for(10, 180, 1.0, 20),
        lambda: agents_for(10, 180, 0.8, 20, occupancy=0),
        lambda: agents_for(10, 180, 0.8, -1),
        lambda: impatience(10, 0, 180, 60),
        lambda: impatience(10, 12, 180, 0),
    ],
)
def test_nonsense_is_refused_in_words(wrong: object) -> None:
    with pytest.raises(BadInput):
        wrong()  # type: ignore[operator]
