"""How much one address may ask of us: a token bucket each, with bounded memory. Pure; the caller brings the time."""

from __future__ import annotations

from collections import OrderedDict


class RateLimit:
    """Remembers the addresses that asked last; one that is forgotten begins with a full bucket again."""

    def __init__(self, addresses: int = 1024) -> None:
        self._most = addresses
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Tokens that were left, and when."""

    def allows(self, address: str, per_s: float, now: float) -> bool:
        """Whether one more request of this address fits into ``per_s``; one second's worth may come at once, and
        at least one request. ``now`` in seconds; a clock that was put back gives nothing."""
        full = max(1.0, per_s)
        left, at = self._buckets.pop(address, (full, now))
        left = min(full, left + max(0.0, now - at) * per_s)
        allowed = left >= 1.0
        self._buckets[address] = (left - allowed, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return allowed

    def __len__(self) -> int:
        """Addresses that are remembered."""
        return len(self._buckets)
