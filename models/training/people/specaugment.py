"""SpecAugment (Park et al., Interspeech 2019) in JAX: bands and stretches of the spectrum are hidden in training.

Our MFCC are 40 numbers of 40 mel bands, so they can be turned back into log mel energies, masked there, and transformed
again; what is hidden is set to the mean.
"""

from __future__ import annotations

from typing import Final

import jax
import jax.numpy as jnp
import numpy as np

from models.training.cepstra import cepstra

BANDS: Final = 40
_WIDEST_BAND: Final = 7
_LONGEST: Final = 18
"""MFCC frames: 180 ms, a syllable."""
_EVERY: Final = 150
"""MFCC frames for each hidden stretch."""


TO_MFCC: Final = cepstra(BANDS).astype(np.float32)
TO_MEL: Final = np.linalg.inv(cepstra(BANDS)).astype(np.float32)


def masked(key: jax.Array, features: jax.Array, mean: jax.Array) -> jax.Array:
    """(batch, frames, 40) MFCC with two hidden bands and a hidden stretch every 1.5 s; ``mean`` (40,) stands there."""
    batch, frames, _ = features.shape
    keys = jax.random.split(key, 4)
    bands = _spans(keys[0], keys[1], (batch, 2), _WIDEST_BAND, BANDS)
    times = _spans(keys[2], keys[3], (batch, 1 + frames // _EVERY), _LONGEST, frames)
    hidden = bands[:, None, :] | times[:, :, None]
    mel = jnp.einsum("ntc,bc->ntb", features - mean, TO_MEL, precision=jax.lax.Precision.HIGHEST)
    shown = jnp.where(hidden, 0.0, mel)
    return jnp.einsum("ntb,cb->ntc", shown, TO_MFCC, precision=jax.lax.Precision.HIGHEST) + mean


def _spans(key: jax.Array, other: jax.Array, shape: tuple[int, int], longest: int, size: int) -> jax.Array:
    """(batch, size) True within random spans shorter than ``longest``."""
    lengths = jax.random.randint(key, shape, 0, longest)
    begins = jax.random.randint(other, shape, 0, max(1, size - longest))
    places = jnp.arange(size)
    inside = (places >= begins[..., None]) & (places < (begins + lengths)[..., None])
    return inside.any(1)
