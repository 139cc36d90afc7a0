"""Who guesses passwords waits, longer each time: rules only; times come from outside, in seconds.

Three counters, because the three attacks differ. One account from one address is somebody who guesses, or has forgotten
it: a few free tries, then waits that double. One account from everywhere is a botnet: it may not lock an agent out, so
this wait is short, comes late, and spares addresses from which she has signed in before. One address over all accounts
is a list of stolen passwords, and may be a whole office behind one router: many tries before it waits.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import msgspec

MOST_GUESSERS: Final = 10_000
"""Keys that each counter remembers; beyond it the one that was quiet longest is forgotten."""


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """How one counter counts."""

    free: int
    """Wrong tries without a wait."""
    first_s: float
    """The first wait; each further wrong try doubles it."""
    longest_s: float
    """... up to this."""
    forget_s: float
    """Without a wrong try for so long, all is forgotten."""


OF_ONE: Final = Limit(free=5, first_s=60.0, longest_s=900.0, forget_s=3600.0)
"""One account from one address."""
OF_ACCOUNT: Final = Limit(free=30, first_s=60.0, longest_s=300.0, forget_s=900.0)
"""One account from everywhere, but for addresses from which she has signed in."""
OF_ADDRESS: Final = Limit(free=60, first_s=60.0, longest_s=900.0, forget_s=900.0)
"""One address, whatever the account."""


class _Failed(msgspec.Struct):
    times: int
    last: float


class Attempts:
    """Wrong tries by key under one limit."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._failed: OrderedDict[str, _Failed] = OrderedDict()

    def wait_s(self, key: str, now: float) -> float:
        """Seconds until this key may try again, 0 = now."""
        failed = self._failed.get(key)
        if failed is None or now - failed.last >= self._limit.forget_s or failed.times < self._limit.free:
            return 0.0
        wait_s = min(self._limit.longest_s, self._limit.first_s * 2.0 ** min(failed.times - self._limit.free, 30))
        # A clock that was set back may not lengthen the wait.
        return max(0.0, min(wait_s, failed.last + wait_s - now))

    def fail(self, key: str, now: float) -> None:
        """One more wrong try."""
        failed = self._failed.get(key)
        if failed is None or now - failed.last >= self._limit.forget_s:
            failed = self._failed[key] = _Failed(0, now)
        failed.times += 1
        failed.last = now
        self._failed.move_to_end(key)
        while len(self._failed) > MOST_GUESSERS:
            self._failed.popitem(last=False)

    def forgive(self, key: str) -> None:
        """The right password came, or an administrator says so."""
        self._failed.pop(key, None)

    def forgive_all_of(self, prefix: str) -> None:
        """Every key that begins so."""
        for key in [key for key in self._failed if key.startswith(prefix)]:
            del self._failed[key]


class LockOut:
    """The three counters together."""

    def __init__(self) -> None:
        self._trusted: OrderedDict[str, None] = OrderedDict()
        """Account and address of sign-ins that were right, since the start."""
        self._by_one = Attempts(OF_ONE)
        self._by_account = Attempts(OF_ACCOUNT)
        self._by_address = Attempts(OF_ADDRESS)

    def wait_s(self, account_id: str, address: str, now: float, *, known: bool = False) -> float:
        """Seconds until somebody at that address may try that account again, 0 = now. ``known``: she is signed in from
        there, so that strangers elsewhere do not count; nor do they where she was right before."""
        known = known or _pair(account_id, address) in self._trusted
        return max(
            self._by_one.wait_s(_pair(account_id, address), now),
            0.0 if known else self._by_account.wait_s(account_id, now),
            self._by_address.wait_s(address, now),
        )

    def locked(self, account_id: str, now: float) -> float:
        """Seconds for which addresses that are new to her must wait: for the list of accounts."""
        return self._by_account.wait_s(account_id, now)

    def fail(self, account_id: str, address: str, now: float) -> None:
        """A wrong try. Counted before the check and taken back after it: many tries at once are many tries."""
        self._by_one.fail(_pair(account_id, address), now)
        self._by_account.fail(account_id, now)
        self._by_address.fail(address, now)

    def right(self, account_id: str, address: str) -> None:
        """It was right: all is forgiven, and strangers elsewhere no longer hold her up here."""
        self._trusted[_pair(account_id, address)] = None
        self._trusted.move_to_end(_pair(account_id, address))
        while len(self._trusted) > MOST_GUESSERS:
            self._trusted.popitem(last=False)
        self._by_one.forgive(_pair(account_id, address))
        self._by_account.forgive(account_id)
        self._by_address.forgive(address)

    def unlock(self, account_id: str) -> None:
        """An administrator unlocks the account, from wherever it was tried."""
        self._by_account.forgive(account_id)
        self._by_one.forgive_all_of(_pair(account_id, ""))


def _pair(account_id: str, address: str) -> str:
    return f"{account_id}\0{address}"
