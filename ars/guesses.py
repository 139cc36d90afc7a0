"""Who guesses links and codes: counts failed look-ups, by address and in total. Rules only; times come from outside.

Only look-ups that *failed* are counted, and only they are slowed down: look the token up first, and ask here how to
answer when it is unknown. So whoever guesses is told to wait, and a caller with a true link behind the same address
(a mobile carrier hides thousands behind one) never notices::

    if isinstance(links.look(token, browser, now), Unknown):
        wait_s = guesses.failed(address, now)   # 0: the page 'unknown link'; else 429 with Retry-After

A code of six digits is weaker, so there it is asked before, by the call's id, of another ``Guesses`` with smaller
limits (3 a call, 50 in total): a call that guesses is told to stop, and many that guess stop the joining by code, while
links and calls go on::

    if guesses.wait_s(call_id, now) == 0 and (visit_id := links.by_code(code, now)) is None:
        guesses.failed(call_id, now)

The window slides as the sum of the last whole window, weighted by its share that is still in sight, and the running
one: two counters a key however many failures there are. At most ``MOST_KEYS`` keys are remembered, the one that failed
longest ago is forgotten first: less than 5 MB. Who changes addresses faster than that is met by the total.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from core import metrics

MOST_KEYS: Final = 10_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Guesses:
    """Failed look-ups within a sliding window."""

    def __init__(self, *, of_one: int = 20, of_all: int = 2000, window: timedelta = timedelta(minutes=10)) -> None:
        """Up to ``of_one`` failures of one address (or call) and ``of_all`` in total are answered within ``window``."""
        self._of_one = of_one
        self._of_all = of_all
        self._window_s = window.total_seconds()
        self._all = _Window()
        self._by_key: OrderedDict[str, _Window] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_key)

    def wait_s(self, address: str, now: datetime) -> int:
        """Whole seconds until this address may fail again, 0 = now. ``address``: IPv4, IPv6, or a call's id."""
        at = (now - _EPOCH) / timedelta(seconds=1)
        one = self._by_key.get(key(address))
        waits = self._all.wait_s(self._of_all, at, self._window_s)
        if one is not None:
            waits = max(waits, one.wait_s(self._of_one, at, self._window_s))
        return math.ceil(waits)

    def failed(self, address: str, now: datetime) -> int:
        """A look-up failed: counts it; returns ``wait_s`` as it was before. What must wait is not counted again, so
        waiting helps."""
        wait = self.wait_s(address, now)
        if wait:
            metrics.LINK_GUESSES.labels(result="limited").inc()
            return wait
        at = (now - _EPOCH) / timedelta(seconds=1)
        name = key(address)
        one = self._by_key.setdefault(name, _Window())
        self._by_key.move_to_end(name)
        while len(self._by_key) > MOST_KEYS:
            self._by_key.popitem(last=False)
        one.count(at, self._window_s)
        self._all.count(at, self._window_s)
        metrics.LINK_GUESSES.labels(result="counted").inc()
        return 0


class _Window:
    """Two counters: of the running window and of the one before it."""

    __slots__ = ("before", "number", "running")

    def __init__(self) -> None:
        self.number = 0
        """Of the running window since 1970."""
        self.running = 0
        self.before = 0

    def count(self, at: float, window_s: float) -> None:
        """One more failure."""
        self.number, self.before, running = self._seen_at(at, window_s)
        self.running = running + 1

    def wait_s(self, limit: int, at: float, window_s: float) -> float:
        """Seconds until the sum is below the limit. Changes nothing."""
        number, before, running = self._seen_at(at, window_s)
        gone = at / window_s - number  # 0..1 of the running window
        if before * (1 - gone) + running < limit:
            return 0.0
        if running < limit:  # the share of the window before must shrink
            return (1 - (limit - running) / before - gone) * window_s + 0.01
        return (1 - gone) * window_s + max(1 - limit / running, 0.0) * window_s + 0.01

    def _seen_at(self, at: float, window_s: float) -> tuple[int, int, int]:
        """Number and counters as of this moment. A clock that jumped, either way, begins afresh."""
        number = math.floor(at / window_s)
        if number == self.number:
            return number, self.before, self.running
        return number, self.running if number == self.number + 1 else 0, 0


@lru_cache(maxsize=1024)
def key(address: str) -> str:
    """Under which an address is counted: IPv4 as it is, IPv6 by its /64 (one household has at least that), all else
    as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found.packed[:8] + bytes(8), 64)))


def site(address: str) -> str:
    """What one stranger may well have to himself: IPv6 by its /48, which providers give away; all else as ``key``."""
    household = key(address)
    if not household.endswith("/64"):
        return household
    return str(ip_network(household).supernet(new_prefix=48))
