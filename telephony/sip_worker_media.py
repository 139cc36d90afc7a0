"""The media edge of a SIP worker: a headset on each leg takes its voice out and puts prompts in.

Callbacks come on pjmedia's clock thread, which carries the voices between the humans: copy, hand over, return.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

from core.audio import FRAME_BYTES, FRAME_MS
from telephony.prompts_folder import Clip
from telephony.sip_worker_memory import fill_frame, frame_bytes, keep_thread_known

KEPT = 2000 // FRAME_MS
"""Frames of a leg that wait for the node: 2 s."""
_SLIP_MS = 200
"""When a leg's audio lags behind the clock by more (its port was not served), its time is moved on."""

VoiceFrame = tuple[str, int, int, bytes]


class VoiceTrack:
    """One leg's frames on their way to the node: 2 s, the oldest dropped and counted."""

    def __init__(self, call: str, dial: int, call_began: float) -> None:
        self._call = call
        self._dial = dial
        self._began = call_began
        self._frames: deque[VoiceFrame] = deque(maxlen=KEPT)
        self._next_ms = -1
        self.muted = False
        """On hold: what comes is somebody's music, not the party's words."""
        self.dropped = 0

    def put(self, pcm: bytes) -> None:
        """The clock thread's part."""
        now_ms = int((time.monotonic() - self._began) * 1000)
        if self._next_ms < 0 or now_ms - self._next_ms > _SLIP_MS:
            self._next_ms = now_ms
        if len(self._frames) == KEPT:
            self.dropped += 1
        self._frames.append((self._call, self._dial, self._next_ms, b"" if self.muted else pcm))
        self._next_ms += FRAME_MS

    def take(self) -> list[VoiceFrame]:
        """All that waits, oldest first."""
        taken: list[VoiceFrame] = []
        with contextlib.suppress(IndexError):  # the last one may go to another thread meanwhile
            while True:
                taken.append(self._frames.popleft())
        return taken


class VoiceBox:
    """All tracks; tells the sender that there is something to take."""

    def __init__(self, wake: threading.Event) -> None:
        self.wake = wake
        self.listening = False
        """Whether a node is there to take the voices."""
        self._tracks: tuple[VoiceTrack, ...] = ()
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Frames that the node did not fetch in time."""
        return self._dropped + sum(track.dropped for track in self._tracks)

    def add(self, track: VoiceTrack) -> None:
        """A leg begins to be heard."""
        self._tracks = (*self._tracks, track)

    def remove(self, track: VoiceTrack) -> None:
        """A leg is over."""
        if track in self._tracks:
            self._tracks = tuple(other for other in self._tracks if other is not track)
            self._dropped += track.dropped

    def take(self) -> tuple[VoiceFrame, ...]:
        """What all legs said since the last time."""
        return tuple(frame for track in self._tracks for frame in track.take())


class _Playing:
    """A clip that is being said. One object, so that both threads always see a clip with its own position."""

    __slots__ = ("at", "clip", "done", "loop")

    def __init__(self, clip: Clip, loop: bool, done: Callable[[], None]) -> None:
        self.clip = clip
        self.loop = loop
        self.done = done
        self.at = 0

    @property
    def over(self) -> bool:
        return self.at >= len(self.clip)


class Headset(pj.AudioMediaPort):  # type: ignore[misc]  # pjsua2 has no types
    """A port in the conference bridge. Made once and worn by one leg after another, never destroyed while the
    process lives: pjmedia may still call a port a tick after it was removed."""

    def __init__(self, number: int, box: VoiceBox) -> None:
        super().__init__()
        self._box = box
        self._track: VoiceTrack | None = None
        self._prompt: _Playing | None = None
        self._music: _Playing | None = None
        shape = pj.MediaFormatAudio()
        shape.type = pj.PJMEDIA_TYPE_AUDIO
        shape.clockRate, shape.channelCount, shape.bitsPerSample = 8000, 1, 16
        shape.frameTimeUsec = FRAME_MS * 1000
        self.createPort(f"headset{number}", shape)

    def listen(self, track: VoiceTrack | None) -> None:
        """Hand the voice that comes in to ``track``; None = to nobody."""
        if self._track is not None:
            self._box.remove(self._track)
        self._track = track
        if track is not None:
            self._box.add(track)

    @property
    def track(self) -> VoiceTrack | None:
        """Who gets the voice now."""
        return self._track

    def speak(self, clip: Clip, loop: bool, done: Callable[[], None]) -> None:
        """Say ``clip`` to the leg, instead of what is said now; ``done`` is called on the clock thread after its end,
        unless it is looped."""
        self._prompt = _Playing(clip, loop, done)

    def hush(self) -> None:
        """Say nothing, from the next 20 ms on."""
        self._prompt = None

    def hum(self, music: Clip) -> None:
        """Play music, again and again, whenever nothing is said; b'' = none."""
        self._music = _Playing(music, True, _nothing) if music else None

    def onFrameReceived(self, frame: Any) -> None:
        keep_thread_known()
        track = self._track
        if track is not None and self._box.listening:
            track.put(frame_bytes(frame))
            if not self._box.wake.is_set():
                self._box.wake.set()

    def onFrameRequested(self, frame: Any) -> None:
        playing = self._prompt
        if playing is None or playing.over:
            playing = self._music
        if playing is None or playing.over:
            frame.type = pj.PJMEDIA_FRAME_TYPE_NONE
            frame.size = 0
            return
        end = playing.at + FRAME_BYTES
        fill_frame(frame, playing.clip[playing.at : end])
        if end < len(playing.clip):
            playing.at = end
        elif playing.loop:
            playing.at = 0
        else:
            playing.at = end
            playing.done()


def _nothing() -> None:
    """Music has no end to tell of."""


class Headsets:
    """Headsets that nobody wears, and a few more if there are too few."""

    def __init__(self, box: VoiceBox) -> None:
        self._box = box
        self._free: list[Headset] = []
        self._made = 0

    def take(self) -> Headset:
        """One for a leg."""
        if self._free:
            return self._free.pop()
        self._made += 1
        return Headset(self._made, self._box)

    def give_back(self, headset: Headset) -> None:
        """The leg is over; its conference port is gone and with it the connections."""
        headset.hush()
        headset.hum(b"")
        headset.listen(None)
        self._free.append(headset)
