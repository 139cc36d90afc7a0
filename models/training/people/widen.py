"""A wider network that says exactly the same: every hidden unit several times, what it passes on divided among them.

Net2Net (Chen, Goodfellow, Shlens, 2016). A base model trained on synthetic voices need not be trained again to give a
tuned one more room; a little noise on the copies makes them part ways.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import msgspec

from models.training.net import Affine, Figures, Norm, Params, Shape, State

_NOISE = 0.02
"""Of the weights' own deviation."""


def widened(key: jax.Array, shape: Shape, params: Params, state: State, times: int) -> tuple[Shape, Params, State]:
    """The network with ``times`` as many units in every hidden layer."""
    if times == 1:
        return shape, params, state
    keys = jax.random.split(key, len(params.hidden) + 1)
    hidden = tuple(
        Affine(_more_outputs(_more_inputs(one.weight, shape.width, times) if at else one.weight, keys[at], times),
               jnp.tile(one.bias, times))
        for at, one in enumerate(params.hidden)
    )  # fmt: skip
    norms = tuple(Norm(jnp.tile(one.scale, times), jnp.tile(one.shift, times)) for one in params.norms)
    out = Affine(_more_inputs(params.out.weight, shape.width, times), params.out.bias)
    running = tuple(Figures(jnp.tile(one.mean, times), jnp.tile(one.variance, times)) for one in state.running)
    wider = msgspec.structs.replace(shape, width=shape.width * times)
    return wider, Params(hidden, norms, out), State(state.mean, state.deviation, running)


def _more_inputs(weight: jax.Array, width: int, times: int) -> jax.Array:
    """(taps * width, outputs) -> (taps * width * times, outputs)."""
    taps = weight.reshape(-1, width, weight.shape[1])
    return jnp.tile(taps / times, (1, times, 1)).reshape(-1, weight.shape[1])


def _more_outputs(weight: jax.Array, key: jax.Array, times: int) -> jax.Array:
    wider = jnp.tile(weight, (1, times))
    return wider + _NOISE * weight.std() * jax.random.normal(key, wider.shape)
