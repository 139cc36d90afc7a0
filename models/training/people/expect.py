"""What to expect of so many hours, and what they cost: said before it starts. Pure.

Ten to sixty minutes were measured here (docs/tuning.md); more is from what others report of Korean speech: Kaldi's
recipe for Zeroth (51 h of reading, TDNN: 18.1 % of the words wrong with a small language model, 11.3 % with a large
one) and ESPnet's for KsponSpeech (969 h of free talk, a Conformer of 112 M parameters: 8.7 % of the characters wrong,
21.7 % of the words).
"""

from __future__ import annotations

from typing import Final

import msgspec

_EXPECTED: Final = (
    (0.5, "10 to 30 minutes: most of the gain that an hour brings, and still two of three characters wrong"),
    (3.0, "about an hour: some 60 to 68 of 100 characters wrong for people it never heard (94 before); not readable"),
    (30.0, "about ten hours: not measured here; from reports on other languages some 30 to 45 of 100 wrong"),
    (300.0, "about a hundred hours of your own callers: in reach of 15 to 25 of 100; 51 h of reading gave 5 to 8"),
    (
        1e9,
        "about a thousand hours: 9 of 100 in free talk with a network a hundred times this one's size; this one: more",
    ),
)
FIRST: Final = (
    "What pays first: text of your domain (--text, `minwon models adapt --kb`: 2 to 3 points without any recording), "
    "then closed tasks (menus, yes and no, departments as a run-time grammar), then recordings."
)
_AUDIO_MB: Final = 21.0
"""Packed, an hour."""
_FEATURES_MB: Final = 29.0
"""An hour and copy."""
_READ_RATE: Final = 200.0
"""Seconds of speech that a core reads and packs in one."""
_ALIGN_RATE: Final = 350.0
_COPY_RATE: Final = 90.0
_CORE_FRAMES: Final = 9000.0
"""Output frames a second that a core trains, network twice as wide as the bundled one's."""
_GPU_FRAMES: Final = 120_000.0
_MEASURE_S: Final = 240.0


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Of a tuning."""

    read_s: float
    align_s: float
    copies_s: float
    network_s: float
    measure_s: float
    disk_mb: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.read_s + self.align_s + self.copies_s + self.network_s + self.measure_s


def cost(hours: float, copies: int, steps: int, frames: int, *, jobs: int, gpu: bool) -> Cost:
    """Projected; ``frames`` are output frames in a batch of people's speech (a third as many synthetic ones beside)."""
    seconds = 3600 * hours
    return Cost(
        read_s=5 + seconds / (_READ_RATE * jobs),
        align_s=20 + 10 * min(seconds, 10_800) / (_ALIGN_RATE * jobs) + seconds / (_ALIGN_RATE * jobs),
        copies_s=5 + copies * seconds / (_COPY_RATE * jobs),
        network_s=60 + steps * frames * 4 / 3 / (_GPU_FRAMES if gpu else _CORE_FRAMES * jobs),
        measure_s=_MEASURE_S,
        disk_mb=hours * (_AUDIO_MB + copies * _FEATURES_MB) + 300,
    )


def steps_for(hours: float) -> int:
    """Steps of training: an hour needs 4,000, a thousand a hundred thousand."""
    return int(min(100_000, 4000 * max(1.0, hours) ** 0.5))


def expectation(hours: float) -> str:
    """One honest sentence."""
    return next(words for limit, words in _EXPECTED if hours <= limit)
