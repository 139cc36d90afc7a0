"""Batches of chunks out of shards: which ones, in what order (host), and how they are cut out (device).

Memory is bounded whatever the hours: a few shards at a time are on the device, and chunks are shuffled within them;
which shards keep company changes from epoch to epoch. A batch itself is a list of row numbers: frames are gathered on
the device, so that a GPU does not wait for a processor. All chance follows from the seed, so that a training that was
broken off goes on with the batch that would have come next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from typing import Final, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from models.training.net import Shape
from models.training.shards import Head, read
from models.training.sound.features import SHIFT_S
from models.training.sound.labels import label_count

CHUNK: Final = 50
"""Labels of a chunk: 1.5 s."""
IGNORED: Final = -1
"""Stands for a label behind the end of an utterance that is shorter than a chunk."""

Rows = npt.NDArray[np.int32]
"""(chunks, 4): first frame and end of the utterance, the chunk's first label within it, the utterance's first label."""


class Group(NamedTuple):
    """Shards on the device, one behind the other."""

    feats: jax.Array
    """(frames, inputs) float16"""
    labels: jax.Array
    """(labels,) int16"""


def chunks_of(lengths: npt.NDArray[np.int32], chosen: npt.NDArray[np.bool_]) -> Rows:
    """The chunks of the ``chosen`` utterances of a shard with these lengths; the last one of each reaches back."""
    ends = np.cumsum(lengths)
    counts = np.array([label_count(int(length)) for length in lengths], np.int64)
    labels = np.cumsum(counts) - counts
    rows = []
    for at in np.flatnonzero(chosen):
        for first in range(0, max(int(counts[at]), 1), CHUNK):
            first = max(0, min(first, int(counts[at]) - CHUNK))
            rows.append((ends[at] - lengths[at], ends[at], first, labels[at]))
    return np.array(rows, np.int32).reshape(-1, 4)


def plan(
    chunks: Sequence[Rows], frames: Sequence[int], *, batch: int, seconds_at_once: float, seed: int
) -> Iterator[tuple[tuple[int, ...], npt.NDArray[np.int32]]]:
    """Endless: which shards must be on the device, and which of their chunks (in that order) are the next batch.

    ``chunks`` and ``frames`` are of each shard; ``seconds_at_once`` is how much speech may be on the device.
    """
    for epoch in count():
        rng = np.random.default_rng([seed, epoch])
        for group in _groups(rng.permutation(len(chunks)), frames, seconds_at_once):
            many = sum(len(chunks[at]) for at in group)
            if not many:  # only held-back utterances
                continue
            order = rng.permutation(many).astype(np.int32)
            for begin in range(0, max(many - batch + 1, 1), batch):
                yield group, np.resize(order[begin : begin + batch], batch)


def load(heads: Sequence[Head], chunks: Sequence[Rows]) -> tuple[Group, jax.Array]:
    """Bring shards onto the device: the group, and the rows of all their chunks in it."""
    feats, labels, rows, frames, many = [], [], [], 0, 0
    for head, own in zip(heads, chunks, strict=True):
        shard = read(head.path)
        rows.append(own + np.array([frames, frames, 0, many], np.int32))
        feats.append(shard.feats)
        labels.append(shard.labels)
        frames += len(shard.feats)
        many += len(shard.labels)
    return Group(jnp.asarray(np.concatenate(feats)), jnp.asarray(np.concatenate(labels))), jnp.asarray(
        np.concatenate(rows)
    )


@partial(jax.jit, static_argnames="shape")
def gathered(group: Group, rows: jax.Array, shape: Shape) -> tuple[jax.Array, jax.Array]:
    """Cut (batch, 4) rows out of a group: features (batch, frames, inputs) with context, labels (batch, ``CHUNK``).

    Beyond an utterance's edges its first and last frames stand again and again, as libvosk has it. (Compiled for every
    size of a group, so it is apart from what takes long to compile.)
    """
    begin, end, first, labels = (rows[:, at, None] for at in range(4))
    need = shape.stride * (CHUNK - 1) + 1 + 2 * shape.context
    frames = begin + shape.stride * first - shape.context + jnp.arange(need)
    wanted = first + jnp.arange(CHUNK)
    there = shape.stride * wanted < end - begin
    found = group.labels[jnp.where(there, labels + wanted, 0)].astype(jnp.int32)
    return group.feats[jnp.clip(frames, begin, end - 1)], jnp.where(there, found, IGNORED)


def _groups(order: npt.NDArray[np.int64], frames: Sequence[int], seconds_at_once: float) -> Iterator[tuple[int, ...]]:
    """Shards that are on the device together, in ascending order: the same ones are then known to be there already."""
    group: list[int] = []
    for at in order:
        if group and SHIFT_S * (sum(frames[one] for one in group) + frames[at]) > seconds_at_once:
            yield tuple(sorted(group))
            group = []
        group.append(int(at))
    yield tuple(sorted(group))
