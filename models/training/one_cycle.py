"""The optimiser of all our trainings: AdamW, a learning rate that rises for a tenth of the steps and falls as a cosine.

One run with a fixed number of steps is the whole of it, nothing is watched (Smith and Topin, «Super-convergence»,
2018).
"""

from __future__ import annotations

from typing import Final

import optax

_LOUDEST_GRADIENT: Final = 5.0
"""Norm; longer ones are cut down to it."""
_DECAY: Final = 1e-2
"""Of the weights."""


def one_cycle(rate: float, steps: int) -> optax.GradientTransformation:
    """For so many steps; ``rate`` is the highest."""
    schedule = optax.cosine_onecycle_schedule(steps + 1, rate, pct_start=0.1)
    return optax.chain(optax.clip_by_global_norm(_LOUDEST_GRADIENT), optax.adamw(schedule, weight_decay=_DECAY))
