"""Where each sound of the recordings lies: Gaussian mixtures, started from synthetic speech whose labels are exact.

The mixtures are estimated on up to three hours (Viterbi training, from one Gaussian a state to eight), whatever the
corpus has; then everything is aligned shard by shard. Clips whose score stands far below the others say something else
than their transcript, and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from core.errors import BadInput
from models.training.people import clean, graph, pack, viterbi
from models.training.people.gmm import Mixtures, observations
from models.training.sound.features import mfcc
from models.training.steps import Tell
from models.training.workers import workers

LEAD_S: Final = 0.1
"""Silence put before and after every clip, so that it begins and ends in one."""
ROUNDS: Final = 12
SPLITS: Final = (3, 5, 7)
"""Rounds after which every Gaussian becomes two."""
_SAMPLE_S: Final = 3 * 3600.0
_SYNTHETIC: Final = 800
"""Utterances that the first Gaussians are estimated on."""

Floats = npt.NDArray[np.float32]
T = TypeVar("T")


class Aligned(NamedTuple):
    """A shard's alignments, clip by clip; a clip that is left out has no phones."""

    phones: list[npt.NDArray[np.int16]]
    """Base phone numbers, silence included."""
    starts: list[Floats]
    """Seconds from the beginning of the padded clip."""
    scores: npt.NDArray[np.float32]
    """Mean log density of a frame; -inf where no alignment exists."""


def clean_features(codes: npt.NDArray[np.uint8]) -> Floats:
    """MFCC of a packed clip with ``LEAD_S`` of silence around it: what alignments count from."""
    silence = np.zeros(int(LEAD_S * pack.RATE), np.int16)
    return mfcc(np.concatenate([silence, pack.pcm(codes), silence]))


def synthetic_start(features: Sequence[npt.NDArray[np.float16]], labels: Sequence[npt.NDArray[np.int16]]) -> Mixtures:
    """Single Gaussians of utterances with exact labels (one pdf for every third frame)."""
    frames, states = [], []
    for one, pdfs in zip(features[:_SYNTHETIC], labels[:_SYNTHETIC], strict=True):
        frames.append(observations(one.astype(np.float32)))
        states.append(_thirds(pdfs.astype(np.int64))[: len(one)])
    return Mixtures(np.concatenate(frames), np.concatenate(states))


def estimated(start: Mixtures, shards: Sequence[Path], *, jobs: int, tell: Tell, rounds: int = ROUNDS) -> Mixtures:
    """Mixtures realigned on the recordings themselves."""
    sample = _sample(shards)
    mixtures = start
    with workers(jobs) as pool:
        for number in range(rounds):
            work = [(mixtures, part) for part in _parts(sample, 4 * jobs)]
            found = [one for part in pool.map(_align_texts, work) for one in part]
            good = [(frames, path) for (frames, _), path in zip(sample, found, strict=True) if path is not None]
            if not good:
                raise BadInput("none of the recordings fits its transcript; are the texts those of these sounds?")
            tell((number + 1) / rounds)
            if number in SPLITS:
                mixtures.split()
            frames = np.concatenate([frames for frames, _ in good])
            states = np.concatenate([path.states for _, path in good])
            mixtures.update(frames, states)
            mixtures.update(frames, states)
    return mixtures


def align(mixtures: Mixtures, shards: Sequence[Path], target: Path, *, jobs: int, tell: Tell) -> None:
    """Write ``target/NNN.npz`` for every shard; those that are there already are kept."""
    target.mkdir(parents=True, exist_ok=True)
    todo = [path for path in shards if not (target / path.name).is_file()]
    with workers(jobs) as pool:
        for number, path in enumerate(todo, 1):
            texts = pack.read(path)
            whole = list(zip(texts.audio, texts.texts, strict=True))
            work = [(mixtures, part) for part in _parts(whole, 4 * jobs)]
            write(target / path.name, [one for part in pool.map(_align_clips, work) for one in part])
            tell(number / len(todo))


