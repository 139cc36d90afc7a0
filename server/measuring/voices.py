"""Who reads the test sentences: espeak-ng's voice variants, each at its own speed and pitch. Seeded.

A *measuring build* of a model is trained without the voices of ``HELD_OUT``: only its figures in these voices tell how
it hears strangers. A shipped model has heard all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from core.errors import BadInput
from core.spoken import Voice
from models.training.sound.voices import ALL, HELD_OUT

SEEN: Final = tuple(variant for variant in ALL if variant not in HELD_OUT)
SPEEDS: Final = (110, 225)
PITCHES: Final = (10, 91)
STEADY: Final = (130, 160, 200)
"""Speeds at which a voice is measured alone."""
_SEED: Final = 4321


def named(voices: str) -> tuple[str, ...]:
    """The variants of 'held out', of 'seen', or one variant alone. ``BadInput`` for others."""
    groups = {"held out": HELD_OUT, "seen": SEEN}
    if voices not in groups and voices not in ALL:
        raise BadInput(f"there is no voice '{voices}'; there are: held out, seen, {', '.join(filter(None, ALL))}")
    return groups.get(voices, (voices,))


def readers(voices: str, count: int) -> list[Voice]:
    """Who says the first, second ... sentence: always the same for the same arguments."""
    variants = named(voices)
    if len(variants) == 1:
        return [Voice(variant=variants[0], speed=STEADY[number % len(STEADY)]) for number in range(count)]
    return [_drawn(variants, number) for number in range(count)]


def _drawn(variants: Sequence[str], number: int) -> Voice:
    rng = np.random.default_rng([_SEED, number])
    return Voice(
        variant=variants[int(rng.integers(len(variants)))],
        speed=int(rng.integers(*SPEEDS)),
        pitch=int(rng.integers(*PITCHES)),
    )
