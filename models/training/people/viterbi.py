"""The best way through a sentence's graph when every phone is three states that each last one frame at least. Pure."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.training.people.graph import Graph

Floats = npt.NDArray[np.float32]


class Path(NamedTuple):
    """An alignment."""

    nodes: npt.NDArray[np.int64]
    """Node of the graph at each frame."""
    states: npt.NDArray[np.int64]
    """State at each frame, 3 * phone + 0..2."""
    score: float
    """Mean log density of a frame."""


def best_path(scores: Floats, graph: Graph) -> Path | None:
    """``scores`` (frames, states) -> the alignment; None if the sentence has more states than the sound has frames."""
    count, links = len(graph.phones), max(1, max(map(len, graph.before)))
    before = np.full((count, links), count)
    for node, came in enumerate(graph.before):
        before[node, : len(came)] = came
    base = 3 * np.asarray(graph.phones)
    emitted = scores[:, base[:, None] + np.arange(3)]
    best = np.full((count + 1, 3), -np.inf, np.float32)
    first = sorted(graph.starts)
    best[first, 0] = emitted[0, first, 0]
    # Where each state came from: -1 stayed; else the node before (state 0), or the state before (states 1 and 2).
    back = np.full((len(scores), count, 3), -1, np.int32)
    rows = np.arange(count)
    for time in range(1, len(scores)):
        arriving = best[before, 2]
        chosen = arriving.argmax(1)
        moved = np.stack([arriving[rows, chosen], best[:count, 0], best[:count, 1]], axis=1)
        stayed = best[:count] >= moved
        back[time, :, 0] = np.where(stayed[:, 0], -1, before[rows, chosen])
        back[time, :, 1:] = np.where(stayed[:, 1:], -1, 0)
        best[:count] = np.where(stayed, best[:count], moved) + emitted[time]
    last = max(graph.finals, key=lambda node: float(best[node, 2]))
    total = float(best[last, 2])
    if not np.isfinite(total):
        return None
    nodes, states = _traced(back, last)
    return Path(nodes, base[nodes] + states, total / len(scores))


def _traced(back: npt.NDArray[np.int32], last: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    nodes, states = np.empty(len(back), np.int64), np.empty(len(back), np.int64)
    node, state = last, 2
    for time in range(len(back) - 1, -1, -1):
        nodes[time], states[time] = node, state
        came = int(back[time, node, state])
        if time and came >= 0:
            node, state = (came, 2) if state == 0 else (node, state - 1)
    return nodes, states
