"""The figures on a model's card, as ``models.training`` wants them: it builds models, but cannot decode.

``for_card`` is what a build is given (``models.training.card.Measure``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.errors import EnvironmentFault
from models import shelf
from models.shelf import ModelInfo
from models.training.card import Figure, Figures
from server.measuring import people, sets
from server.measuring.channels import MIXED
from server.measuring.measure import Measured, Task, cores, measured
from server.measuring.scores import Score

_SETS: Final = ("heldout", "handwritten", "blind", "blind2", "sealed")
TASKS: Final = (
    *(Task(set=name) for name in _SETS),
    *(Task(set=name, respelled=True) for name in _SETS),
    Task(voices="seen"),
    *(Task(channel=channel) for channel in ("call", f"{MIXED}-20", f"{MIXED}-10")),
)
SMOKE: Final = (Task(voices="seen", limit=12),)
"""Of a build that only shows that the chain holds: voices that it knows."""


def for_card(folder: Path, quickly: bool) -> Figures:
    """Two minutes on two cores; ``quickly``: some seconds. Raises as ``measured`` does."""
    model = shelf.find(str(folder))
    if quickly:
        return Figures(rows=tuple(_rows(measured(model, SMOKE))))
    found = measured(model, TASKS, trials=cores())
    return Figures(people=tuple(_people(model)), rows=tuple(_rows(found)))


def _rows(found: Measured) -> Iterator[Figure]:
    for row in found.rows:
        yield Figure(what=f"{row.task} ({sets.load(row.task.set).what})", value=_told(row.score))
    audio_s, cpu_s = sum(row.audio_s for row in found.rows), sum(row.cpu_s for row in found.rows)
    yield Figure(what="real-time factor of one core", value=f"{cpu_s / audio_s:.3f}")
    yield Figure(what="load", value=f"{found.load_s:.2f} s")
    yield Figure(what="memory of a worker", value=f"{found.memory_mb} MiB")


def _people(model: ModelInfo) -> Iterator[Figure]:
    try:
        found = [people.heard(model, corpus) for corpus in people.corpora()]
    except EnvironmentFault:  # without the packages that read sound files; a build has them
        return
    for each in found:
        value = _told(each.score) if each.score.sentences else f"{each.keywords:.0f} % of the keywords heard"
        yield Figure(what=f"{each.corpus} ({each.what})", value=value)


def _told(score: Score) -> str:
    right = f"{score.exact:.0f} % of {score.sentences} sentences without an error"
    return f"CER {score.cer:.1f} %, WER {score.wer:.1f} %, {right}"
