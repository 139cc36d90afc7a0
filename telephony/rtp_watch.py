"""Notices a party whose voice stopped coming: once a second, one leg, no clock of its own."""

from __future__ import annotations

from typing import Literal

Notice = Literal["lost", "back", "probe", ""]


class RtpWatch:
    """Compares a leg's count of received RTP packets with that of a second ago."""

    def __init__(self, lost_s: float, probe_s: float) -> None:
        self._lost_s = lost_s
        self._probe_s = probe_s
        self._packets = -1
        self._silent_s = 0.0
        self._next_probe_s = probe_s
        self.lost = False
        """Whether 'lost' was said and 'back' was not yet."""

    def tick(self, packets: int, held: bool, elapsed_s: float = 1.0) -> Notice:
        """What to do now: tell that the voice is 'lost' or 'back', 'probe' whether the party is there at all, or ''.

        A party on hold need not send (RFC 3264 section 8.4), so time on hold does not count. After a probe that was
        answered the next one comes after as long again.
        """
        moved = packets != self._packets
        self._packets = packets
        if moved or held:
            self._silent_s = 0.0
            self._next_probe_s = self._probe_s
            if self.lost and moved:
                self.lost = False
                return "back"
            return ""
        self._silent_s += elapsed_s
        if not self.lost and self._silent_s >= self._lost_s:
            self.lost = True
            return "lost"
        if self.lost and self._silent_s >= self._next_probe_s:
            self._next_probe_s = self._silent_s + self._probe_s
            return "probe"
        return ""
