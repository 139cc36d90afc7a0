"""How much faster than ours a party's clock runs, from how much voice it has sent.

A phone makes 50 packets a second of *its* seconds. Over our time ``t`` the stream has grown by ``v(t)`` seconds of
voice, received or known to be lost, so that neither loss nor a doubled packet moves a point off the line: what it has
gained on us, ``v - t``, grows by the drift. Each look finds ``v`` short of the truth by 0 to 20 ms, depending on where
between two packets it falls. A line laid through them by least squares knows its slope to 150 ppm after 20 s, to 30
after 60 s, to 10 after two minutes; how well, its own residuals tell, and until it is well enough nothing is said.

What is no drift breaks the line, and a new one begins: the phone paused (silence suppression, mute), was put on hold,
the stream began anew, or packets are missing whose numbers we have not seen yet.
"""

from __future__ import annotations

from collections import deque
from math import sqrt
from typing import Final

NEEDED_S: Final = 20.0
"""No word before."""
WINDOW_S: Final = 120.0
"""Looks that are older are forgotten: clocks warm up."""
GOOD_PPM: Final = 200.0
"""Standard error of the slope above which nothing is said."""
STEP_S: Final = 0.045
"""A gain or loss between two looks that still is no break: one packet at each end, and the looks' own 5 ms."""


class Drift:
    """Looks at one stream, about two a second. Each costs the same, however many are remembered."""

    def __init__(self) -> None:
        self._began = (0.0, 0.0)
        self._looks: deque[tuple[float, float]] = deque()
        """Since the line began: our seconds, and what the stream has gained on them."""
        self._sums = (0.0, 0.0, 0.0, 0.0, 0.0)
        """Of t, g, t*t, t*g, g*g."""

    def add(self, at: float, voice_s: float, jitter_s: float = 0.0) -> None:
        """One look: our clock, and how long the stream is. ``jitter_s`` widens what still counts as steady."""
        t = at - self._began[0]
        gained = voice_s - self._began[1] - t
        if self._looks:
            before, had = self._looks[-1]
            if t <= before:
                return
            if abs(gained - had) > STEP_S + 4 * jitter_s:
                self._looks.clear()
        if not self._looks:
            self._began, self._sums = (at, voice_s), (0.0,) * 5
            t = gained = 0.0
        self._count(t, gained, 1)
        self._looks.append((t, gained))
        while t - self._looks[0][0] > WINDOW_S:
            self._count(*self._looks.popleft(), -1)

    @property
    def ppm(self) -> float:
        """Parts per million by which the party's clock is faster; 0 until it can be told."""
        n = len(self._looks)
        if n < 10 or self._looks[-1][0] - self._looks[0][0] < NEEDED_S:
            return 0.0
        t, g, tt, tg, gg = self._sums
        spread = tt - t * t / n
        slope = (tg - t * g / n) / spread
        rest = max(0.0, gg - g * g / n - slope * slope * spread)
        error = sqrt(rest / (n - 2) / spread)
        return round(slope * 1e6, 1) if error * 1e6 <= GOOD_PPM else 0.0

    def _count(self, t: float, g: float, sign: int) -> None:
        a, b, c, d, e = self._sums
        self._sums = (a + sign * t, b + sign * g, c + sign * t * t, d + sign * t * g, e + sign * g * g)
