"""How much somebody may say: so much at once, so much in the long run. Rules only; times come from outside."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

MOST_KEYS: Final = 10_000


class Bucket:
    """A token bucket."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, rate: float, burst: float) -> None:
        """``rate`` a second in the long run, ``burst`` at once."""
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._at: float | None = None

    def take(self, at: float) -> bool:
        """Whether one more is fine at this moment (seconds of any clock; one that goes back gives nothing)."""
        if self._at is not None:
            self._left = min(self._burst, self._left + max(0.0, at - self._at) * self._rate)
        self._at = at
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Buckets:
    """One for each key. At most ``MOST_KEYS`` are remembered; the one that was used longest ago begins afresh."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._by_key: OrderedDict[str, Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_key)

    def take(self, key: str, at: float) -> bool:
        """Whether one more of this key is fine."""
        bucket = self._by_key.setdefault(key, Bucket(self._rate, self._burst))
        self._by_key.move_to_end(key)
        while len(self._by_key) > MOST_KEYS:
            self._by_key.popitem(last=False)
        return bucket.take(at)
