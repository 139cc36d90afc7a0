"""How much may come: a burst at once, then so much a second (a token bucket). Pure; the caller brings the time."""

from __future__ import annotations


class Allowance:
    """Full at first; ``now`` in seconds, never stepping back."""

    def __init__(self, burst: float, per_s: float, now: float) -> None:
        self._burst = burst
        self._per_s = per_s
        self._left = burst
        self._at = now

    def takes(self, now: float) -> bool:
        """Whether one more fits; it is counted either way."""
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s) - 1
        self._at = now
        return self._left >= 0
