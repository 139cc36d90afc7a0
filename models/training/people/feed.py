"""Batches for the training: whole sentences of people with their graphs, and stretches of synthetic speech beside them.

Sentences are cut to few lengths, so that JAX compiles few programs: each goes into the shortest row that holds it, and
the rest of the row is filled with the beginning of another sentence (with its labels), for padding would be heard as
silence by batch normalisation. Only so many hours are in memory at a time, whatever the corpus has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from models.training import shards
from models.training.people import cmn, graph
from models.training.people.graph import Graph, Padded
from models.training.sound.labels import STRIDE, label_count

ROWS: Final = (80, 150, 300, 800)
"""Output frames (30 ms) of a row; the longest holds 24 s."""
NODES_PER_FRAME: Final = 0.9
"""A row has room for so many graph nodes a frame; sentences that need more are left out (they hardly ever are real)."""
LINKS: Final = 8
FRAMES_AT_ONCE: Final = 16 * 360_000
"""MFCC frames in memory: 16 hours, half a gigabyte."""

Floats = npt.NDArray[np.float32]


class Utterance(NamedTuple):
    """One copy of a clip."""

    features: npt.NDArray[np.float16]
    """(MFCC frames, 40) less their online mean."""
    labels: npt.NDArray[np.int16]
    """A pdf for every third of them."""
    graph: Graph | None


class Batch(NamedTuple):
    """``row`` is the number of output frames T; people's rows come first, then synthetic ones."""

    features: Floats
    """(rows, 3 T - 2 + 2 context, 40)"""
    labels: npt.NDArray[np.int32]
    """(rows, T)"""
    lengths: npt.NDArray[np.int32]
    """(people's rows,) output frames of the sentence that the graph is of."""
    nodes: Padded


def load(paths: Sequence[Path], relabelled: Path | None, mean: Floats | None, *, graphs: bool) -> list[Utterance]:
    """Utterances of these shards; labels from ``relabelled/NNN.npy`` where a second alignment was made.

    ``mean`` is the global one of online mean normalisation; None: features stay as they are.
    """
    found = []
    for path in paths:
        shard = shards.read(path)
        labels = shard.labels
        if relabelled is not None and (relabelled / f"{path.stem}.npy").is_file():
            labels = np.load(relabelled / f"{path.stem}.npy")
        frames = np.concatenate([[0], np.cumsum(shard.lengths)])
        counts = np.concatenate([[0], np.cumsum([label_count(int(length)) for length in shard.lengths])])
        for at, text in enumerate(shard.texts):
            features = shard.feats[frames[at] : frames[at + 1]]
            if mean is not None:
                features = cmn.normalised(features.astype(np.float32), mean).astype(np.float16)
            drawn = graph.utterance(text) if graphs else None
            found.append(Utterance(features, labels[counts[at] : counts[at + 1]], drawn))
    return found


def groups(paths: Sequence[Path], rng: np.random.Generator) -> Iterator[list[Path]]:
    """The shards in random order, as many at a time as memory is meant for; without end."""
    sizes = {head.path: head.frames for head in shards.heads(paths)}
    while True:
        together: list[Path] = []
        for at in rng.permutation(len(paths)):
            if together and sum(sizes[path] for path in together) + sizes[paths[at]] > FRAMES_AT_ONCE:
                yield together
                together = []
            together.append(paths[at])
        yield together


def row_of(utterance: Utterance) -> int | None:
    """The row that holds it; None if there is none."""
    drawn = utterance.graph
    length = len(utterance.labels)
    for row in ROWS:
        if length <= row and (drawn is None or len(drawn.phones) <= nodes_of(row)):
            return row if drawn is None or graph.links_of(drawn) <= LINKS else None
    return None


def nodes_of(row: int) -> int:
    """Graph nodes that a row of that many frames has room for."""
    return int(NODES_PER_FRAME * row) + 16


def rows_at_once(row: int, frames: int) -> int:
    """Sentences in a batch of that row, ``frames`` output frames in all; a multiple of four."""
    return max(4, frames // row // 4 * 4)


class Feed:
    """Draws batches for ever."""

    def __init__(self, people: Sequence[Utterance], context: int, frames: int, seed: int) -> None:
        self._people = people
        self._context = context
        self._frames = frames
        self._rng = np.random.default_rng(seed)
        self._by_row: dict[int, list[int]] = {}
        for number, utterance in enumerate(people):
            row = row_of(utterance)
            if row is not None:
                self._by_row.setdefault(row, []).append(number)
        self._queue: list[tuple[int, list[int]]] = []

    def epoch(self) -> int:
        """Batches that show every utterance once."""
        return sum(-(-len(mine) // rows_at_once(row, self._frames)) for row, mine in self._by_row.items())

    def next(self, synthetic: Sequence[Utterance]) -> Batch:
        """The next batch; a third as many synthetic rows as people's."""
        if not self._queue:
            self._queue = self._shuffled()
        row, chosen = self._queue.pop()
        extra = max(1, len(chosen) // 3) if synthetic else 0
        width = STRIDE * row - STRIDE + 1 + 2 * self._context
        features = np.empty((len(chosen) + extra, width, self._people[0].features.shape[1]), np.float32)
        labels = np.empty((len(chosen) + extra, row), np.int32)
        for at, number in enumerate(chosen):
            self._fill(features[at], labels[at], self._people[number], 0, self._people)
        for at in range(extra):
            one = synthetic[int(self._rng.integers(len(synthetic)))]
            begin = int(self._rng.integers(max(1, len(one.labels) - row + 1)))
            self._fill(features[len(chosen) + at], labels[len(chosen) + at], one, begin, synthetic)
        drawn = [drawn for number in chosen if (drawn := self._people[number].graph) is not None]
        lengths = np.array([len(self._people[number].labels) for number in chosen], np.int32)
        return Batch(features, labels, lengths, graph.padded(drawn, nodes_of(row), LINKS))

    def _shuffled(self) -> list[tuple[int, list[int]]]:
        queue = []
        for row, mine in self._by_row.items():
            size = rows_at_once(row, self._frames)
            order = self._rng.permutation(mine).tolist()
            # The last batch of a row is filled up with sentences of its beginning: one shape, one program.
            order += [order[at % len(order)] for at in range(-len(order) % size)]
            queue += [(row, order[at : at + size]) for at in range(0, len(order), size)]
        return [queue[at] for at in self._rng.permutation(len(queue))]

    def _fill(
        self,
        features: Floats,
        labels: npt.NDArray[np.int32],
        first: Utterance,
        begin: int,
        others: Sequence[Utterance],
    ) -> None:
        """One row from label ``begin`` of the first utterance on; then others until it is full."""
        frames = np.arange(-self._context, len(features) - self._context) + STRIDE * begin
        features[:] = first.features[np.clip(frames, 0, len(first.features) - 1)]
        here = min(len(labels), len(first.labels) - begin)
        labels[:here] = first.labels[begin : begin + here]
        while here < len(labels):
            other = others[int(self._rng.integers(len(others)))]
            there = min(len(labels) - here, len(other.labels))
            at = self._context + STRIDE * here
            rest = np.arange(len(features) - at)
            features[at:] = other.features[np.clip(rest, 0, len(other.features) - 1)]
            labels[here : here + there] = other.labels[:there]
            here += there
