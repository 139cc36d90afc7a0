"""Which recordings are good enough to learn from, and a report of the others. Pure.

A clip whose words do not fit its sound teaches the wrong thing, so doubtful ones are left out; on real corpora that is
a few per cent of the hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

import msgspec
import numpy as np

from models.training.people.clip import Floats
from models.training.people.transcript import Reason as TextReason

Reason = TextReason | Literal[
    "unreadable file", "rate below 8 kHz", "shorter than 0.3 s", "longer than 20 s", "too many words for its length",
    "too few words for its length", "silence", "clipped", "does not fit its words",
]  # fmt: skip

SHORTEST_S: Final = 0.3
LONGEST_S: Final = 20.0
FASTEST: Final = 11.0
"""Syllables a second: a hasty reader reaches 8, nobody says more than 10 over a sentence."""
SLOWEST: Final = 0.7
SILENT_DBFS: Final = -60.0
CLIPPED_SHARE: Final = 0.01
"""Of all samples at full scale."""
_EXAMPLES: Final = 3
OUTLIER: Final = 4.0
"""Standard deviations below the corpus's mean score a frame: somebody says something else."""


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """What is measured of a recording."""

    seconds: float
    rate: int
    rms_dbfs: float
    clipped: float
    """Share of samples."""


def measured(samples: Floats, rate: int) -> Sound:
    """Figures of mono samples in -1..1."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
    return Sound(
        seconds=len(samples) / rate,
        rate=rate,
        rms_dbfs=10 * float(np.log10(power + 1e-12)),
        clipped=float(np.mean(np.abs(samples) > 0.999)) if len(samples) else 0.0,
    )


def fault(words: str, sound: Sound) -> Reason | None:
    """Why the clip is left out; None: it is kept. ``words`` as ``transcript.spoken`` gives them."""
    syllables = len(words.replace(" ", ""))
    rules: tuple[tuple[bool, Reason], ...] = (
        (sound.rate < 8000, "rate below 8 kHz"),
        (sound.seconds < SHORTEST_S, "shorter than 0.3 s"),
        (sound.seconds > LONGEST_S, "longer than 20 s"),
        (sound.rms_dbfs < SILENT_DBFS, "silence"),
        (sound.clipped > CLIPPED_SHARE, "clipped"),
        (syllables > FASTEST * sound.seconds, "too many words for its length"),
        (syllables < SLOWEST * sound.seconds, "too few words for its length"),
    )
    return next((reason for wrong, reason in rules if wrong), None)


def outliers(scores: Iterable[float]) -> float:
    """The alignment score (mean log density of a frame) below which a clip does not fit its words."""
    found = np.array([score for score in scores if np.isfinite(score)])
    return float(found.mean() - OUTLIER * found.std()) if len(found) else -np.inf


class Report(msgspec.Struct, kw_only=True):
    """How much was kept and why the rest was not; grows as clips go by."""

    kept: int = 0
    kept_s: float = 0.0
    left_out: dict[Reason, int] = {}
    left_out_s: dict[Reason, float] = {}
    examples: dict[Reason, list[str]] = {}

    def keep(self, seconds: float) -> None:
        """Count a clip that is learnt from."""
        self.kept += 1
        self.kept_s += seconds

    def leave_out(self, reason: Reason, name: str, seconds: float = 0.0) -> None:
        """Count one that is not."""
        self.left_out[reason] = self.left_out.get(reason, 0) + 1
        self.left_out_s[reason] = self.left_out_s.get(reason, 0.0) + seconds
        examples = self.examples.setdefault(reason, [])
        if len(examples) < _EXAMPLES:
            examples.append(name)

    def lines(self) -> list[str]:
        """For people."""
        total = self.kept + sum(self.left_out.values())
        said = [f"kept {self.kept:,} of {total:,} recordings, {_hours(self.kept_s)}"]
        for reason, count in sorted(self.left_out.items(), key=lambda item: -item[1]):
            said.append(
                f"  left out {count:,} ({_hours(self.left_out_s[reason])}): {reason}; "
                f"e.g. {', '.join(self.examples[reason])}"
            )
        return said


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.1f} min"
