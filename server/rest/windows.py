"""How many requests a token may make within a minute. Rules only; times come from outside."""

from __future__ import annotations

from typing import Final, NamedTuple

WINDOW_S: Final = 60
MOST: Final = 1000
"""Tokens that are remembered; beyond it all begin afresh."""


class Left(NamedTuple):
    """What is left of a window."""

    ok: bool
    """This request may be made."""
    requests: int
    """How many more may follow."""
    seconds: int
    """Until the window ends."""


class Windows:
    """One window for each token, which begins with its first request."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._by_token: dict[str, tuple[float, int]] = {}

    def take(self, token: str, at: float) -> Left:
        """One more at this moment (seconds of any clock; one that goes back begins a new window)."""
        if len(self._by_token) >= MOST and token not in self._by_token:
            self._by_token.clear()
        began, used = self._by_token.get(token, (at, 0))
        if not began <= at < began + WINDOW_S:
            began, used = at, 0
        ok = used < self.limit
        self._by_token[token] = (began, used + ok)
        seconds = max(1, round(began + WINDOW_S - at))
        return Left(ok, self.limit - used - ok, seconds)
