"""Which parts of a recording are silent, and why. Pure: seconds in, seconds out.

Words' times are an engine's guess, good to about a tenth of a second, and a voice that was cut in the middle of a
syllable can still be read: so a personal number is silenced with a margin, on both legs, for a headset's echo carries
it across.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from core.audio import RATE
from core.store.recordings import Silence, SilenceCause
from records.recording.timeline import Stereo

MARGIN_S: Final[dict[SilenceCause, float]] = {"number": 0.25, "keys": 0.0, "paused": 0.0, "hold": 0.0}
"""Before and after."""
_ORDER: Final[tuple[SilenceCause, ...]] = ("number", "keys", "paused", "hold")


def planned(parts: Iterable[Silence], *, offset_s: float, seconds: float) -> tuple[Silence, ...]:
    """What of a call's silent ``parts`` (seconds since the call began) lies in a file that begins ``offset_s`` later:
    in the file's own time, with margins, in order; of one cause none touch each other."""
    found: list[Silence] = []
    for why in _ORDER:
        margin = MARGIN_S[why]
        spans = sorted(
            (max(0.0, part.start - margin - offset_s), min(seconds, part.end + margin - offset_s))
            for part in parts
            if part.why == why
        )
        merged: list[tuple[float, float]] = []
        for start, end in spans:
            if start >= end:
                continue
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], end))
            else:
                merged.append((start, end))
        found += [Silence(start=round(start, 3), end=round(end, 3), why=why) for start, end in merged]
    return tuple(sorted(found, key=lambda part: (part.start, part.end)))


def silence(block: Stereo, at_s: float, parts: Iterable[Silence]) -> None:
    """Set these parts of a block that begins at ``at_s`` of the file to nothing at all, both legs."""
    for part in parts:
        begin = max(0, int(np.floor((part.start - at_s) * RATE)))
        end = min(len(block), int(np.ceil((part.end - at_s) * RATE)))
        if begin < end:
            block[begin:end] = 0
