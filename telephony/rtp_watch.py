"""Notices a party whose voice stopped coming: twice a second, one leg, no clock of its own.

No packets can mean three things. *Lost*: they do not get through, or the phone does not send. *On hold*: they need not
come (RFC 3264 section 8.4). *Quiet*: the phone sends nothing while nobody speaks (silence suppression, RFC 3551
section 4.1), at most a comfort noise packet now and then (RFC 3389).

A phone that pauses is told from a broken path by the sequence numbers: they count packets *sent*, so after a pause they
go on where they stopped, and after a broken path as many are missing. Whoever was seen to pause between two sentences
may do so again, for ``PAUSE_S``. A pause that was so long that it was told as lost is believed afterwards only if RTCP
reports came meanwhile. RTCP alone excuses nothing: a path that is blocked for RTP is often open for RTCP.
"""

from __future__ import annotations

from typing import Final, Literal

from telephony.reading import Reading

Notice = Literal["lost", "back", "probe", ""]

PAUSE_S: Final = 15.0
"""For how long a phone that pauses may send nothing. PJSIP's own phones send something every 5 s, others a comfort
noise packet about as often."""
_REPORTED_S: Final = 12.0
"""Whoever sends RTCP and did so lately is there; reports come about every 5 s, at most 7.5 (RFC 3550 section 6.2)."""
_PAUSED_S: Final = 0.4
"""Voice that is missing though no packet's number is, and that no jitter explains."""
_STEADY_S: Final = 0.06
"""Between two looks at a stream that flows: a packet more or less at each end, and what the looks themselves cost."""


class RtpWatch:
    """Compares a leg's counters with those of the look before."""

    def __init__(self, lost_s: float, probe_s: float) -> None:
        """``lost_s``: without packets for so long it is lost; ``probe_s``: and then asked whether it is there."""
        self._lost_s = lost_s
        self._probe_s = probe_s
        self._next_probe_s = probe_s
        self._before: Reading | None = None
        self._silent_s = 0.0
        self._behind_s: float | None = None
        """How far the stream was behind our clock when it last flowed; None = not since the start or a hold."""
        self._reported_at: float | None = None
        self._doubtful = False
        """The last silence was told as lost, and no report came meanwhile, or it was too long for a pause."""
        self.pauses = False
        """This phone was seen to send nothing while nobody speaks."""
        self.lost = False
        """Whether 'lost' was said and 'back' was not yet."""

    def tick(self, reading: Reading, held: bool) -> Notice:
        """What to do now: tell that the voice is 'lost' or 'back', 'probe' whether the party is there at all, or ''.

        Time on hold does not count. After a probe that was answered the next one comes after as long again.
        """
        before, self._before = self._before, reading
        if before is None:
            return ""
        if reading.reports != before.reports:
            self._reported_at = reading.at
        if reading.packets != before.packets or held:
            return self._heard(before, reading, held)
        self._silent_s += reading.at - before.at
        if not self.lost and self._silent_s >= self._limit_s(reading.at):
            self.lost = True
            return "lost"
        if self.lost and self._silent_s >= self._next_probe_s:
            self._next_probe_s = self._silent_s + self._probe_s
            return "probe"
        return ""

    def _heard(self, before: Reading, reading: Reading, held: bool) -> Notice:
        moved = reading.packets != before.packets
        if self.lost and moved:
            heard_of = self._reported_at is not None and reading.at - self._reported_at < self._silent_s
            self._doubtful = not heard_of or self._silent_s > PAUSE_S
        self._silent_s, self._next_probe_s = 0.0, self._probe_s
        self._learn(before, reading, held)
        if self.lost and moved:
            self.lost = False
            return "back"
        return ""

    def _learn(self, before: Reading, reading: Reading, held: bool) -> None:
        """A stream that flows again, further behind than before, with nothing missing of it: the phone had paused."""
        if held:
            self._behind_s = None
            return
        behind = reading.at - reading.voice_s
        if abs(behind - (before.at - before.voice_s)) > _STEADY_S:
            return
        if self._behind_s is not None and behind - self._behind_s > _PAUSED_S and not self._doubtful:
            self.pauses = True
        self._behind_s, self._doubtful = behind, False

    def _limit_s(self, at: float) -> float:
        there = self._reported_at is None or at - self._reported_at <= _REPORTED_S
        return max(PAUSE_S, self._lost_s) if self.pauses and there else self._lost_s
