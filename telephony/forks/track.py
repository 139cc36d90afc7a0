"""The clock of one forked voice: pieces of sound come as the network likes, frames of 20 ms leave in audio time.

Forks have no RTP clock (Twilio's stamps apart): a pause of the exchange and a stall of the network look alike until the
sound comes. So: what is missing for ``PAUSE_S`` is silence from then on, as it passes; what comes late after all is
still heard, and runs ahead of the clock by as much, at most ``AHEAD_S``; the next pause makes it true again.
"""

from __future__ import annotations

from typing import Final

from core.audio import FRAME_BYTES, FRAME_MS, FRAME_S, SILENCE, Frame

PAUSE_S: Final = 0.5
"""Nothing for so long is a pause."""
SLACK_S: Final = 0.1
"""Filling with silence stops so far behind the clock, for sound that is on its way."""
BEHIND_TICKS: Final = 10
"""Ticks in a row that a voice may be more than ``PAUSE_S`` behind: then sound was lost on the way."""
AHEAD_S: Final = 2.0
"""Sound that is further ahead of the clock than this is dropped and counted."""
MOST: Final = 100
"""Frames of silence at once, all that a frame queue holds; a longer hole is left as a hole in ``Frame.start``."""


class Track:
    """Pieces of 8 kHz PCM in, frames out. ``now`` is in seconds since the call began, and never steps back."""

    def __init__(self, now: float) -> None:
        self._place = max(0, round(now / FRAME_S))
        """The number of the next frame since the call began."""
        self._rest = bytearray()
        self._came = now
        self._behind = 0
        self._origin: int | None = None
        """Place of the stream's stamp 0."""
        self.dropped = 0

    @property
    def position(self) -> float:
        """Seconds since the call began, up to which the voice has been told."""
        return self._place * FRAME_S

    def put(self, pcm: bytes, now: float, stamp_ms: int | None = None) -> list[Frame]:
        """A piece of sound."""
        frames = self._up_to(stamp_ms, now) if stamp_ms is not None else []
        self._came = now
        rest = self._rest
        rest += pcm
        whole = len(rest) // FRAME_BYTES
        for number in range(whole):
            if self.position + FRAME_S > now + AHEAD_S:
                self.dropped += whole - number
                break
            frames.append(self._frame(bytes(rest[number * FRAME_BYTES : (number + 1) * FRAME_BYTES])))
        del rest[: whole * FRAME_BYTES]
        return frames

    def tick(self, now: float) -> list[Frame]:
        """About every 100 ms: the silence of a pause."""
        behind = now - self.position
        self._behind = self._behind + 1 if behind > PAUSE_S else 0
        pausing = now - self._came > PAUSE_S and behind > SLACK_S
        if not pausing and self._behind < BEHIND_TICKS:
            return []
        self._behind = 0
        return self._silence(int((now - SLACK_S) / FRAME_S))

    def end(self) -> list[Frame]:
        """The last sound, filled up to a frame."""
        if not self._rest:
            return []
        last = bytes(self._rest).ljust(FRAME_BYTES, b"\0")
        self._rest.clear()
        return [self._frame(last)]

    def _up_to(self, stamp_ms: int, now: float) -> list[Frame]:
        """Silence for what is missing before that stamp. A stamp that cannot be true is not believed."""
        stamp = stamp_ms // FRAME_MS
        if self._origin is None:
            self._origin = self._place - stamp
        place = self._origin + stamp
        return self._silence(place) if place * FRAME_S <= now + AHEAD_S else []

    def _silence(self, place: int) -> list[Frame]:
        if place <= self._place:
            return []
        if self._rest:
            return [*self.end(), *self._silence(place)]
        self._place = max(self._place, place - MOST)
        return [self._frame(SILENCE, lost=True) for _ in range(place - self._place)]

    def _frame(self, pcm: bytes, *, lost: bool = False) -> Frame:
        frame = Frame(pcm, round(self._place * FRAME_S, 3), lost)
        self._place += 1
        return frame
