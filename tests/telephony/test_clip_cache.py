"""What is kept of prompts that were read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telephony.clip_cache import ClipCache


def test_the_one_that_was_played_longest_ago_goes() -> None:
    cache = ClipCache(limit=30)
    for path in "abc":
        cache.put(path, bytes(10))
    assert cache.get("a") is not None
    cache.put("d", bytes(10))
    assert [path for path in "abcd" if cache.get(path) is not None] == ["a", "c", "d"]


def test_the_same_path_counts_once() -> None:
    cache = ClipCache(limit=30)
    cache.put("a", bytes(10))
    cache.put("a", bytes(20))
    assert cache.size == 20 and cache.get("a") == bytes(20)


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 40))))
def test_it_is_never_larger_than_its_limit(puts: list[tuple[str, int]]) -> None:
    cache, last = ClipCache(limit=30), dict[str, bytes]()
    for path, length in puts:
        last[path] = bytes(length)
        cache.put(path, last[path])
        kept = [clip for path in "abcde" if (clip := cache.get(path)) is not None]
        assert sum(map(len, kept)) == cache.size <= 30
        assert all(cache.get(path) in (None, last.get(path)) for path in "abcde")
