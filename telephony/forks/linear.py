"""Sound that is said to be linear and is not.

An AudioSocket channel that was dialled without ``c(slin)`` gets the caller's own codec under the name of linear sound
(https://github.com/CyCoreSystems/audiosocket/issues/11): 160 bytes every 20 ms, where linear sound has 320. Only the
clock can tell that from 10 ms of linear sound.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from core import g711
from core.g711 import Law

MESSAGES: Final = 50
"""So many are looked at, a second of them."""
_G711_BYTES: Final = 160
_SLOW: Final = 0.8
"""Share of 20 ms a message that its pace must reach to be G.711."""
_FRAME_S: Final = 0.02


class Doubt:
    """Looks at a stream's first messages."""

    def __init__(self) -> None:
        self._seen = bytearray()
        self._first = 0.0
        self.settled = False

    def look(self, data: bytes, now: float) -> Law | None:
        """At each message until ``settled``; the law when it is one."""
        if len(data) != _G711_BYTES:
            self.settled = True
            return None
        if not self._seen:
            self._first = now
        self._seen += data
        count = len(self._seen) // _G711_BYTES
        if count < MESSAGES:
            return None
        self.settled = True
        slow = now - self._first >= _SLOW * _FRAME_S * (count - 1)
        return likelier_law(bytes(self._seen)) if slow else None


def likelier_law(data: bytes) -> Law:
    """A voice that is read by the right law is smoother than by the other."""

    def roughness(law: Law) -> float:
        samples = g711.decode(law, data).astype(np.float64)
        return float(np.abs(np.diff(samples)).sum() / (np.abs(samples).sum() + 1))

    return "alaw" if roughness("alaw") < roughness("ulaw") else "ulaw"
