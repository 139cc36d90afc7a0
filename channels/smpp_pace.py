"""How fast texts may go to a message centre. Pure: the caller brings the time.

At most ``per_second``, evenly spread. When the centre says that it is too much, nothing goes for a moment and half as
fast after it; each text that it takes brings back a little of the speed.
"""

from __future__ import annotations

from typing import Final

PAUSE_S: Final = 1.0
"""Nothing goes for so long when the centre is throttling."""
_SLOWEST: Final = 1 / 32
"""Never slower than this part of ``per_second``."""
_BACK: Final = 1 / 50
"""So much of ``per_second`` comes back with each text that is taken."""


class Pace:
    """Times are seconds of one monotonic clock."""

    def __init__(self, per_second: float) -> None:
        self._most = self._rate = per_second
        self._next = float("-inf")

    @property
    def per_second(self) -> float:
        """As fast as it is now."""
        return self._rate

    def pause_s(self, now: float) -> float:
        """How long the next must wait; 0 = it may go."""
        return max(0.0, self._next - now)

    def left(self, now: float) -> None:
        """One went."""
        self._next = max(self._next, now) + 1 / self._rate

    def taken(self) -> None:
        """The centre took one."""
        self._rate = min(self._most, self._rate + self._most * _BACK)

    def throttled(self, now: float) -> None:
        """The centre says that it is too much. What was said within the same pause counts once."""
        if self._next < now + PAUSE_S:
            self._rate = max(self._most * _SLOWEST, self._rate / 2)
            self._next = now + PAUSE_S
