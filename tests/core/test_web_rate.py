"""How much may be said: at once, and in the long run."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from core.web.rate import MOST_KEYS, Bucket, Buckets


@given(st.lists(st.floats(0, 100), max_size=80))
def test_a_bucket_gives_no_more_than_its_rate(moments: list[float]) -> None:
    bucket = Bucket(2, 5)
    taken = [moment for moment in moments if bucket.take(moment)]
    forward = sum(max(0.0, after - before) for before, after in itertools.pairwise(moments))
    assert len(taken) <= 5 + 2 * forward + 1e-6
    assert len(taken) >= min(len(moments), 5)


def test_buckets_remember_no_more_than_they_may() -> None:
    buckets = Buckets(1, 1)
    assert buckets.take("a", 0) and not buckets.take("a", 0) and buckets.take("a", 1)
    for number in range(MOST_KEYS + 5):
        buckets.take(str(number), 0)
    assert len(buckets) == MOST_KEYS and buckets.take("a", 1)
