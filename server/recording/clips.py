"""Utterances whose transcript a person has corrected, cut out of recordings: what `minwon models tune` learns from.

Only what is recorded, is no part that was silenced, and was looked at by a supervisor. The folder holds plain WAV files
and ``manifest.tsv`` (``models/training/people/manifest.py``); who spoke is a hash, so that people can be held out of
the training and nobody is named.
"""

from __future__ import annotations

import asyncio
import hashlib
import wave
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

import msgspec

from core.audio import RATE
from core.audit import Audit, Note
from core.errors import BadInput, MinwonError
from core.store.contacts import ContactsStore, Correction
from core.store.recordings import Recording
from records.recording.codec import decode
from records.recording.sealed_file import SealedPart
from records.recording.timeline import Stereo
from server.recording.shelf import RecordingShelf

MANIFEST: Final = "manifest.tsv"
MARGIN_S: Final = 0.2
"""Around an utterance: its first and last sounds are soft."""
SHORTEST_S: Final = 0.3
_COLUMNS: Final = ("file", "text", "speaker")
_PAGE: Final = 200


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was cut."""

    clips: int
    seconds: float
    left_out: int
    """Corrections without a recording, or in a silenced part."""


async def export(
    folder: Path,
    contacts: ContactsStore,
    shelf: RecordingShelf,
    audit: Audit,
    *,
    by: str,
    told: Callable[[int], None] = lambda _clips: None,
) -> Exported:
    """Write them into a new folder; that it was done is noted first. ``BadInput`` when something is in it."""
    await asyncio.to_thread(_make_empty, folder)
    await audit.note(Note(who=by, deed="exported", thing="recording", detail="corrected utterances for tuning"))
    rows: list[tuple[str, str, str]] = []
    seconds, left_out = 0.0, 0
    async for correction in _reviewed(contacts):
        recording = await _recording_of(correction, shelf)
        name = f"{len(rows) + 1:06d}.wav"
        cut = None
        if recording is not None:
            cut = await asyncio.to_thread(_cut, shelf, recording, correction, folder / name)
        if cut is None or recording is None:
            left_out += 1
            continue
        rows.append((name, " ".join(correction.text.split()), _speaker(correction, recording)))
        seconds += cut
        told(len(rows))
    lines = ["\t".join(row) for row in (_COLUMNS, *rows)]
    await asyncio.to_thread((folder / MANIFEST).write_text, "\n".join(lines) + "\n", "utf-8")
    return Exported(clips=len(rows), seconds=round(seconds, 1), left_out=left_out)


def _make_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise BadInput(f"{folder} is not empty: give the clips a folder of their own")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


async def _reviewed(contacts: ContactsStore) -> AsyncIterator[Correction]:
    before = None
    while True:
        page = await contacts.corrections(reviewed=True, before=before, limit=_PAGE)
        for correction in page:
            yield correction
        if len(page) < _PAGE:
            return
        before = page[-1].at


async def _recording_of(correction: Correction, shelf: RecordingShelf) -> Recording | None:
    """The one that holds all of the utterance, unsilenced."""
    for recording in await shelf.store.of_call(correction.contact_id):
        start, end = correction.start - recording.offset_s, correction.end - recording.offset_s
        inside = start >= 0 and end <= recording.seconds and end - start >= SHORTEST_S
        if inside and not any(part.start < end and start < part.end for part in recording.silences):
            return recording
    return None


def _cut(shelf: RecordingShelf, recording: Recording, correction: Correction, path: Path) -> float | None:
    """Seconds that were written; None when the recording cannot be read."""
    start = max(0.0, correction.start - recording.offset_s - MARGIN_S)
    length = correction.end - correction.start + 2 * MARGIN_S
    try:
        with shelf.open(recording) as reader:
            sound: Stereo = decode(SealedPart(reader, recording.audio_size), start, length)
    except MinwonError:
        return None
    leg = sound[:, 0 if correction.speaker == "caller" else 1]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(leg.tobytes())
    return len(leg) / RATE


def _speaker(correction: Correction, recording: Recording) -> str:
    """The same for one agent in all calls; callers are told apart by call."""
    agents = ",".join(recording.agents)
    who = correction.contact_id if correction.speaker == "caller" else f"{correction.speaker} {agents}"
    return hashlib.sha256(who.encode()).hexdigest()[:12]
