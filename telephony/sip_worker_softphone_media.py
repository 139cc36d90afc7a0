"""A softphone's mouth and ear: conference ports that speak clips and hear the other side.

Their callbacks run on pjmedia's clock thread: they copy 20 ms and hand over, nothing else.
"""

from __future__ import annotations

import threading
import wave
from array import array
from collections import deque
from collections.abc import Callable

import pjsua2 as pj

from core.audio import FRAME_BYTES, FRAME_MS, RATE, SILENCE
from core.errors import BadInput
from telephony.sip_worker_memory import fill_frame, frame_bytes

_EAR_FRAMES = 100
"""2 s; the oldest is dropped and counted when the phone's loop does not come by."""
_LOUD = 400
"""Peak sample above which a frame is sound: -38 dBFS, over G.711's idle noise."""
_QUIET_FRAMES = 25
"""Half a second without a loud frame is silence."""


def read_wav(path: str) -> bytes:
    """A clip's samples. Raises ``BadInput`` unless it is 8 kHz, mono, 16 bits."""
    try:
        with wave.open(path, "rb") as clip:
            if (clip.getframerate(), clip.getnchannels(), clip.getsampwidth()) != (RATE, 1, 2):
                raise BadInput(f"{path} must be 8 kHz, mono, 16 bits: convert it first")
            return clip.readframes(clip.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise BadInput(f"{path} is no readable WAV file: {error}") from error


def _format() -> pj.MediaFormatAudio:
    audio = pj.MediaFormatAudio()
    audio.type = pj.PJMEDIA_TYPE_AUDIO
    audio.clockRate = RATE
    audio.channelCount = 1
    audio.bitsPerSample = 16
    audio.frameTimeUsec = FRAME_MS * 1000
    return audio


class Clip:
    """Samples on their way out."""

    def __init__(self, number: int, pcm: bytes) -> None:
        self.number = number
        self.pcm = pcm
        self.at = 0

    @property
    def seconds(self) -> float:
        """Length of the whole clip."""
        return len(self.pcm) / 2 / RATE

    def next_frame(self) -> bytes:
        """The next 20 ms, the last one filled up with silence."""
        frame = self.pcm[self.at : self.at + FRAME_BYTES]
        self.at += FRAME_BYTES
        return frame if len(frame) == FRAME_BYTES else frame + SILENCE[len(frame) :]

    @property
    def over(self) -> bool:
        """Nothing is left to say."""
        return self.at >= len(self.pcm)


class Mouth(pj.AudioMediaPort):  # type: ignore[misc]  # pjsua2 has no types
    """Says clips one after another and silence between them, so that RTP never stops.

    ``told(clip, begins, whole)`` is called on the clock thread when a clip begins and when it ends.
    """

    def __init__(self, name: str, told: Callable[[Clip, bool, bool], None]) -> None:
        self._told = told
        self._clips: deque[Clip] = deque()
        self._turn = threading.Lock()  # so that a clip's end is told once, by whoever ends it
        super().__init__()
        self.createPort(name, _format())

    def say(self, clip: Clip) -> None:
        """Queue a clip. The commander counts on each clip's end, hence no limit here but his."""
        self._clips.append(clip)

    def stop(self) -> None:
        """Fall silent and forget the queue; each clip is told as not whole."""
        with self._turn:
            while self._clips:
                self._told(self._clips.popleft(), False, False)

    def onFrameRequested(self, frame: pj.MediaFrame) -> None:
        """The clock thread wants 20 ms."""
        with self._turn:
            fill_frame(frame, self._next() if self._clips else SILENCE)

    def _next(self) -> bytes:
        clip = self._clips[0]
        if clip.at == 0:
            self._told(clip, True, True)
        pcm = clip.next_frame()
        if clip.over:
            self._clips.popleft()
            self._told(clip, False, True)
        return pcm


class Hum(pj.AudioMediaPort):  # type: ignore[misc]
    """Background noise, looped for ever; the conference bridge mixes it with the mouth."""

    def __init__(self, name: str, pcm: bytes) -> None:
        self._clip = Clip(0, pcm[: len(pcm) // FRAME_BYTES * FRAME_BYTES] or SILENCE)
        super().__init__()
        self.createPort(name, _format())

    def onFrameRequested(self, frame: pj.MediaFrame) -> None:
        """The clock thread wants 20 ms."""
        if self._clip.over:
            self._clip.at = 0
        fill_frame(frame, self._clip.next_frame())


class Ear(pj.AudioMediaPort):  # type: ignore[misc]
    """Hears the other side: says when sound begins and ends, and records on request."""

    def __init__(self, name: str, changed: Callable[[bool], None]) -> None:
        self._changed = changed
        self._frames: deque[bytes] = deque()
        self._file: wave.Wave_write | None = None
        self._sounding = False
        self._quiet = 0
        self.dropped = 0
        super().__init__()
        self.createPort(name, _format())

    def onFrameReceived(self, frame: pj.MediaFrame) -> None:
        """The clock thread brings 20 ms; a lost frame is silence, so that the recording keeps its time."""
        if len(self._frames) >= _EAR_FRAMES:
            self._frames.popleft()
            self.dropped += 1
        self._frames.append(frame_bytes(frame) or SILENCE)

    def record(self, path: str) -> None:
        """From now into this file; '' = stop. Raises ``BadInput`` when it can't be written."""
        self.listen()
        if self._file is not None:
            self._file.close()
            self._file = None
        if path:
            try:
                self._file = wave.open(path, "wb")  # noqa: SIM115  (closed by record('') at the call's end)
            except OSError as error:
                raise BadInput(f"can't record into {path}: {error}") from error
            self._file.setparams((1, 2, RATE, 0, "NONE", ""))

    def listen(self) -> None:
        """Work through what was heard since the last time. Called by the phone's loop."""
        while self._frames:
            pcm = self._frames.popleft()
            if self._file is not None:
                self._file.writeframesraw(pcm)
            self._judge(pcm)

    def _judge(self, pcm: bytes) -> None:
        samples = array("h", pcm)
        loud = max(max(samples), -min(samples)) > _LOUD
        self._quiet = 0 if loud else self._quiet + 1
        if loud != self._sounding and (loud or self._quiet >= _QUIET_FRAMES):
            self._sounding = loud
            self._changed(loud)
