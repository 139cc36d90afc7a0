"""Recordings as compact telephone audio with the words that were said: what all later steps read, and what travels.

8 kHz, G.711 mu-law, packed by bzip2 (a quarter less): 21 MB an hour. A shard holds a quarter of an hour; it is written
whole or not at all, so a broken-off run goes on where it stopped.
"""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from core import g711
from core.errors import BadInput
from models.training.people import clean, transcript
from models.training.people.clean import Reason, Report, Sound
from models.training.people.clip import Clip, samples, telephone_rate
from models.training.people.split import Split
from models.training.steps import Tell
from models.training.workers import workers

RATE: Final = 8000
SHARD_S: Final = 900.0
LEVEL_DBFS: Final = -6.0
"""Of the loudest sample of every clip: mu-law's finest part is used, and levels differ anew in each copy."""
_AT_ONCE: Final = 256
"""Clips that are on their way to the workers at a time."""
_SAVED: Final = "packed.json"
_LAW: Final = "ulaw"

Samples = npt.NDArray[np.int16]


class Packed(NamedTuple):
    """One shard, clip by clip."""

    audio: list[npt.NDArray[np.uint8]]
    """mu-law codes at 8 kHz."""
    texts: list[str]
    """As spoken: words of Hangul."""
    speakers: list[str]
    names: list[str]


class Contents(NamedTuple):
    """What is in a shard, without the audio; clip by clip."""

    seconds: list[float]
    texts: list[str]
    names: list[str]


class Heard(NamedTuple):
    """What a worker makes of a clip: audio, or the reason why not."""

    codes: bytes
    text: str
    seconds: float
    reason: Reason | None


class Saved(msgspec.Struct, kw_only=True):
    """How far it got; beside the shards."""

    clips: int = 0
    """Of the corpus, in its order, that are dealt with."""
    shards: dict[str, int] = msgspec.field(default_factory=lambda: {"train": 0, "held": 0})
    train: Report = msgspec.field(default_factory=Report)
    held: Report = msgspec.field(default_factory=Report)
    complete: bool = False


def pack(clips: Iterator[Clip], split: Split, work: Path, *, jobs: int, share: float, tell: Tell) -> Saved:
    """Write ``work/train/NNN.npz`` and ``work/held/NNN.npz``; of training speech only a ``share``, spread over all.

    Raises ``BadInput`` when nothing can be used; the message ends with the report.
    """
    progress = saved(work)
    if progress.complete:
        return progress
    pending = {part: Packed([], [], [], []) for part in ("train", "held")}
    todo = enumerate(clips)
    for _ in islice(todo, progress.clips):
        pass
    with workers(jobs) as pool:
        while batch := list(islice(todo, _AT_ONCE)):
            progress.clips = batch[-1][0] + 1
            batch = [
                (number, clip) for number, clip in batch if split.held_out(clip.speaker, number) or drawn(clip, share)
            ]
            heard = pool.map(hear, [clip for _, clip in batch], chunksize=8)
            for (number, clip), one in zip(batch, heard, strict=True):
                part = "held" if split.held_out(clip.speaker, number) else "train"
                _take(pending[part], progress.held if part == "held" else progress.train, clip, one)
            _flush(pending, progress, work, least_s=SHARD_S)
            tell(progress.clips / split.clips)
    if not progress.train.kept:
        raise BadInput("none of these recordings can be used: " + "; ".join(progress.train.lines()))
    progress.complete = True
    _flush(pending, progress, work, least_s=0.0)
    return progress


def saved(work: Path) -> Saved:
    """How far the packing in that folder got."""
    path = work / _SAVED
    return msgspec.json.decode(path.read_bytes(), type=Saved) if path.is_file() else Saved()


def drawn(clip: Clip, share: float) -> bool:
    """Whether the clip is of the share that is learnt from; always the same ones, of all speakers."""
    return zlib.crc32(clip.name.encode()) < share * 2**32


