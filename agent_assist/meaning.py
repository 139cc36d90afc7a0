"""What words mean, as vectors: words used in the same company lie near each other ('벌금', '과태료').

Kiwi's own language model knows some 70,000 Korean words but tells only how alike two of them are. Their likeness to a
few hundred fixed words is enough to find each one's place (Nyström's method: Williams & Seeger 2001). From the places
the mean and the strongest common directions are taken away (Mu & Viswanath 2018): in them rare words are all alike.
No data but Kiwi's is needed, and nothing leaves the machine.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from agent_assist.korean import Analyser

Floats: TypeAlias = NDArray[np.float32]

ANCHORS: Final = 320
"""The words from which all others are measured; the model's own space has 256 directions."""
SIZE: Final = 128
"""Directions that are kept."""
_COMMON: Final = 2
"""Strongest directions taken away."""
_KEPT: Final = 20_000
"""Vectors of callers' words that are remembered."""
_TAGS: Final = {"n": ("NNG", "NNP", "XR", "MAG"), "v": ("VV", "VA", "VV-R", "VV-I", "VA-R", "VA-I")}
"""First letter of a term -> what it may be, the likeliest first."""


class Meaning:
    """One for the process: it depends on nothing but Kiwi's model. Any thread."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self._anchors = analyser.anchors(ANCHORS)
        likeness = np.array([analyser.likeness(anchor, self._anchors) or () for anchor in self._anchors], np.float64)
        np.fill_diagonal(likeness, 1.0)
        values, directions = np.linalg.eigh((likeness + likeness.T) / 2)
        sound = values > values.max() * 1e-4
        root = directions[:, sound] / np.sqrt(values[sound])
        places = likeness @ root
        places /= np.linalg.norm(places, axis=1, keepdims=True)
        mean = places.mean(axis=0)
        _, _, axes = np.linalg.svd(places - mean, full_matrices=False)
        kept = axes[_COMMON : _COMMON + SIZE].T
        self._root = root.astype(np.float32)
        self._mean = mean.astype(np.float32)
        self._axes = kept.astype(np.float32)
        self.of = lru_cache(maxsize=_KEPT)(self.place)

    def place(self, term: str) -> Floats | None:
        """The unit vector of a term ('n등본', 'v떼'); None for what Kiwi does not know. ``of`` is the same, cached."""
        for tag in _TAGS.get(term[:1], ()):
            likeness = self._analyser.likeness((term[1:], tag), self._anchors)
            if likeness is not None:
                place = np.array(likeness, np.float32) @ self._root
                place = (place / max(float(np.linalg.norm(place)), 1e-6) - self._mean) @ self._axes
                return np.asarray(place / max(float(np.linalg.norm(place)), 1e-6), np.float32)
        return None


@lru_cache(maxsize=2)
def meaning(analyser: Analyser) -> Meaning:
    """The process's one, made at the first call (a tenth of a second)."""
    return Meaning(analyser)
