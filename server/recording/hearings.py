"""Who hears what now: a hearing is noted once, and then the player asks for many ranges of the file."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Final

LASTS_S: Final = 3600.0
MOST: Final = 5000
"""Hearings that are known at a time; beyond it the oldest must be noted again."""


class Hearings:
    """In memory: a restarted node asks for a new note."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, tuple[str, str, float]] = OrderedDict()

    def begin(self, agent_id: str, recording_id: str) -> str:
        """It was noted: what stands for it."""
        hearing = secrets.token_urlsafe(16)
        self._known[hearing] = (agent_id, recording_id, self._clock() + LASTS_S)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return hearing

    def known(self, hearing: str, agent_id: str, recording_id: str) -> bool:
        """Whether it stands for her and this recording, and has not run out."""
        whose, which, until = self._known.get(hearing, ("", "", 0.0))
        return (whose, which) == (agent_id, recording_id) and self._clock() < until
