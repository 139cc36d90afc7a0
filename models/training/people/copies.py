"""Each clip several times, each time in another telephone call: speed, throat, room, noise, codec; with its labels.

The first copy is the packed clip itself. What comes out are shards as the training of the base model reads them
(``models.training.shards``), so that people's speech can be mixed into that, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from models.training import shards
from models.training.people import align, pack
from models.training.people.clip import Floats, telephone_rate
from models.training.sound import warps
from models.training.sound.channel import telephone
from models.training.sound.features import mfcc
from models.training.sound.labels import frame_labels
from models.training.steps import Tell
from models.training.workers import workers

FASTEST: Final = 0.14
"""Copies are up to so much faster or slower, pitch and formants with it."""
_NOBODY: Final = -1
_SEED: Final = 11

Utterance = tuple[Floats, npt.NDArray[np.int16], int, str]


class Job(NamedTuple):
    """What a worker needs to make a clip's copies."""

    codes: npt.NDArray[np.uint8]
    text: str
    phones: npt.NDArray[np.int16]
    starts: Floats
    """Seconds, counted as ``align`` does: with ``align.LEAD_S`` of silence before the clip."""
    seed: tuple[int, ...]
    copies: int


def copies_for(hours: float) -> int:
    """How many copies of so many hours: eight of a little, one of very much (disk: 29 MB an hour and copy)."""
    limits = ((20.0, 8), (60.0, 5), (200.0, 3), (500.0, 2))
    return next((copies for limit, copies in limits if hours <= limit), 1)


def make(packed: Sequence[Path], aligned: Path, target: Path, copies: int, *, jobs: int, tell: Tell) -> list[Path]:
    """Write ``target/NNN.npz`` for every packed shard of which something is of use; what is there already is kept."""
    target.mkdir(parents=True, exist_ok=True)
    limit = align.limit(aligned)
    with workers(jobs) as pool:
        for number, path in enumerate(packed):
            if not (target / path.name).is_file():
                clips, found = pack.read(path), align.read(aligned / path.name)
                todo = [
                    Job(codes, text, phones, starts, (_SEED, number, at), copies)
                    for at, (codes, text, phones, starts, score) in enumerate(
                        zip(clips.audio, clips.texts, found.phones, found.starts, found.scores, strict=True)
                    )
                    if score >= limit
                ]
                made = [one for many in pool.map(copies_of, todo, chunksize=4) for one in many]
                if made:
                    shards.write(target / path.name, shards.shard_of(made))
            tell((number + 1) / len(packed))
    return [file for path in packed if (file := target / path.name).is_file()]


def copies_of(job: Job) -> list[Utterance]:
    """Features and labels of the copies of one clip."""
    sound = pack.pcm(job.codes).astype(np.float32) / np.float32(32768)
    starts = np.maximum(job.starts - align.LEAD_S, 0.0)
    made = [_utterance(align.clean_features(job.codes), job.starts, job)]
    for copy in range(1, job.copies):
        rng = np.random.default_rng([*job.seed, copy])
        speed = rng.uniform(1 - FASTEST, 1 + FASTEST)
        lead, trail = rng.uniform(0.02, 0.3, 2)
        voice = telephone_rate(sound, pack.RATE, speed)
        if rng.random() < 0.4:
            voice = warps.reshaped(rng, voice)
        quiet = np.zeros(int(lead * pack.RATE), np.float32), np.zeros(int(trail * pack.RATE), np.float32)
        heard = telephone(rng, np.concatenate([quiet[0], voice, quiet[1]]), hard=rng.random() < 0.6)
        moved = np.concatenate([[0.0], lead + starts[1:] / speed])
        made.append(_utterance(mfcc(heard), moved.astype(np.float32), job))
    return [one for one in made if one is not None]


def _utterance(features: Floats, starts: Floats, job: Job) -> Utterance | None:
    labels = frame_labels([float(start) for start in starts], [int(phone) for phone in job.phones], len(features))
    return None if labels is None else (features, labels, _NOBODY, job.text)
