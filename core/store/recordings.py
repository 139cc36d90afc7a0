"""Recordings of calls: where the encrypted file lies, with which key, and what it holds.

The contract; ``sql_recordings`` keeps it in SQLite or PostgreSQL. A recording without its row is noise: the data key is
kept here alone, so that a deleted recording stays deleted in every backup of its file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

SilenceCause = Literal["number", "keys", "paused", "hold"]
"""Why a part is silent: a personal number was said, keys were pressed, somebody paused, the caller was on hold."""
StartCause = Literal["rule", "consent", "agent", "supervisor"]


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """A part that is silent on purpose."""

    start: float
    """Seconds of the file."""
    end: float
    """Seconds of the file."""
    why: SilenceCause
    """Why."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The part of the file that shows why an alert was raised."""

    alert_id: str
    """Within the call."""
    kind: str
    """``AlertKind``."""
    start: float
    """Seconds of the file."""
    end: float
    """Seconds of the file."""
    sha256: str
    """Of the part's samples as the file gives them (s16le, stereo): a clip can be shown to be this part, unchanged."""


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """A finished recording; a call may have several."""

    recording_id: str
    """Its own id."""
    call_id: str
    """Whose it is."""
    agents: tuple[str, ...] = ()
    """Agents who are heard."""
    started: datetime
    """When the file's sound begins."""
    offset_s: float
    """The same in seconds since the call began: what was said at t is heard at t - offset_s."""
    seconds: float
    """How long the file is."""
    content: str
    """Media type: 'audio/ogg; codecs=opus'."""
    file: str
    """Below the folder of recordings."""
    size: int
    """Bytes on disk."""
    audio_size: int
    """Bytes of sound inside; the waveform's follow."""
    sha256: str
    """Of the sound as it is handed out: a copy can be shown to be this recording, unchanged."""
    wrapped_key: bytes
    """The file's key, sealed by a master key."""
    key_id: str
    """By which master key."""
    silences: tuple[Silence, ...] = ()
    """Parts that are silent on purpose."""
    evidence: tuple[Evidence, ...] = ()
    """Parts that alerts were raised for."""
    why: StartCause = "rule"
    """What started it."""
    by: str = ""
    """Who did, '' = a rule."""
    broken: str = ""
    """Why it ended before the call did: 'disk_full', 'disk_slow', 'disk_fault', 'fault'; '' = it did not."""
    unscreened: bool = False
    """Not all of it was transcribed, so personal numbers may be left in it."""


class RecordingsStore(Protocol):
    """See the module. Raises ``StoreFault`` when the database can't be used."""

    async def put(self, recording: Recording) -> None:
        """Insert or replace by ``recording_id``."""

    async def recording(self, recording_id: str) -> Recording | None:
        """One, None when there is none (any more)."""

    async def kept(self, recording_ids: Sequence[str]) -> set[str]:
        """Which of these are there."""

    async def of_call(self, call_id: str) -> list[Recording]:
        """Of one call, the oldest first."""

    async def newest(self, *, before: datetime | None = None, limit: int = 50) -> list[Recording]:
        """Newest first by ``started``; those that began before ``before``."""

    async def before(self, moment: datetime, *, limit: int, after: Recording | None = None) -> list[Recording]:
        """Those that began before then, the oldest first, behind ``after``: for the purge."""

    async def under_other_keys(self, key_id: str, *, limit: int) -> list[Recording]:
        """Those whose key is sealed by another master key than this one."""

    async def rewrap(self, changed: Sequence[Recording]) -> None:
        """Keep ``wrapped_key`` and ``key_id`` of these; those that are gone meanwhile stay gone."""

    async def drop(self, recording_id: str) -> bool:
        """Forget it, and its key with it. Whether it was there."""

    async def total_size(self) -> int:
        """Bytes on disk of all."""
