"""The best way through sentences' graphs when every phone is three states that last one frame each at least. Pure.

Sentences of about one length go together: numpy's time is then spent on numbers instead of on being called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from models.training.people.graph import Graph, Padded, links_of, padded

BATCH: Final = 24
_STAYED: Final = -1
_STATES: Final = 3

Floats = npt.NDArray[np.float32]


class Path(NamedTuple):
    """An alignment."""

    nodes: npt.NDArray[np.int64]
    """Node of the graph at each frame."""
    states: npt.NDArray[np.int64]
    """State at each frame, 3 * phone + 0..2."""
    score: float
    """Mean log density of a frame."""


def best_paths(scores: Sequence[Floats], graphs: Sequence[Graph]) -> list[Path | None]:
    """For each sentence's ``scores`` (frames, states) its alignment; None if it has more states than frames."""
    found: list[Path | None] = [None] * len(scores)
    order = sorted(range(len(scores)), key=lambda one: len(scores[one]))
    for at in range(0, len(order), BATCH):
        batch = order[at : at + BATCH]
        paths = _batch([scores[one] for one in batch], [graphs[one] for one in batch])
        for one, path in zip(batch, paths, strict=True):
            found[one] = path
    return found


def _batch(scores: Sequence[Floats], graphs: Sequence[Graph]) -> list[Path | None]:
    drawn = padded(graphs, max(len(graph.phones) for graph in graphs), max(map(links_of, graphs)))
    rows, count = drawn.phones.shape
    lengths = np.array([len(one) for one in scores])
    states = _STATES * drawn.phones[..., None] + np.arange(_STATES)
    best = np.full((rows, count + 1, _STATES), -np.inf, np.float32)
    row = np.arange(rows)[:, None]
    # Which way each state was reached: stayed, a link's number (state 0), or from the state before (0 in states 1, 2).
    back = np.full((lengths.max(), rows, count, _STATES), _STAYED, np.int8)
    for time in range(lengths.max()):
        alive = np.flatnonzero(lengths > time)
        emitted = np.stack([scores[int(one)][time][states[one]] for one in alive])
        if time == 0:
            best[:, :count, 0] = np.where(drawn.start, emitted[..., 0], -np.inf)
            continue
        at = alive[:, None]
        arriving = best[at[..., None], drawn.before[alive], 2]
        chosen = arriving.argmax(2)
        arrived = np.take_along_axis(arriving, chosen[..., None], 2)[..., 0]
        moved = np.stack([arrived, best[alive, :count, 0], best[alive, :count, 1]], axis=2)
        stayed = best[alive, :count] >= moved
        way = np.zeros(moved.shape, np.int8)
        way[..., 0] = chosen
        back[time, alive] = np.where(stayed, _STAYED, way)
        best[alive, :count] = np.where(stayed, best[alive, :count], moved) + emitted
    ends = np.where(drawn.final, best[row[:, 0], :count, 2], -np.inf)
    last = ends.argmax(1)
    return [
        _traced(back[: lengths[one], one], drawn, one, int(last[one]), float(ends[one, last[one]]))
        for one in range(rows)
    ]


def _traced(back: npt.NDArray[np.int8], drawn: Padded, row: int, last: int, total: float) -> Path | None:
    if not np.isfinite(total):
        return None
    nodes, states = np.empty(len(back), np.int64), np.empty(len(back), np.int64)
    node, state = last, _STATES - 1
    for time in range(len(back) - 1, -1, -1):
        nodes[time], states[time] = node, state
        way = int(back[time, node, state])
        if time and way != _STAYED:
            node, state = (int(drawn.before[row, node, way]), _STATES - 1) if state == 0 else (node, state - 1)
    return Path(nodes, _STATES * drawn.phones[row, nodes] + states, total / len(back))
