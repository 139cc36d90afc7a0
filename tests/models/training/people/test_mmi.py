"""Numerator, denominator and best path against all alignments, counted one by one on small graphs."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from models.kaldi.phones import NUM_PDFS
from models.training.people.graph import Graph, padded
from models.training.people.phone_lm import COUNT, phone_ngrams

jax = pytest.importorskip("jax", reason="minwon[training] is not installed")
import jax.numpy as jnp  # noqa: E402

from models.training.people import mmi  # noqa: E402
from models.training.people.realign import pdfs  # noqa: E402

GRAPH = Graph((0, 3, 5, 3, 0), ((), (0,), (0, 1), (1, 2), (2, 3)), frozenset({0, 1}), frozenset({3, 4}))
"""Silence may be left out at both ends, the second phone may be skipped, the third comes after either."""
FRAMES = 6


@pytest.fixture(scope="module")
def logits() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(2, FRAMES, NUM_PDFS)).astype(np.float32)


def alignments(graph: Graph, frames: int) -> list[tuple[int, ...]]:
    """All node sequences of that length that the graph allows."""
    found = []
    for path in itertools.product(range(len(graph.phones)), repeat=frames):
        steps = all(b == a or a in graph.before[b] for a, b in itertools.pairwise(path))
        if steps and path[0] in graph.starts and path[-1] in graph.finals:
            found.append(path)
    return found


def score(logits: np.ndarray, path: tuple[int, ...], phones: tuple[int, ...]) -> float:
    """A path's: the forward pdf where a node begins, its self-loop after."""
    return sum(
        float(logits[time, 2 * phones[node] + (time > 0 and path[time - 1] == node)]) for time, node in enumerate(path)
    )


def log_sum(values: list[float]) -> float:
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))


def test_numerator(logits: np.ndarray) -> None:
    """The log of the sum over every alignment, for sentences of different lengths; none: dead, not NaN."""
    nodes = mmi.nodes_of(padded([GRAPH, GRAPH], 7, 3))
    numerator = jax.jit(mmi.numerator)
    found = numerator(jnp.asarray(logits), jnp.array([FRAMES, 4]), nodes)
    for at, length in enumerate((FRAMES, 4)):
        every = [score(logits[at], path, GRAPH.phones) for path in alignments(GRAPH, length)]
        assert float(found[at]) == pytest.approx(log_sum(every), abs=1e-3)
    dead = numerator(jnp.asarray(logits), jnp.array([1, 1]), nodes)
    assert float(dead[0]) < mmi.DEAD / 10
    slope = jax.jit(jax.grad(lambda x: mmi.numerator(x, jnp.array([FRAMES, 1]), nodes).sum()))(jnp.asarray(logits))
    assert np.isfinite(np.asarray(slope)).all()


def test_best_path(logits: np.ndarray) -> None:
    """The likeliest of them all, and the labels that it stands for."""
    nodes = mmi.nodes_of(padded([GRAPH, GRAPH], 7, 3))
    path, best = jax.jit(mmi.best_path)(jnp.asarray(logits), jnp.array([FRAMES, 4]), nodes)
    for at, length in enumerate((FRAMES, 4)):
        wanted = max(alignments(GRAPH, length), key=lambda one: score(logits[at], one, GRAPH.phones))
        assert tuple(path[at, :length].tolist()) == wanted
        assert float(best[at]) == pytest.approx(score(logits[at], wanted, GRAPH.phones), abs=1e-4)
        labels = pdfs(np.array(wanted), np.array(GRAPH.phones))
        assert sum(float(logits[at, time, pdf]) for time, pdf in enumerate(labels)) == pytest.approx(float(best[at]))


def test_denominator(logits: np.ndarray) -> None:
    """All strings of phones after silence, each weighed by the trigram; only three phones sound, the rest is silent."""
    quiet = np.full_like(logits, -60.0)
    few = [0, 3, 5]
    columns = [2 * phone + kind for phone in few for kind in (0, 1)]
    quiet[..., columns] = logits[..., columns]
    trigram, _ = phone_ngrams([[0, 3, 5, 3, 0], [0, 5, 5, 0, 3]])
    found = jax.jit(mmi.denominator)(jnp.asarray(quiet), jnp.array([4, 3]), jnp.asarray(trigram))
    for at, length in enumerate((4, 3)):
        every = []
        for choice in itertools.product([(phone, kind) for phone in few for kind in (0, 1)], repeat=length):
            history, total = [0, 0], 0.0
            for time, (phone, stays) in enumerate(choice):
                if stays and (time == 0 or phone != history[-1]):
                    break
                total += float(quiet[at, time, 2 * phone + stays])
                if not stays:
                    total += math.log(trigram[history[-2], history[-1], phone])
                    history.append(phone)
            else:
                every.append(total)
        assert float(found[at]) == pytest.approx(log_sum(every), abs=1e-3)


def test_phone_ngrams() -> None:
    """Probabilities, and what was seen is likelier than what was not."""
    trigram, bigram = phone_ngrams([[0, 3, 5, 0]] * 20)
    assert trigram.shape == (COUNT,) * 3
    np.testing.assert_allclose(trigram.sum(2), 1, rtol=1e-5)
    np.testing.assert_allclose(bigram.sum(1), 1, rtol=1e-5)
    assert trigram[0, 3, 5] > 0.9 > 0.1 > trigram[0, 3, 7] > 0
