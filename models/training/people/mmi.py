"""Lattice-free maximum mutual information in JAX: how much likelier the right words are than all others.

Povey et al., «Purely sequence-trained neural networks for ASR based on lattice-free MMI» (Interspeech 2016), with whole
sentences instead of chunks, a graph a sentence for the numerator and a phone trigram for the denominator. Every phone
has one state: its first output frame scores its forward pdf, each further one its self-loop pdf, as in the model we
write. All sums are over every alignment; recursions are ``lax.scan`` over output frames.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import jax
import jax.numpy as jnp

from models.training.people.graph import SIL, Padded

DEAD: Final = -1e30
"""Log of nothing, and still a number: infinities would make gradients that are not."""


class Nodes(NamedTuple):
    """``graph.Padded`` on the device; see there."""

    phones: jax.Array
    before: jax.Array
    start: jax.Array
    final: jax.Array


def nodes_of(drawn: Padded) -> Nodes:
    """On the device."""
    return Nodes(*map(jnp.asarray, drawn))


def numerator(logits: jax.Array, lengths: jax.Array, nodes: Nodes) -> jax.Array:
    """(batch,) log sum over the graph's alignments. ``logits`` (batch, frames, pdfs), ``lengths`` (batch,) in frames.

    A sentence that has no alignment of that length gets about ``DEAD``.
    """
    enter, stay = _by_node(logits, nodes)
    alpha = jnp.where(nodes.start, enter[0], DEAD)

    def step(alpha: jax.Array, frame: tuple[jax.Array, jax.Array, jax.Array]) -> tuple[jax.Array, None]:
        enter, stay, time = frame
        came = jax.nn.logsumexp(_came(alpha, nodes), axis=2)
        new = jnp.logaddexp(came + enter, alpha + stay)
        return jnp.where((time < lengths)[:, None], new, alpha), None

    times = jnp.arange(1, logits.shape[1])
    alpha, _ = jax.lax.scan(step, alpha, (enter[1:], stay[1:], times))
    return jax.nn.logsumexp(jnp.where(nodes.final, alpha, DEAD), axis=1)


def denominator(logits: jax.Array, lengths: jax.Array, trigram: jax.Array) -> jax.Array:
    """(batch,) log sum over all phone strings, each weighed by the trigram (see ``phone_lm``); begins in silence."""
    top = jax.lax.stop_gradient(logits.max(2))
    likely = jnp.moveaxis(jnp.exp(logits - top[..., None]), 1, 0)
    enter, stay = likely[..., 0::2], likely[..., 1::2]
    batch, count = logits.shape[0], trigram.shape[0]
    alpha = jnp.zeros((batch, count, count)).at[:, SIL].set(trigram[SIL, SIL] * enter[0])

    def scaled(alpha: jax.Array) -> tuple[jax.Array, jax.Array]:
        total = alpha.sum((1, 2))
        return alpha / total[:, None, None], jnp.log(total)

    def step(alpha: jax.Array, frame: tuple[jax.Array, jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        enter, stay, time = frame
        came = jnp.einsum("nab,abc->nbc", alpha, trigram, precision=jax.lax.Precision.HIGHEST)
        new, total = scaled(came * enter[:, None] + alpha * stay[:, None])
        alive = time < lengths
        return jnp.where(alive[:, None, None], new, alpha), jnp.where(alive, total, 0.0)

    alpha, first = scaled(alpha)
    times = jnp.arange(1, logits.shape[1])
    _, totals = jax.lax.scan(step, alpha, (enter[1:], stay[1:], times))
    spoken = jnp.arange(logits.shape[1])[None] < lengths[:, None]
    return first + totals.sum(0) + jnp.where(spoken, top, 0.0).sum(1)


def best_path(logits: jax.Array, lengths: jax.Array, nodes: Nodes) -> tuple[jax.Array, jax.Array]:
    """(node of every frame (batch, frames), score (batch,)) of the likeliest alignment; past the end its last node."""
    enter, stay = _by_node(logits, nodes)
    start = jnp.where(nodes.start, enter[0], DEAD)

    def step(best: jax.Array, frame: tuple[jax.Array, jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        enter, stay, time = frame
        came = _came(best, nodes)
        source = jnp.take_along_axis(nodes.before, came.argmax(2)[..., None], 2)[..., 0]
        new, old = came.max(2) + enter, best + stay
        here = jnp.arange(best.shape[1])[None]
        alive = (time < lengths)[:, None]
        return jnp.where(alive, jnp.maximum(new, old), best), jnp.where(alive & (new > old), source, here)

    times = jnp.arange(1, logits.shape[1])
    best, back = jax.lax.scan(step, start, (enter[1:], stay[1:], times))
    ends = jnp.where(nodes.final, best, DEAD)
    last = ends.argmax(1)

    def trace(node: jax.Array, back: jax.Array) -> tuple[jax.Array, jax.Array]:
        source = jnp.take_along_axis(back, node[:, None], 1)[:, 0]
        return source, source

    _, path = jax.lax.scan(trace, last, back, reverse=True)
    return jnp.concatenate([path, last[None]]).T, ends.max(1)


def _by_node(logits: jax.Array, nodes: Nodes) -> tuple[jax.Array, jax.Array]:
    """Scores of entering and of staying in each node, (frames, batch, nodes)."""
    chosen = jnp.broadcast_to(nodes.phones[:, None], (*logits.shape[:2], nodes.phones.shape[1]))
    enter = jnp.take_along_axis(logits[..., 0::2], chosen, 2)
    stay = jnp.take_along_axis(logits[..., 1::2], chosen, 2)
    return jnp.moveaxis(enter, 1, 0), jnp.moveaxis(stay, 1, 0)


def _came(alpha: jax.Array, nodes: Nodes) -> jax.Array:
    """(batch, nodes, links) what stands in each predecessor."""
    batch, count, links = nodes.before.shape
    with_dead = jnp.pad(alpha, ((0, 0), (0, 1)), constant_values=DEAD)
    found = jnp.take_along_axis(with_dead, nodes.before.reshape(batch, count * links), 1)
    return found.reshape(batch, count, links)
