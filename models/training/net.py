"""The acoustic network: a small TDNN (time-delay neural network) that Kaldi's nnet3 runtime can run, as pure functions.

Every hidden layer is affine -> batch normalisation -> ReLU over a few spliced frames (Peddinti, Povey, Khudanpur,
«A time delay neural network architecture for efficient modeling of long temporal contexts», 2015). The first one joins
nine MFCC frames of 10 ms and steps by three, the others work at the 30 ms of Kaldi's chain models. What comes out are
logits of pdfs (see ``models.kaldi.phones``): they go straight into the decoder, no softmax, no priors.

Trained parameters (``Params``) and what is only observed in training (``State``) are tuples of arrays, which JAX takes
as they are. ``layers`` turns both into plain affine layers, which is all that the outside world knows of a network.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import BadZipFile

import jax
import jax.numpy as jnp
import msgspec
import numpy as np
import numpy.typing as npt

from core.errors import ModelFault
from models.kaldi.acoustic import Layer
from models.kaldi.phones import NUM_PDFS

FIRST: Final = tuple(range(-4, 5))
"""MFCC frames that the first layer splices."""
_TAPS: Final = (-1, 0, 1)
_EPSILON: Final = 1e-5
"""Added to variances."""
_MEMORY: Final = 0.9
"""Share of the running figures that stays at each step of training."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """How large a network is."""

    width: int = 256
    """Outputs of every hidden layer."""
    dilations: tuple[int, ...] = (1, 1, 1, 1, 2)
    """Of each layer after the first: how many output frames its three taps lie apart."""
    stride: int = 3
    """MFCC frames per output frame: 3 for libvosk, which reckons with 30 ms."""
    inputs: int = 40
    """MFCC coefficients."""
    outputs: int = NUM_PDFS
    """pdfs."""

    @property
    def context(self) -> int:
        """MFCC frames that it looks at on either side of an output frame's own."""
        return -FIRST[0] + self.stride * sum(self.dilations)


class Affine(NamedTuple):
    """``y = x @ weight + bias``."""

    weight: jax.Array
    """(taps * inputs, outputs), the taps in order of time."""
    bias: jax.Array
    """(outputs,)"""


class Norm(NamedTuple):
    """What batch normalisation learns, both (width,)."""

    scale: jax.Array
    shift: jax.Array


class Figures(NamedTuple):
    """Running mean and variance, both (width,)."""

    mean: jax.Array
    variance: jax.Array


class Params(NamedTuple):
    """What the optimiser changes."""

    hidden: tuple[Affine, ...]
    norms: tuple[Norm, ...]
    out: Affine


class State(NamedTuple):
    """What is observed in training and used afterwards."""

    mean: jax.Array
    """(inputs,) of the MFCC."""
    deviation: jax.Array
    """(inputs,)"""
    running: tuple[Figures, ...]


def init(
    key: jax.Array, shape: Shape, mean: npt.ArrayLike = 0.0, deviation: npt.ArrayLike = 1.0
) -> tuple[Params, State]:
    """A fresh network (He initialisation); ``mean`` and ``deviation`` (inputs,) are those of the training features."""
    keys = jax.random.split(key, len(shape.dilations) + 2)
    fan_in = [len(FIRST) * shape.inputs] + [len(_TAPS) * shape.width] * len(shape.dilations)
    hidden = tuple(
        Affine(jax.random.normal(one, (fan, shape.width)) * (2 / fan) ** 0.5, jnp.zeros(shape.width))
        for one, fan in zip(keys, fan_in, strict=False)
    )
    out = Affine(
        jax.random.normal(keys[-1], (shape.width, shape.outputs)) * shape.width**-0.5, jnp.zeros(shape.outputs)
    )
    norms = tuple(Norm(jnp.ones(shape.width), jnp.zeros(shape.width)) for _ in hidden)
    running = tuple(Figures(jnp.zeros(shape.width), jnp.ones(shape.width)) for _ in hidden)
    whole = (shape.inputs,)
    state = State(
        jnp.broadcast_to(jnp.asarray(mean, jnp.float32), whole),
        jnp.broadcast_to(jnp.asarray(deviation, jnp.float32), whole),
        running,
    )
    return Params(hidden, norms, out), state


