"""A grade that does not flicker: one leg over time.

Figures are those of the last 10 s. A grade gets worse when two looks in a row say so, and better after three; that
sound has stopped, or is back, is told at once.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import msgspec

from core.events import Grade, SoundCause
from telephony.contract import LegSound
from telephony.leg_quality import CAUSES, NO_RTP, Heard, Quality, grade, quality

WINDOW: Final = 5
"""Looks, of 2 s each, whose figures are taken together."""
WORSE_AFTER: Final = 2
BETTER_AFTER: Final = 3
_ORDER: Final[tuple[Grade, ...]] = ("good", "fair", "poor", "none")


class Grader:
    """``look`` every 2 s, ``at_once`` when sound stops or comes back, ``whole`` at the leg's end."""

    def __init__(self) -> None:
        self._looks: deque[LegSound] = deque([NO_RTP], maxlen=WINDOW + 1)
        self._told: Quality | None = None
        self._differing = 0
        """Looks in a row that say something else than was told."""
        self._ever: set[SoundCause] = set()

    @property
    def newest(self) -> LegSound:
        """The last look."""
        return self._looks[-1]

    def look(self, sound: LegSound | None, heard: Heard) -> Quality | None:
        """One more look, None = a leg without RTP; returns what is new to tell."""
        if sound is not None:
            self._looks.append(sound)
        now = self._now(heard)
        if not self._differs(now):
            self._differing = 0
            return None
        self._differing += 1
        worse = self._told is None or _ORDER.index(now.grade) >= _ORDER.index(self._told.grade)
        return self._tell(now) if self._differing >= (WORSE_AFTER if worse else BETTER_AFTER) else None

    def at_once(self, heard: Heard) -> Quality | None:
        """Sound has stopped, or is back."""
        now = self._now(heard)
        return self._tell(now) if self._differs(now) else None

    def whole(self, heard: Heard) -> Quality:
        """The figures of the leg's whole life, with all that was the matter at some time. It is 'none' only if nothing
        ever came."""
        life = quality(NO_RTP, self.newest, msgspec.structs.replace(heard, one_way=False, silent=False))
        ever = self._ever | set(life.causes)
        nothing = heard.silent or (heard.one_way and not self.newest.packets)
        return msgspec.structs.replace(
            life,
            grade="none" if nothing else grade(life.mos, bool(ever)),
            causes=tuple(cause for cause in CAUSES if cause in ever),
        )

    def _now(self, heard: Heard) -> Quality:
        return quality(self._looks[0], self.newest, heard)

    def _differs(self, now: Quality) -> bool:
        return self._told is None or (now.grade, now.causes) != (self._told.grade, self._told.causes)

    def _tell(self, now: Quality) -> Quality:
        self._told, self._differing = now, 0
        # Who listened to the greeting in silence was not silent: only a leg that was missed was.
        self._ever |= set(now.causes) - (set() if now.grade == "none" else {"silent"})
        return now