def hear(clip: Clip) -> Heard:
    """Read, judge and encode one recording."""
    try:
        text = transcript.spoken(clip.text)
    except transcript.Unreadable as why:
        return Heard(b"", "", 0.0, why.reason)
    try:
        sound, rate = samples(clip)
    except BadInput:
        return Heard(b"", text, 0.0, "unreadable file")
    figures: Sound = clean.measured(sound, rate)
    reason = clean.fault(text, figures)
    if reason is not None:
        return Heard(b"", text, figures.seconds, reason)
    narrow = telephone_rate(sound, rate)
    loud = narrow * (10 ** (LEVEL_DBFS / 20) / (np.max(np.abs(narrow)) + 1e-9))
    return Heard(g711.encode(_LAW, np.round(loud * 32767).astype(np.int16)), text, figures.seconds, None)


def pcm(codes: npt.NDArray[np.uint8]) -> Samples:
    """The samples that were packed."""
    return g711.decode(_LAW, codes.tobytes())


def write(path: Path, shard: Packed) -> None:
    """Whole or not at all."""
    codes = np.concatenate(shard.audio)
    packed = bz2.compress(codes.tobytes())
    columns = {"texts": shard.texts, "speakers": shard.speakers, "names": shard.names}
    draft = path.with_name(f".{path.name}")
    with draft.open("wb") as file:
        np.savez(
            file,
            audio=np.frombuffer(packed, np.uint8),
            lengths=np.array([len(one) for one in shard.audio], np.int64),
            columns=np.frombuffer(msgspec.json.encode(columns), np.uint8),
        )
    draft.rename(path)


def read(path: Path) -> Packed:
    """What ``write`` wrote."""
    with np.load(path) as found:
        codes = np.frombuffer(bz2.decompress(found["audio"].tobytes()), np.uint8)
        lengths = found["lengths"]
        columns = msgspec.json.decode(found["columns"].tobytes(), type=dict[str, list[str]])
    ends = np.cumsum(lengths)
    audio = [codes[end - length : end] for end, length in zip(ends, lengths, strict=True)]
    return Packed(audio, columns["texts"], columns["speakers"], columns["names"])


def contents(path: Path) -> Contents:
    """What ``write`` wrote but for the audio, which takes long to unpack."""
    with np.load(path) as found:
        columns = msgspec.json.decode(found["columns"].tobytes(), type=dict[str, list[str]])
        return Contents((found["lengths"] / RATE).tolist(), columns["texts"], columns["names"])


def spread(count: int, most: int) -> list[int]:
    """Which of so many things are taken, if there are more than ``most``: an even choice, ascending."""
    return sorted(set(np.linspace(0, count - 1, min(count, most)).astype(int).tolist())) if count else []


def shards(folder: Path) -> list[Path]:
    """Its shards in order."""
    return sorted(folder.glob("[0-9]*.npz"))


def _take(shard: Packed, report: Report, clip: Clip, heard: Heard) -> None:
    if heard.reason is not None:
        report.leave_out(heard.reason, clip.name, heard.seconds)
        return
    report.keep(heard.seconds)
    shard.audio.append(np.frombuffer(heard.codes, np.uint8))
    shard.texts.append(heard.text)
    shard.speakers.append(clip.speaker)
    shard.names.append(clip.name)


def _flush(pending: dict[str, Packed], saved: Saved, work: Path, *, least_s: float) -> None:
    """Write what is full. Progress is saved with both parts empty only: what is pending is read again after a stop."""
    full = any(_seconds(shard.audio) >= least_s for shard in pending.values() if shard.audio)
    if not full and not saved.complete:
        return
    for part, shard in pending.items():
        if shard.audio:
            (work / part).mkdir(parents=True, exist_ok=True)
            write(work / part / f"{saved.shards[part]:05}.npz", shard)
            saved.shards[part] += 1
            pending[part] = Packed([], [], [], [])
    work.mkdir(parents=True, exist_ok=True)
    draft = work / f".{_SAVED}"
    draft.write_bytes(msgspec.json.encode(saved))
    draft.rename(work / _SAVED)


def _seconds(audio: Sequence[npt.NDArray[np.uint8]]) -> float:
    return sum(map(len, audio)) / RATE
