"""How unlikely a count is: the upper tail of the negative binomial, which is what a Poisson count looks like to someone
who knows its rate only from some past. Pure."""

from __future__ import annotations

import math
from typing import Final

_NEGLIGIBLE: Final = 1e-12
_MOST_STEPS: Final = 100_000


def log_tail(count: int, shape: float, ratio: float) -> float:
    """log P(X >= count). The rate is gamma distributed with this ``shape``; ``ratio`` = exposure now / (exposure now
    and past), 0 < ratio < 1. The mean of X is shape * ratio / (1 - ratio)."""
    if count <= 0:
        return 0.0
    mean = shape * ratio / (1 - ratio)
    if count <= mean:
        return min(0.0, math.log(max(1e-300, 1 - _below(count, shape, ratio))))
    first = _log_pmf(count, shape, ratio)
    term = total = 1.0
    for at in range(count, count + _MOST_STEPS):
        term *= (shape + at) / (at + 1) * ratio
        total += term
        if term < total * _NEGLIGIBLE:
            break
    return min(0.0, first + math.log(total))


def _below(count: int, shape: float, ratio: float) -> float:
    return math.fsum(math.exp(_log_pmf(at, shape, ratio)) for at in range(count))


def _log_pmf(count: int, shape: float, ratio: float) -> float:
    return (
        math.lgamma(shape + count)
        - math.lgamma(shape)
        - math.lgamma(count + 1)
        + shape * math.log1p(-ratio)
        + count * math.log(ratio)
    )
