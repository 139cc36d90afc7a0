"""espeak-ng's voice variants: those that a model learns from, and those that a measuring build never hears."""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np

HELD_OUT: Final = ("m2", "m7", "f4", "klatt3", "anika", "Alex", "steph2", "edward", "linda", "max")
"""Kept out of a build with ``--hold-out-voices``: all figures of held-out voices are theirs."""
_COMMON: Final = ("", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5")
"""The plainest voices: more than half of what is spoken. '' = the voice without a variant."""
_OTHER: Final = tuple(
    """
    klatt klatt2 klatt3 klatt4 klatt5 klatt6 Alex Alicia Andrea Andy Annie Denis Diogo Gene Gene2 Henrique Hugo Jacky
    Lee Marco Mario Michael Mike Nguyen Storm adam anika announcer antonio aunty belinda benjamin boris caleb david ed
    edward edward2 grandma grandpa gustave iven iven2 iven3 john kaukovalta linda marcelo max michel miguel norbert
    pablo paul pedro quincy rob robert sandro shelby steph steph2 steph3 travis victor zac
    """.split()  # noqa: SIM905 - one a line would fill the screen
)
ALL: Final = (*_COMMON, *_OTHER)
"""Every variant, in the order in which shards number them."""
SEEN: Final = tuple(name for name in ALL if name not in HELD_OUT)
_COMMON_SHARE: Final = 0.5


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How a sentence is spoken."""

    variant: str = ""
    """One of ``ALL``."""
    speed: int = 160
    """Words a minute, 80..450."""
    pitch: int = 50
    """0..99."""
    pitch_range: int = 50
    """0..99; a low one is a dull melody."""

    @property
    def voice(self) -> str:
        """espeak-ng's name of it."""
        return f"ko+{self.variant}" if self.variant else "ko"


def draw(rng: np.random.Generator) -> Manner:
    """Somebody at random."""
    group = _COMMON if rng.random() < _COMMON_SHARE else _OTHER
    return Manner(
        variant=group[rng.integers(len(group))],
        speed=int(rng.integers(105, 235)),
        pitch=int(rng.integers(5, 95)),
        pitch_range=int(rng.integers(15, 95)),
    )