def apply(
    params: Params,
    state: State,
    features: jax.Array,
    shape: Shape,
    *,
    dropout: jax.Array | None = None,
    training: bool = False,
    precision: Any = jnp.float32,
) -> tuple[jax.Array, State]:
    """(batch, stride * (n - 1) + 1 + 2 * context, inputs) -> logits (batch, n, outputs) as float32, and the new state.

    In ``training`` a batch is normalised by its own figures, the running ones follow, and with a key for ``dropout``
    one activation in twenty is left out. ``precision`` is that of the products (bfloat16 where a GPU likes it).
    """
    dilations = (FIRST[1] - FIRST[0], *shape.dilations)
    x = (features.astype(jnp.float32) - state.mean) / state.deviation
    running = []
    for number, (affine, norm, old, dilation) in enumerate(
        zip(params.hidden, params.norms, state.running, dilations, strict=True)
    ):
        taps = len(FIRST) if number == 0 else len(_TAPS)
        x = _spliced(x, affine, taps, shape.stride if number == 0 else 1, dilation, precision)
        now = Figures(x.mean((0, 1)), x.var((0, 1))) if training else old
        running.append(Figures(*(_MEMORY * was + (1 - _MEMORY) * new for was, new in zip(old, now, strict=True))))
        x = (x - now.mean) * (jax.lax.rsqrt(now.variance + _EPSILON) * norm.scale) + norm.shift
        x = jax.nn.relu(x)
        if dropout is not None:
            kept = jax.random.bernoulli(jax.random.fold_in(dropout, number), 0.95, x.shape)
            x = jnp.where(kept, x / 0.95, 0.0)
    logits = _spliced(x, params.out, 1, 1, 1, precision)
    return logits, State(state.mean, state.deviation, tuple(running)) if training else state


def layers(params: Params, state: State, shape: Shape) -> list[Layer]:
    """The network as plain affine layers for Kaldi, normalisation folded in (float64); between them stands a ReLU."""
    folded = []
    mean, deviation = (np.asarray(part, np.float64) for part in (state.mean, state.deviation))
    for number, (affine, norm, seen) in enumerate(zip(params.hidden, params.norms, state.running, strict=True)):
        weight, bias = _float64(affine)
        offsets = FIRST if number == 0 else tuple(shape.stride * shape.dilations[number - 1] * tap for tap in _TAPS)
        if number == 0:
            weight = weight / np.tile(deviation, len(FIRST))[:, None]
            bias = bias - np.tile(mean, len(FIRST)) @ weight
        scale = np.asarray(norm.scale, np.float64) / np.sqrt(np.asarray(seen.variance, np.float64) + _EPSILON)
        bias = (bias - np.asarray(seen.mean, np.float64)) * scale + np.asarray(norm.shift, np.float64)
        folded.append(Layer(offsets=offsets, weight=_float32((weight * scale).T), bias=_float32(bias)))
    weight, bias = _float64(params.out)
    return [*folded, Layer(offsets=(0,), weight=_float32(weight.T), bias=_float32(bias))]


def save(path: Path, shape: Shape, params: Params, state: State, dtype: npt.DTypeLike = np.float32) -> None:
    """Write one .npz: the shape as JSON and every array in order; float16 halves it and is what models ship with."""
    arrays: dict[str, Any] = {"shape": np.frombuffer(msgspec.json.encode(shape), np.uint8)}
    arrays |= {f"p{at:02}": np.asarray(leaf, dtype) for at, leaf in enumerate(jax.tree.leaves(params))}
    arrays |= {f"s{at:02}": np.asarray(leaf, np.float32) for at, leaf in enumerate(jax.tree.leaves(state))}
    np.savez(path, **arrays)


def load(path: Path) -> tuple[Shape, Params, State]:
    """What ``save`` wrote, as float32. Raises ``ModelFault`` if it is none of ours."""
    try:
        with path.open("rb") as file, np.load(file) as found:
            shape = msgspec.json.decode(found["shape"].tobytes(), type=Shape)
            params, state = jax.eval_shape(lambda key: init(key, shape), jax.random.key(0))
            return shape, _filled(params, "p", found), _filled(state, "s", found)
    except (OSError, KeyError, ValueError, BadZipFile, msgspec.MsgspecError) as error:
        raise ModelFault(f"{path} holds no network of ours ({error}); train it again") from error


def _spliced(x: jax.Array, affine: Affine, taps: int, stride: int, dilation: int, precision: Any) -> jax.Array:
    """Frames joined with neighbours, then one product: quick on CPUs and GPUs (a convolution is a fifth quicker on
    two cores, but its gradient with strides and dilation is slow on a GPU)."""
    count = (x.shape[1] - dilation * (taps - 1) - 1) // stride + 1
    reach = stride * (count - 1) + 1
    joined = [x[:, dilation * tap : dilation * tap + reach : stride] for tap in range(taps)]
    wide = jnp.concatenate(joined, axis=-1).astype(precision)
    return jnp.matmul(wide, affine.weight.astype(precision), preferred_element_type=jnp.float32) + affine.bias


def _float64(affine: Affine) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    return np.asarray(affine.weight, np.float64), np.asarray(affine.bias, np.float64)


def _float32(array: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return np.ascontiguousarray(array, np.float32)


def _filled(template: Any, prefix: str, found: Any) -> Any:
    leaves, form = jax.tree.flatten(template)
    arrays = [found[f"{prefix}{at:02}"] for at in range(len(leaves))]
    if any(array.shape != leaf.shape for array, leaf in zip(arrays, leaves, strict=True)):
        raise ValueError("its arrays do not have the shape that it names")
    return jax.tree.unflatten(form, [jnp.asarray(array, jnp.float32) for array in arrays])
