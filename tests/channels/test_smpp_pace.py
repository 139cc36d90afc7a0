"""Never faster than allowed, slower when told so, and fast again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.smpp_pace import PAUSE_S, Pace


@given(
    per_second=st.floats(0.5, 500),
    steps=st.lists(st.tuples(st.floats(0, 0.5), st.sampled_from(["taken", "throttled", ""])), max_size=80),
)
def test_no_second_has_more_than_is_allowed(per_second: float, steps: list[tuple[float, str]]) -> None:
    pace, now, went = Pace(per_second), 100.0, []
    quiet_until = 0.0
    for wait, said in steps:
        now += wait
        now += pace.pause_s(now)
        assert pace.pause_s(now) < 1e-6
        assert now >= quiet_until - 1e-6
        pace.left(now)
        went.append(now)
        if said == "taken":
            pace.taken()
        elif said == "throttled":
            pace.throttled(now)
            quiet_until = now + min(PAUSE_S, pace.pause_s(now))
    for began in went:
        within = [at for at in went if began <= at < began + 1.0 - 1e-6]
        assert len(within) <= per_second + 1


def test_throttling_halves_and_what_is_taken_brings_it_back() -> None:
    pace = Pace(100.0)
    pace.throttled(0.0)
    assert pace.pause_s(0.0) == PAUSE_S
    assert pace.per_second == 50.0
    pace.throttled(0.0)
    assert pace.per_second == 50.0, "those of one window count once"
    for _ in range(25):
        pace.taken()
    assert pace.per_second == 100.0
    for second in range(20):
        pace.throttled(10.0 * second)
    assert pace.per_second == 100.0 / 32
