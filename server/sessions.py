"""Who is signed in, and who guesses passwords: rules only; times come from outside, in seconds.

Tokens are kept as SHA-256, so neither a memory dump nor the file lets anybody in.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Final

import msgspec

MOST_SESSIONS: Final = 10_000
MOST_GUESSERS: Final = 10_000


class Session(msgspec.Struct, frozen=True):
    """One signed-in browser."""

    token_hash: str
    agent_id: str
    ends: float
    """Seconds since 1970."""
    extension: str = ""
    """Where its agent sat when this was kept; '' = at no telephone that she chose."""


class Sessions:
    """Signed-in browsers by token. The oldest goes when there are too many."""

    def __init__(self, kept: Iterable[Session] = ()) -> None:
        self._by_hash: OrderedDict[str, Session] = OrderedDict((session.token_hash, session) for session in kept)

    def open(self, agent_id: str, *, ends: float) -> str:
        """A new session; returns the token for the cookie, 256 bits."""
        token = secrets.token_urlsafe(32)
        session = Session(_hash(token), agent_id, ends)
        self._by_hash[session.token_hash] = session
        while len(self._by_hash) > MOST_SESSIONS:
            self._by_hash.popitem(last=False)
        return token

    def agent(self, token: str, now: float) -> str | None:
        """Whose token it is, or None when there is no such session any more."""
        session = self._by_hash.get(_hash(token))
        return session.agent_id if session is not None and now < session.ends else None

    def any_of(self, agent_id: str, now: float) -> bool:
        """Whether she is signed in somewhere."""
        return any(session.agent_id == agent_id and now < session.ends for session in self._by_hash.values())

    def close(self, token: str) -> None:
        """Sign out; unknown tokens are fine."""
        self._by_hash.pop(_hash(token), None)

    def living(self, now: float) -> list[Session]:
        """Those that still hold, to be kept over a restart; the others are forgotten."""
        for token_hash in [s.token_hash for s in self._by_hash.values() if s.ends <= now]:
            del self._by_hash[token_hash]
        return list(self._by_hash.values())


class Attempts:
    """Failed sign-ins by key within a window; beyond the limit the key must wait."""

    def __init__(self, limit: int, window_s: float) -> None:
        self._limit = limit
        self._window_s = window_s
        self._failed: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_s(self, key: str, now: float) -> float:
        """Seconds until this key may try again, 0 = now."""
        failed = self._failed.get(key)
        if failed is None or len(failed) < self._limit:
            return 0.0
        return max(0.0, failed[0] + self._window_s - now)

    def fail(self, key: str, now: float) -> None:
        """One more wrong password."""
        failed = self._failed.setdefault(key, deque(maxlen=self._limit))
        failed.append(now)
        self._failed.move_to_end(key)
        while len(self._failed) > MOST_GUESSERS:
            self._failed.popitem(last=False)

    def forgive(self, key: str) -> None:
        """The right password came."""
        self._failed.pop(key, None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
