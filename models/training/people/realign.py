"""A second alignment by the network that was tuned on the first: it knows the sounds better than Gaussians do.

Every copy is aligned on its own features through its sentence's graph; a copy whose sentence does not fit keeps its
labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from models.training import net
from models.training.net import Params, Shape, State
from models.training.people import feed, graph, mmi
from models.training.people.feed import Utterance
from models.training.people.mmi import DEAD, Nodes, nodes_of
from models.training.sound.labels import STRIDE

_FRAMES: Final = 12_000
"""Output frames in a batch."""

Floats = npt.NDArray[np.float32]


def realign(paths: Sequence[Path], target: Path, network: tuple[Shape, Params, State], mean: Floats) -> None:
    """Write ``target/NNN.npy``, labels of each shard of copies; what is there already is kept."""
    target.mkdir(parents=True, exist_ok=True)
    shape = network[0]
    aligned = jax.jit(partial(_aligned, shape=shape))
    for path in paths:
        out = target / f"{path.stem}.npy"
        if out.is_file():
            continue
        utterances = feed.load([path], None, mean, graphs=True)
        labels = [utterance.labels for utterance in utterances]
        for row, together in _batches(utterances):
            for one, found in zip(together, _labels(aligned, network, utterances, row, together), strict=True):
                labels[one] = labels[one] if found is None else found
        draft = out.with_suffix(".draft")
        with draft.open("wb") as file:
            np.save(file, np.concatenate(labels))
        draft.rename(out)


def _batches(utterances: Sequence[Utterance]) -> list[tuple[int, list[int]]]:
    by_row: dict[int, list[int]] = {}
    for number, utterance in enumerate(utterances):
        row = feed.row_of(utterance)
        if row is not None:
            by_row.setdefault(row, []).append(number)
    size = {row: feed.rows_at_once(row, _FRAMES) for row in by_row}
    return [(row, mine[at : at + size[row]]) for row, mine in by_row.items() for at in range(0, len(mine), size[row])]


def _labels(
    aligned: Any, network: tuple[Shape, Params, State], utterances: Sequence[Utterance], row: int, together: list[int]
) -> list[npt.NDArray[np.int16] | None]:
    shape, params, state = network
    rows = feed.rows_at_once(row, _FRAMES)
    frames = np.arange(-shape.context, STRIDE * row - STRIDE + 1 + shape.context)
    padded = together + [together[-1]] * (rows - len(together))
    features = np.stack(
        [one.features[np.clip(frames, 0, len(one.features) - 1)] for one in (utterances[at] for at in padded)]
    ).astype(np.float32)
    lengths = np.array([len(utterances[at].labels) for at in padded], np.int32)
    drawn = graph.padded([one for at in padded if (one := utterances[at].graph)], feed.nodes_of(row), feed.LINKS)
    path, score = aligned(params, state, features, lengths, nodes_of(drawn))
    nodes = np.asarray(path)
    return [
        None if score[at] < DEAD / 10 else pdfs(nodes[at, : lengths[at]], drawn.phones[at])
        for at in range(len(together))
    ]


def pdfs(nodes: npt.NDArray[np.int32], phones: npt.NDArray[np.int32]) -> npt.NDArray[np.int16]:
    """Labels of a path: a node's first frame has its phone's forward pdf, the others its self-loop's."""
    stays = np.append(False, nodes[1:] == nodes[:-1])
    labels: npt.NDArray[np.int16] = (2 * phones[nodes] + stays).astype(np.int16)
    return labels


def _aligned(
    params: Params, state: State, features: jax.Array, lengths: jax.Array, nodes: Nodes, *, shape: Shape
) -> tuple[jax.Array, jax.Array]:
    logits, _ = net.apply(params, state, features, shape)
    path, score = mmi.best_path(logits, lengths, nodes)
    return path, jnp.where(jnp.isfinite(score), score, DEAD)
