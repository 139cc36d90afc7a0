"""Finished recordings: where their files lie, how they are opened, verified, moved to another key, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from core import metrics
from core.errors import BadInput, EnvironmentFault, KeyFault, MinwonError, Refused
from core.keyring import Keyring
from core.log import get_logger
from core.store.recordings import Recording, RecordingsStore
from records.recording.finishing import clip_digest, sound_digest
from records.recording.sealed_file import SealedPart, SealedReader

log = get_logger("server.recording.shelf")

SUFFIX: Final = ".mrec"
SPOOL: Final = "spool"
_AT_ONCE: Final = 200
Drop = Callable[[str], Awaitable[bool]]
"""Takes a recording's row away unless something forbids it."""


def purpose(recording_id: str) -> str:
    """What a recording's key is sealed for."""
    return f"recording:{recording_id}"


class Rekeyed(msgspec.Struct, frozen=True, kw_only=True):
    """What a move to the newest master key has done."""

    moved: int
    lost: int
    """Recordings whose master key is not here (any more)."""


class RecordingShelf:
    """One per folder; used by the node and by commands."""

    def __init__(self, folder: Path, store: RecordingsStore, keyring: Keyring) -> None:
        self.folder = folder
        self.store = store
        self.keyring = keyring

    @property
    def spool(self) -> Path:
        """Where what is recorded now lies."""
        return self.folder / SPOOL

    def make_folders(self) -> None:
        """``EnvironmentFault`` with the way out."""
        try:
            self.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise EnvironmentFault(
                f"cannot make {self.spool} ({fault.strerror}): set recording.folder to one that can be written"
            ) from fault

    async def one(self, recording_id: str) -> Recording:
        """``Refused`` ('not_found') when there is none."""
        found = await self.store.recording(recording_id)
        if found is None:
            raise Refused("그런 녹음이 없습니다 / there is no such recording", code="not_found")
        return found

    def open(self, recording: Recording) -> SealedReader:
        """In a thread. ``KeyFault``, ``BadInput`` (changed or cut off), ``EnvironmentFault`` (the file is gone)."""
        key = self.keyring.open(recording.wrapped_key, purpose(recording.recording_id))
        try:
            return SealedReader(self.folder / recording.file, key, recording.recording_id)
        except OSError as fault:
            raise EnvironmentFault(f"cannot read the recording's file ({fault.strerror}): check its disk") from fault

    def read(self, recording: Recording, start: int, count: int) -> bytes:
        """In a thread: a part of the sound."""
        with self.open(recording) as reader:
            return reader.read(start, min(count, recording.audio_size - start))

    def peaks(self, recording: Recording) -> bytes:
        """In a thread: the waveform."""
        with self.open(recording) as reader:
            return reader.read(recording.audio_size, reader.size - recording.audio_size)

    def verify(self, recording: Recording) -> str:
        """In a thread: '' when the file and its clips are as they were kept, else what is not."""
        try:
            with self.open(recording) as reader:
                sound = SealedPart(reader, recording.audio_size)
                if sound_digest(sound) != recording.sha256:
                    return "its sound is not what was kept"
                reader.read(recording.audio_size, reader.size)
                for part in recording.evidence:
                    if clip_digest(sound, part.start, part.end) != part.sha256:
                        return f"the clip of {part.alert_id} is not what was kept"
        except MinwonError as fault:
            return str(fault)
        return ""

    async def rekey(self, told: Callable[[int], None] = lambda _moved: None) -> Rekeyed:
        """Seal all keys with the newest master key; files stay as they are. It may be stopped and begun again."""
        if not self.keyring.newest:
            raise KeyFault(f"there is no master key to move to: {self.keyring.fault}")
        moved, lost = 0, set[str]()
        while True:
            found = await self.store.under_other_keys(self.keyring.newest, limit=_AT_ONCE + len(lost))
            found = [recording for recording in found if recording.recording_id not in lost]
            if not found:
                return Rekeyed(moved=moved, lost=len(lost))
            changed = []
            for recording in found:
                try:
                    wrapped = self.keyring.rewrap(recording.wrapped_key, purpose(recording.recording_id))
                except (KeyFault, BadInput) as fault:
                    log.error("recording.not_rekeyed", recording=recording.recording_id, why=str(fault))
                    lost.add(recording.recording_id)
                    continue
                changed.append(replace(recording, wrapped_key=wrapped, key_id=self.keyring.newest))
            await self.store.rewrap(changed)
            moved += len(changed)
            told(moved)

    async def delete(self, recording_id: str, drop: Drop | None = None) -> bool:
        """Its key first, then its file: whatever is left of the file anywhere can't be opened any more. False = it was
        not there, or ``drop``, which takes its row away, would not. Who may is for the caller to ask."""
        recording = await self.store.recording(recording_id)
        if recording is None or not await (drop or self.store.drop)(recording_id):
            return False
        metrics.RECORDINGS_DELETED.inc()
        try:
            await asyncio.to_thread((self.folder / recording.file).unlink, missing_ok=True)
        except OSError as fault:
            log.error("recording.file_left", recording=recording_id, why=fault.strerror)
        return True
