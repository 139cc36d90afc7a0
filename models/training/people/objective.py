"""What tuning makes smaller: on people frame cross-entropy, later MMI as well; on synthetic speech cross-entropy."""

from __future__ import annotations

from typing import Final, NamedTuple

import jax
import jax.numpy as jnp
import msgspec
import optax

from models.kaldi.phones import NUM_PDFS
from models.training.people.mmi import DEAD, Nodes, denominator, numerator


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """How much each part counts."""

    cross_entropy: float
    mmi: float
    synthetic: float


FRAMES: Final = Weights(cross_entropy=1.0, mmi=0.0, synthetic=0.4)
"""First: each frame for itself, as the Gaussians aligned it."""
SENTENCES: Final = Weights(cross_entropy=0.2, mmi=1.0, synthetic=0.4)
"""Then: whole sentences against all others."""
_CALM: Final = 2e-4
"""Weight of the squared logits, which MMI alone would let grow."""
_AWAY: Final = 4.0
"""Cost of a frame whose phone the alignment has nowhere near."""
_REACH: Final = 3
"""Output frames that are near."""


class Parts(NamedTuple):
    """Means a frame, for people to watch."""

    mmi: jax.Array
    """log p(all) - log p(right): falls towards 0."""
    cross_entropy: jax.Array
    synthetic: jax.Array


def objective(
    logits: jax.Array,
    labels: jax.Array,
    lengths: jax.Array,
    nodes: Nodes,
    trigram: jax.Array,
    weights: Weights,
) -> tuple[jax.Array, Parts]:
    """``logits`` (rows, frames, pdfs), ``labels`` (rows, frames): people's rows first, as many as ``lengths`` has."""
    people = lengths.shape[0]
    frames = optax.softmax_cross_entropy_with_integer_labels(logits, labels)
    ours, synthetic = frames[:people].mean(), frames[people:].mean() if len(logits) > people else jnp.zeros(())
    loss = weights.cross_entropy * ours + weights.synthetic * synthetic
    mmi = jnp.zeros(())
    if weights.mmi:
        spoken = logits[:people]
        right = numerator(spoken - _far(labels[:people]), lengths, nodes)
        every = denominator(spoken, lengths, trigram)
        fits = right > DEAD / 10
        mmi = jnp.sum(jnp.where(fits, every - right, 0.0)) / lengths.sum()
        loss = loss + weights.mmi * mmi + _CALM * jnp.square(spoken).mean()
    return loss, Parts(mmi, ours, synthetic)


def _far(labels: jax.Array) -> jax.Array:
    """(rows, frames, pdfs) what phones cost that the alignment has nowhere within ``_REACH`` frames."""
    there = jax.nn.one_hot(labels // 2, NUM_PDFS // 2)
    window = (1, 2 * _REACH + 1, 1)
    near = jax.lax.reduce_window(there, -jnp.inf, jax.lax.max, window, (1, 1, 1), "SAME")
    return jnp.repeat(_AWAY * (1 - near), 2, axis=2)
