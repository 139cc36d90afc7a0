"""From a spool to the finished file: one pass over what was recorded, silenced, encoded, sealed, and read back.

Runs in a thread, after the call, when all that was said is known: a number may turn out to be one only when the next
utterance brings its second half.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from core.audio import FRAME_S, RATE
from core.errors import BadInput
from core.events import AlertChanged
from core.store.recordings import Evidence, Silence
from records.recording.codec import CONTENT, Codec, Encoder, decode
from records.recording.heard_facts import HeardFacts
from records.recording.peaks import Peaks
from records.recording.sealed_file import SealedPart, SealedReader, SealedWriter
from records.recording.silences import planned, silence
from records.recording.spool import Broken, Entry, Quiet, Sound
from records.recording.timeline import Stereo, Timeline

_EVER: Final = 1e9
_READ: Final = 1 << 20


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a spool."""

    offset_s: float
    """When the file begins, seconds since the call began."""
    seconds: float
    audio_size: int
    sha256: str
    """Of the sound, read back from the file."""
    silences: tuple[Silence, ...]
    evidence: tuple[Evidence, ...]
    broken: str
    """Why it ended early, '' = it did not."""
    late: int
    """Samples that came too late to be kept: a bug if it is not 0."""


def finish(
    entries: Iterable[Entry], facts: HeardFacts, path: Path, key: bytes, recording_id: str, codec: Codec
) -> Finished | None:
    """Write the file to ``path``. None when there is no sound in the spool. ``OSError`` from the disk."""
    quiet: list[Silence] = []
    broken = ""
    timeline, peaks = Timeline(), Peaks()
    with SealedWriter(path, key, recording_id, CONTENT[codec]) as file:
        encoder = Encoder(file, codec)
        samples = 0

        def take(blocks: Iterator[Stereo]) -> int:
            taken = 0
            offset_s = timeline.first_slot * FRAME_S
            for block in blocks:
                parts = planned((*facts.silences, *quiet), offset_s=offset_s, seconds=_EVER)
                silence(block, (samples + taken) / RATE, parts)
                encoder.put(block)
                peaks.put(block)
                taken += len(block)
            return taken

        for entry in entries:
            match entry:
                case Sound():
                    timeline.put(entry)
                    samples += take(timeline.ready())
                case Quiet(why=why, start=start, end=end):
                    quiet.append(Silence(start=start * FRAME_S, end=end * FRAME_S, why=why))
                case Broken(reason=reason):
                    broken = broken or reason
        samples += take(timeline.rest())
        encoder.close()
        audio_size = file.seek(0, io.SEEK_END)
        file.write(peaks.data())
    if not samples:
        return None
    offset_s, seconds = timeline.first_slot * FRAME_S, samples / RATE
    with SealedReader(path, key, recording_id) as reader:
        sound = SealedPart(reader, audio_size)
        sha256 = sound_digest(sound)
        evidence = tuple(
            found for alert in facts.alerts if (found := _evidence(alert, sound, offset_s, seconds)) is not None
        )
    return Finished(
        offset_s=offset_s,
        seconds=seconds,
        audio_size=audio_size,
        sha256=sha256,
        silences=planned((*facts.silences, *quiet), offset_s=offset_s, seconds=seconds),
        evidence=evidence,
        broken=broken,
        late=timeline.late,
    )


def sound_digest(sound: SealedPart) -> str:
    """SHA-256 of all the sound, as it is handed out."""
    sound.seek(0)
    digest = hashlib.sha256()
    while piece := sound.read(_READ):
        digest.update(piece)
    return digest.hexdigest()


def clip_digest(sound: SealedPart, start: float, end: float) -> str:
    """SHA-256 of the samples of a part, as the file gives them: the same for as long as the file is the same."""
    sound.seek(0)
    return hashlib.sha256(decode(sound, start, end - start).tobytes()).hexdigest()


def _evidence(alert: AlertChanged, sound: SealedPart, offset_s: float, seconds: float) -> Evidence | None:
    start, end = max(0.0, alert.start - offset_s), min(seconds, alert.end - offset_s)
    if start >= end:
        return None
    try:
        sha256 = clip_digest(sound, start, end)
    except (RuntimeError, BadInput):
        return None
    return Evidence(alert_id=alert.alert_id, kind=alert.kind, start=start, end=end, sha256=sha256)
