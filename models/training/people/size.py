"""How long a corpus is, before it is read: a few of its files are looked into."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Final

from core.errors import BadInput
from models.training.people import readers
from models.training.people.clip import Clip, samples

_LOOKED_INTO: Final = 60


def hours_of(speech: Path, clips: int) -> float:
    """Roughly: the mean length of some of its so many ``clips``.

    Raises ``BadInput`` as ``readers.clips`` does, and where none of them can be heard.
    """
    every = max(1, clips // _LOOKED_INTO)
    lengths = [length for clip in islice(readers.clips(speech), 0, None, every) if (length := _seconds(clip))]
    if not lengths:
        raise BadInput(f"none of the recordings in {speech} can be read; are they beside their texts or labels?")
    return clips * sum(lengths) / len(lengths) / 3600


def _seconds(clip: Clip) -> float:
    try:
        sound, rate = samples(clip)
    except BadInput:
        return 0.0
    return len(sound) / rate
