"""What a bench finds: figures with their bounds. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One number."""

    name: str
    value: float
    """NaN in memory, null in JSON: could not be measured."""
    unit: str
    bound: float | None = None
    """What it must not exceed; with ``at_least`` what it must reach."""
    at_least: bool = False

    @property
    def inside(self) -> bool | None:
        """Whether the bound is kept; None where there is none."""
        if self.bound is None:
            return None
        if math.isnan(self.value):
            return False
        return self.value >= self.bound if self.at_least else self.value <= self.bound


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one bench."""

    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    """How it was measured, where the number alone would mislead."""
    plots: Mapping[str, str] = {}
    """SVG by name; written beside the figures."""


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` (0..1) of all do not exceed; NaN of nothing."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def spread(name: str, seconds: Sequence[float], *, bound: float | None = None) -> tuple[Figure, Figure]:
    """Median and 95th percentile of times; the bound is the latter's."""
    return (
        Figure(name=f"{name}, p50", value=percentile(seconds, 0.5), unit="s"),
        Figure(name=f"{name}, p95", value=percentile(seconds, 0.95), unit="s", bound=bound),
    )
