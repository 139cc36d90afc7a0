"""What is taken from one leg: a frame costs an append, all else is done once a second.

It stands before the listener's queue, so a recogniser that is slow takes nothing from a recording. Whatever goes wrong
in it ends the recording and never reaches the leg.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from core.audio import FRAME_S, Frame
from core.events import Speaker
from records.recording.spool import Sound

Mode = Literal["lead", "keep", "drop"]
"""'lead' = the last second is remembered in case recording begins; 'keep' = all goes on; 'drop' = nothing is kept."""
BATCH: Final = 50
"""Frames that go on together: 1 s."""
LEAD: Final = 50
"""Frames before the beginning that belong to it: the first word is said over the last ring."""
_TRIM: Final = 4 * LEAD


class Tap:
    """For one leg while it lives. ``take`` is given every frame."""

    def __init__(
        self, speaker: Speaker, put: Callable[[Sound], None], broke: Callable[[Exception], None], mode: Mode
    ) -> None:
        """``put`` gets what is kept; ``broke`` is told of a fault of ours, once."""
        self.speaker: Speaker = speaker
        self._put = put
        self._broke = broke
        self._frames: list[Frame] = []
        self._mode: Mode = mode
        self._full = _TRIM if mode == "lead" else BATCH
        self._next_start = 0.0
        self._next_slot = 0
        self.now_s = 0.0
        """Where the leg was last looked at: seconds since the call began."""

    def take(self, frame: Frame) -> None:
        """The next frame. Never raises."""
        frames = self._frames
        frames.append(frame)
        if len(frames) >= self._full:
            self._pass_on()

    def ended(self) -> None:
        """The leg is over: what was taken goes on at once."""
        self.set_mode("drop")

    def where(self) -> float:
        """Where the leg is, in seconds since the call began."""
        self._note_end()
        return self.now_s

    def set_mode(self, mode: Mode, *, with_lead: bool = False) -> float:
        """From now on. ``with_lead``: what 'lead' has remembered is kept too. Where the leg is, in seconds."""
        if self._mode == "keep":
            self._pass_on()
        else:
            self._note_end()
            del self._frames[: -LEAD if with_lead else None]
        self._mode = mode
        self._full = _TRIM if mode == "lead" else BATCH
        return self.now_s

    def _note_end(self) -> None:
        if self._frames:
            self.now_s = self._frames[-1].start + FRAME_S

    def _pass_on(self) -> None:
        try:
            self._note_end()
            if self._mode == "keep":
                for sound in self._pieces():
                    self._put(sound)
            if self._mode == "lead":
                del self._frames[:-LEAD]
            else:
                self._frames.clear()
        except Exception as fault:
            self._mode = "drop"
            self._frames.clear()
            self._broke(fault)

    def _pieces(self) -> list[Sound]:
        """Runs without a gap. A leg's clock may lie anywhere between two slots: a frame that follows the one before
        has the slot that follows, so that no rounding lays two frames over each other."""
        pieces: list[Sound] = []
        run: list[bytes] = []
        first = self._next_slot
        for frame in self._frames:
            follows = abs(frame.start - self._next_start) < FRAME_S / 2
            slot = self._next_slot if follows else max(self._next_slot, round(frame.start / FRAME_S))
            if run and (frame.lost or slot != first + len(run)):
                pieces.append(Sound(self.speaker, first, b"".join(run)))
                run = []
            if not frame.lost:
                if not run:
                    first = slot
                run.append(frame.pcm)
            self._next_slot = slot + 1
            self._next_start = frame.start + FRAME_S
        if run:
            pieces.append(Sound(self.speaker, first, b"".join(run)))
        return pieces
