"""How much a corpus holds, before it is read: a few of its files are looked into."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from core.errors import BadInput
from models.training.people import readers
from models.training.people.clip import Clip, samples

_LOOKED_INTO: Final = 60


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """Roughly."""

    clips: int
    hours: float


def size(speech: Path) -> Size:
    """Count the recordings and take the mean length of some. Raises ``BadInput`` as ``readers.clips`` does."""
    count = sum(1 for _ in readers.clips(speech))
    every = max(1, count // _LOOKED_INTO)
    lengths = [length for clip in islice(readers.clips(speech), 0, None, every) if (length := _seconds(clip))]
    return Size(clips=count, hours=count * sum(lengths) / max(1, len(lengths)) / 3600)


def _seconds(clip: Clip) -> float:
    try:
        sound, rate = samples(clip)
    except BadInput:
        return 0.0
    return len(sound) / rate
