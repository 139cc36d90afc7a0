"""The figures and plots of a model that was measured."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from server.bench.recognition_figures import TASKS, figures
from server.bench.recognition_plots import by_noise, by_voice
from server.measuring.measure import Measured, Row, Task
from server.measuring.scores import Score


def measured(cer: float, **more: float) -> Measured:
    """Every task at one rate, sets and channels by name at another."""

    def row(task: Task) -> Row:
        rate = more.get(task.channel.replace("-", "_"), more.get(task.set if task.set != "heldout" else "", cer))
        score = Score(sentences=10, exact_sentences=5, letters=1000, wrong_letters=round(10 * rate), words=300)
        return Row(task=task, score=score, audio_s=100.0, cpu_s=1.0)

    return Measured(model="m", rows=tuple(row(task) for task in TASKS), load_s=0.1, memory_mb=100)


def test_a_good_model_is_inside_every_bound() -> None:
    found = list(figures(measured(0.8, sealed=3.0)))
    assert [figure.name for figure in found if figure.inside is False] == []
    assert {figure.name: figure.value for figure in found}["sealed: CER"] == 3.0


@pytest.mark.parametrize(
    ("rates", "missed"),
    [
        ({"sealed": 9.0}, ["sealed: CER"]),
        ({"white_20": 9.0}, ["heldout, noise 20 dB below the voice: CER"]),
        ({"white_10": 90.0}, ["heldout, noise 10 dB below the voice: CER"]),
    ],
)
def test_a_bound_that_is_missed_is_named(rates: dict[str, float], missed: list[str]) -> None:
    assert [figure.name for figure in figures(measured(0.8, **rates)) if figure.inside is False] == missed


def test_plots() -> None:
    found = measured(0.8, mixed_0=40.0)
    for picture in (by_noise(found), by_voice(found)):
        ElementTree.fromstring(picture)
    assert "50 %" in by_noise(found)
    assert "anika: 0.80 %" in by_voice(found)


def test_no_task_is_measured_twice() -> None:
    assert len(set(TASKS)) == len(TASKS)
