"""Lost RTP packets: which ones are lost, and what a receiver plays instead."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
Concealment = Literal["silence", "repeat", "noise"]

PACKET: Final = 160
"""Samples of 20 ms."""
CONCEALMENTS: Final[tuple[Concealment, ...]] = ("silence", "repeat", "repeat", "noise")
"""Repeating is what most receivers do (ITU-T G.711 appendix I)."""
_FADE: Final = 0.6
"""Each further packet of a gap is that much softer than the one before."""
_LOWEST_PITCH, _HIGHEST_PITCH = 120, 20
"""Lags in samples: 66 to 400 Hz."""


def lost_packets(rng: np.random.Generator, count: int, rate: float, burst: float = 1.5) -> npt.NDArray[np.bool_]:
    """Which of ``count`` packets are lost: a share of ``rate``, ``burst`` in a row on average (Gilbert's model)."""
    draws = rng.random(count)
    begin, stay = rate / (burst * (1 - rate)), 1 - 1 / burst
    lost = np.zeros(count, np.bool_)
    gone = False
    for at in range(count):
        gone = bool(draws[at] < (stay if gone else begin))
        lost[at] = gone
    return lost


def conceal(samples: Samples, lost: npt.NDArray[np.bool_], how: Concealment, rng: np.random.Generator) -> Samples:
    """What is heard when those packets of ``PACKET`` samples do not arrive."""
    out = samples.copy()
    gain = 1.0
    for at, gone in enumerate(lost):
        gain = gain * _FADE if gone else 1.0
        if not gone:
            continue
        here = slice(at * PACKET, min((at + 1) * PACKET, len(out)))
        length = here.stop - here.start
        before = out[max(0, here.start - 2 * _LOWEST_PITCH) : here.start].astype(np.float64)
        if how == "silence" or len(before) < 2 * _LOWEST_PITCH:
            out[here] = 0
        elif how == "noise":
            out[here] = gain * 0.3 * before.std() * rng.standard_normal(length)
        else:
            # The last pitch period over and over; ``gain`` has been lowered for a gap's first packet too.
            period = before[-_pitch(before) :]
            out[here] = gain / _FADE * np.resize(period, length)
    return out


def _pitch(before: npt.NDArray[np.float64]) -> int:
    """The lag at which the end of what was heard is most like itself."""
    recent = before[-_LOWEST_PITCH:]
    likeness = np.correlate(before, recent, "valid")[: -_HIGHEST_PITCH or None]
    return int(_LOWEST_PITCH - np.argmax(likeness))
