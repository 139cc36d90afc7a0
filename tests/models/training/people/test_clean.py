"""Which clips are left out and why, and who is held out."""

from __future__ import annotations

import numpy as np
import pytest

from models.training.people import clean, split
from models.training.people.clean import Report, Sound

GOOD = {"seconds": 2.0, "rate": 16_000, "rms_dbfs": -25.0, "clipped": 0.0}


@pytest.mark.parametrize(
    ("changed", "words", "reason"),
    [
        ({}, "안녕하세요 여보세요", None),
        ({"rate": 6000}, "네", "rate below 8 kHz"),
        ({"seconds": 0.2}, "네", "shorter than 0.3 s"),
        ({"seconds": 25.0}, "네" * 100, "longer than 20 s"),
        ({"rms_dbfs": -70.0}, "안녕하세요", "silence"),
        ({"clipped": 0.05}, "안녕하세요", "clipped"),
        ({}, "가" * 23, "too many words for its length"),
        ({"seconds": 10.0}, "네", "too few words for its length"),
    ],
)
def test_faults(changed: dict[str, float], words: str, reason: str | None) -> None:
    """The first rule that is broken is the reason."""
    assert clean.fault(words, Sound(**{**GOOD, **changed})) == reason  # type: ignore[arg-type]


def test_measured() -> None:
    """Power, and the share at full scale."""
    tone = np.sin(np.arange(8000)).astype(np.float32)
    found = clean.measured(np.concatenate([0.1 * tone, np.ones(80, np.float32)]), 8000)
    assert found.seconds == pytest.approx(1.01)
    assert found.rms_dbfs == pytest.approx(-18.2, abs=0.5)
    assert found.clipped == pytest.approx(80 / 8080)
    assert clean.measured(np.zeros(0, np.float32), 8000).rms_dbfs == pytest.approx(-120)


def test_outliers() -> None:
    """A clip that says something else stands far below; those without an alignment don't move the limit."""
    scores = [-100.0 + at % 5 for at in range(200)] + [-np.inf]
    assert -110 < clean.outliers(scores) < -100
    assert clean.outliers([]) == -np.inf


def test_report() -> None:
    """Hours kept, and for every reason how many, how long and some names."""
    report = Report()
    report.keep(7200)
    for name in "abcd":
        report.leave_out("silence", name, 30)
    report.leave_out("digits", "e")
    first, second, third = report.lines()
    assert first == "kept 1 of 6 recordings, 2.0 h"
    assert second.strip() == "left out 4 (2.0 min): silence; e.g. a, b, c"
    assert third.strip() == "left out 1 (0.0 min): digits; e.g. e"


def test_every_fourth_speaker_is_held_out() -> None:
    """By name, whatever the order."""
    chosen = split.split(dict.fromkeys("hgfedcba", 5))
    assert chosen.speakers == {"d", "h"}
    assert chosen.held_out("d", 0) and not chosen.held_out("a", 9)
    assert "2 of 8 speakers" in chosen.said()
    assert len(split.split({str(at): 1 for at in range(2000)}).speakers) <= split.MOST


def test_one_speaker() -> None:
    """Clips are held out instead, and that is said."""
    alone = split.split({"": 40})
    assert sum(alone.held_out("", at) for at in range(40)) == 4
    assert "easier" in alone.said()
