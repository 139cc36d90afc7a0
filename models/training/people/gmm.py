"""Diagonal Gaussian mixtures, three states a phone: few enough parameters to find sounds without being told where.

A network trained without an alignment lets pauses and long vowels swallow the speech; a monophone model does not. Plain
numpy: hundreds of sentences a second on one core.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from models.training.people.phone_lm import COUNT

STATES: Final = 3 * COUNT
"""State s of phone p has number 3 * p + s."""
DIM: Final = 39
_CEPSTRA: Final = 13
_FEW: Final = 30
"""Frames under which a state is left as it is."""
_FEW_OF_ONE: Final = 15
"""Likewise a single Gaussian."""

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
States = npt.NDArray[np.int64]


def observations(mfcc: Floats) -> Floats:
    """(frames, 39): 13 cepstra less the clip's mean, with first and second differences over five frames."""
    still = mfcc[:, :_CEPSTRA].astype(np.float32)
    still = still - still.mean(0)
    moving = _slope(still)
    return np.concatenate([still, 3 * moving, 6 * _slope(moving)], axis=1)


class Mixtures:
    """One mixture a state; all begin as single Gaussians of the frames that are known to be theirs."""

    def __init__(self, frames: Floats, states: States) -> None:
        """``frames`` (n, 39) and the state of each; states with hardly any frame begin as the average sound."""
        self._floor = 0.02 * frames.var(0) + 1e-3
        self.weights = np.ones((STATES, 1))
        self.means = np.tile(frames.mean(0).astype(np.float64), (STATES, 1, 1))
        self.variances = np.tile(np.maximum(frames.var(0), self._floor).astype(np.float64), (STATES, 1, 1))
        for state, mine in _grouped(frames, states):
            if len(mine) >= _FEW:
                self.means[state, 0] = mine.mean(0)
                self.variances[state, 0] = np.maximum(mine.var(0), self._floor)

    def scores(self, frames: Floats) -> Floats:
        """(frames, states) log densities."""
        many = self.means.shape[1]
        inverse = 1 / self.variances
        constant = self._constants(np.arange(STATES))
        linear = (self.means * inverse).reshape(-1, DIM).astype(np.float32)
        square = inverse.reshape(-1, DIM).astype(np.float32)
        parts = frames @ linear.T - 0.5 * np.square(frames) @ square.T + constant.reshape(-1).astype(np.float32)
        parts = parts.reshape(len(frames), STATES, many)
        top = parts.max(2)
        densities: Floats = top + np.log(np.exp(parts - top[..., None]).sum(2))
        return densities

    def split(self) -> None:
        """Every Gaussian becomes two, a fifth of a deviation to either side."""
        aside = 0.2 * np.sqrt(self.variances)
        self.means = np.concatenate([self.means + aside, self.means - aside], axis=1)
        self.variances = np.concatenate([self.variances] * 2, axis=1)
        self.weights = np.concatenate([self.weights] * 2, axis=1) / 2

    def update(self, frames: Floats, states: States) -> None:
        """One step of expectation maximisation within each state."""
        for state, mine in _grouped(frames, states):
            if len(mine) >= _FEW:
                self._update_state(state, mine)

    def _update_state(self, state: int, frames: Floats) -> None:
        inverse = 1 / self.variances[state]
        parts = frames @ (self.means[state] * inverse).T - 0.5 * np.square(frames) @ inverse.T
        parts = parts + self._constants(np.array([state]))[0]
        share = np.exp(parts - parts.max(1, keepdims=True))
        share /= share.sum(1, keepdims=True)
        mass = share.sum(0)
        for one in np.flatnonzero(mass > _FEW_OF_ONE):
            mean = share[:, one] @ frames / mass[one]
            spread = share[:, one] @ np.square(frames) / mass[one] - np.square(mean)
            self.means[state, one] = mean
            self.variances[state, one] = np.maximum(spread, self._floor)
        self.weights[state] = np.maximum(mass, 1) / len(frames)

    def _constants(self, states: npt.NDArray[np.int64]) -> Doubles:
        """What of the log density does not depend on the frame, weights in it: (states, mixtures)."""
        means, variances = self.means[states], self.variances[states]
        norm = np.log(2 * np.pi * variances).sum(2) + (np.square(means) / variances).sum(2)
        constants: Doubles = np.log(self.weights[states] + 1e-10) - 0.5 * norm
        return constants


def _grouped(frames: Floats, states: States) -> list[tuple[int, Floats]]:
    order = np.argsort(states, kind="stable")
    edges = np.searchsorted(states[order], np.arange(STATES + 1))
    return [(state, frames[order[edges[state] : edges[state + 1]]]) for state in range(STATES)]


def _slope(x: Floats) -> Floats:
    padded = np.pad(x, ((2, 2), (0, 0)), "edge")
    return (2 * (padded[4:] - padded[:-4]) + padded[3:-1] - padded[1:-3]) / np.float32(10)
