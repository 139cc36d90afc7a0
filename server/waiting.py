"""How long a caller will wait, as far as the last calls tell. Rules only.

Little's law over the agents on duty: each frees herself once per mean handling time (talk and wrap-up), so the n-th in
the queue waits about n handling times divided by the agents. A rough figure, told in whole minutes, rounded up.
"""

from __future__ import annotations

from collections import deque
from typing import Final

FIRST_GUESS_S: Final = 180.0
"""Before any call has ended: three minutes, as city call centres report."""
REMEMBERED: Final = 50
"""Calls that the mean is taken over."""
_CERTAIN: Final = 5
"""The first guess weighs as much as so many calls."""


class HandlingTime:
    """The mean of the last calls' talk and wrap-up."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=REMEMBERED)

    def note(self, seconds: float) -> None:
        """A call was handled."""
        self._seconds.append(max(0.0, seconds))

    @property
    def mean_s(self) -> float:
        """Seconds that a call keeps an agent."""
        known = len(self._seconds)
        weight = max(0, _CERTAIN - known)
        return (sum(self._seconds) + FIRST_GUESS_S * weight) / (known + weight)


def expected_s(position: int, agents: int, mean_s: float, moved_s: float) -> float:
    """Seconds until the turn comes; 0 = nobody can say, for no agent is on duty.

    ``moved_s``: so long ago the queue moved last; the expectation falls with it, but not to nothing.
    """
    if agents < 1 or position < 1:
        return 0.0
    each = mean_s / agents
    return max(position * each - moved_s, (position - 1) * each + min(each, 30.0))
