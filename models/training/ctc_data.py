"""What a CTC model learns from: utterances of the build's shards with their letters, and batches of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from models.training import ctc_tokens, shards
from models.training.net import Shape

HELD_BACK: Final = 50
"""One utterance in so many is not trained on, but measured."""
FRAMES: Final = (150, 240, 360, 540, 810)
"""Utterances are padded to the next of these (10 ms frames): as many programs for the processor or GPU. Longer ones are
left out."""


class Utterances(msgspec.Struct, frozen=True, eq=False):
    """Everything that there is to learn from, in memory: 29 MB an hour."""

    features: npt.NDArray[np.float16]
    """(frames, 40) of all utterances."""
    starts: npt.NDArray[np.int64]
    """First frame of each."""
    lengths: npt.NDArray[np.int64]
    tokens: tuple[tuple[int, ...], ...]
    texts: tuple[str, ...]

    @property
    def learnt(self) -> npt.NDArray[np.int64]:
        """Which are trained on."""
        return np.flatnonzero(np.arange(len(self.lengths)) % HELD_BACK != 0)

    @property
    def held_back(self) -> npt.NDArray[np.int64]:
        """Which are not."""
        return np.arange(0, len(self.lengths), HELD_BACK)


class Batch(NamedTuple):
    """What one step takes."""

    features: npt.NDArray[np.float16]
    """(utterances, frames with context, 40)"""
    padding: npt.NDArray[np.float32]
    """(utterances, outputs): 1 behind the end."""
    letters: npt.NDArray[np.int32]
    """(utterances, outputs)"""
    letters_padding: npt.NDArray[np.float32]
    """(utterances, outputs): 1 behind the last letter."""


def utterances(files: Sequence[Path], stride: int) -> Utterances:
    """All of the shards that are in Hangul and can be written in their time (``stride`` frames an output)."""
    features, starts, lengths, tokens, texts = [], [], [], [], []
    base = 0
    for file in files:
        shard = shards.read(file)
        features.append(shard.feats)
        begins = base + np.cumsum(shard.lengths) - shard.lengths
        base += len(shard.feats)
        for start, length, text in zip(begins, shard.lengths, shard.texts, strict=True):
            try:
                letters = ctc_tokens.encode(text)
            except ValueError:
                continue
            if length <= FRAMES[-1] and outputs_needed(letters) <= length // stride:
                starts.append(int(start))
                lengths.append(int(length))
                tokens.append(letters)
                texts.append(text)
    return Utterances(np.concatenate(features), np.array(starts), np.array(lengths), tuple(tokens), tuple(texts))


def outputs_needed(letters: Sequence[int]) -> int:
    """How many outputs CTC needs at least: between two letters that are the same there is a blank."""
    return len(letters) + sum(one == two for one, two in pairwise(letters))


def endless(data: Utterances, batch_frames: int, seed: int) -> Iterator[npt.NDArray[np.int64]]:
    """Batches of utterances that are padded to the same length, in random order, again and again."""
    rng = np.random.default_rng(seed)
    chosen = data.learnt
    size = np.searchsorted(FRAMES, data.lengths[chosen])
    while True:
        batches = []
        for place, frames in enumerate(FRAMES):
            those = rng.permutation(chosen[size == place])
            count = max(1, batch_frames // frames)
            batches += [those[at : at + count] for at in range(0, len(those) - count + 1, count)]
        if not batches:
            raise ValueError(f"{len(chosen)} utterances do not fill one batch of {batch_frames} frames")
        for at in rng.permutation(len(batches)):
            yield batches[at]


def batch(data: Utterances, items: npt.NDArray[np.int64], shape: Shape) -> Batch:
    """The batch of these. Beyond an utterance's ends its outermost frame repeats."""
    frames = FRAMES[int(np.searchsorted(FRAMES, data.lengths[items].max()))]
    outputs = frames // shape.stride
    places = np.arange(-shape.context, shape.stride * (outputs - 1) + 1 + shape.context)
    letters = np.zeros((len(items), outputs), np.int32)
    letters_padding = np.ones((len(items), outputs), np.float32)
    for row, at in enumerate(items):
        letters[row, : len(data.tokens[at])] = data.tokens[at]
        letters_padding[row, : len(data.tokens[at])] = 0
    return Batch(
        features=np.stack([data.features[data.starts[at] + np.clip(places, 0, data.lengths[at] - 1)] for at in items]),
        padding=np.stack([np.arange(outputs) >= -(-data.lengths[at] // shape.stride) for at in items]).astype(
            np.float32
        ),
        letters=letters,
        letters_padding=letters_padding,
    )