def drop_outliers(target: Path, shards: Sequence[Path], report: clean.Report) -> None:
    """Note clips without an alignment, or with one much worse than the others', in the report; ``kept`` skips them."""
    scores = [read(target / path.name).scores for path in shards]
    limit = clean.outliers(score for shard in scores for score in shard)
    np.save(target / "limit.npy", np.float32(limit))
    for path, found in zip(shards, scores, strict=True):
        clips = pack.contents(path)
        for at in np.flatnonzero(~(found >= limit)):
            report.kept, report.kept_s = report.kept - 1, report.kept_s - clips.seconds[at]
            report.leave_out("does not fit its words", clips.names[at], clips.seconds[at])


def limit(target: Path) -> float:
    """The score that ``drop_outliers`` found."""
    return float(np.load(target / "limit.npy"))


def write(path: Path, found: Sequence[tuple[npt.NDArray[np.int16], Floats, float]]) -> None:
    """Phones, starts and score of every clip."""
    draft = path.with_name(f".{path.name}")
    with draft.open("wb") as file:
        np.savez(
            file,
            phones=np.concatenate([phones for phones, _, _ in found]),
            starts=np.concatenate([starts for _, starts, _ in found]),
            counts=np.array([len(phones) for phones, _, _ in found], np.int64),
            scores=np.array([score for _, _, score in found], np.float32),
        )
    draft.rename(path)


def read(path: Path) -> Aligned:
    """What ``write`` wrote."""
    with np.load(path) as found:
        ends = np.cumsum(found["counts"])[:-1]
        return Aligned(np.split(found["phones"], ends), np.split(found["starts"], ends), found["scores"])


def _sample(shards: Sequence[Path]) -> list[tuple[Floats, str]]:
    """Observations and words of clips spread over the corpus."""
    sample: list[tuple[Floats, str]] = []
    wanted = _SAMPLE_S / max(1, len(shards))
    for path in shards:
        clips, taken = pack.read(path), 0.0
        for codes, text in zip(clips.audio, clips.texts, strict=True):
            if taken < wanted:
                taken += len(codes) / pack.RATE
                sample.append((observations(clean_features(codes)), text))
    return sample


def _align_clips(
    work: tuple[Mixtures, Sequence[tuple[npt.NDArray[np.uint8], str]]],
) -> list[tuple[npt.NDArray[np.int16], Floats, float]]:
    mixtures, clips = work
    paths = _align_texts((mixtures, [(observations(clean_features(codes)), text) for codes, text in clips]))
    return [_phones(path) for path in paths]


def _align_texts(work: tuple[Mixtures, Sequence[tuple[Floats, str]]]) -> list[viterbi.Path | None]:
    mixtures, clips = work
    scores = [mixtures.scores(frames) for frames, _ in clips]
    return viterbi.best_paths(scores, [graph.utterance(text) for _, text in clips])


def _phones(path: viterbi.Path | None) -> tuple[npt.NDArray[np.int16], Floats, float]:
    if path is None:
        return np.zeros(0, np.int16), np.zeros(0, np.float32), -np.inf
    change = np.flatnonzero(np.diff(path.nodes, prepend=-1))
    return (path.states[change] // 3).astype(np.int16), (change * 0.01).astype(np.float32), path.score


def _thirds(pdfs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """State of every MFCC frame from labels of every third: each phone's stretch in three equal parts."""
    begins = np.flatnonzero((pdfs % 2 == 0) | (np.diff(pdfs // 2, prepend=-1) != 0))
    states = []
    for begin, end in zip(begins, [*begins[1:], len(pdfs)], strict=True):
        frames = np.arange(3 * (end - begin))
        states.append(3 * (pdfs[begin] // 2) + 3 * frames // len(frames))
    return np.concatenate(states)


def _parts(whole: Sequence[T], count: int) -> Iterator[Sequence[T]]:
    size = max(1, -(-len(whole) // count))
    return (whole[at : at + size] for at in range(0, len(whole), size))
