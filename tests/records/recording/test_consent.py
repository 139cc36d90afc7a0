"""When a call is recorded: every rule, and every step from every stage."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest

from core.config import RecordingConfig
from core.errors import IllegalStep
from core.events import CallWay
from records.recording.consent import Stage, Step, after, possible, rule_for


@pytest.mark.parametrize(
    ("config", "called", "queue", "way", "rule"),
    [
        (RecordingConfig(), "120", "", "bridge", "never"),
        (RecordingConfig(start="always"), "120", "", "bridge", "always"),
        (RecordingConfig(start="consent"), "120", "tax", "bridge", "consent"),
        (RecordingConfig(start="agent"), "120", "", "bridge", "agent"),
        (RecordingConfig(start="always", never_numbers=("1393",)), "1393", "", "bridge", "never"),
        (RecordingConfig(start="agent", never_queues=("care",)), "120", "care", "bridge", "never"),
        (RecordingConfig(start="always", never_queues=("care",)), "120", "tax", "bridge", "always"),
        (RecordingConfig(start="always"), "120", "", "recording", "never"),
        (RecordingConfig(start="always", observed=True), "120", "", "fork", "always"),
        (RecordingConfig(start="consent", observed=True), "120", "", "fork", "never"),
    ],
)
def test_rules(config: RecordingConfig, called: str, queue: str, way: CallWay, rule: str) -> None:
    assert rule_for(config, called=called, queue=queue, way=way) == rule


def test_every_step_from_every_stage() -> None:
    for stage, step in itertools.product(Stage, get_args(Step)):
        if possible(stage, step):
            assert after(stage, step) in Stage
        else:
            with pytest.raises(IllegalStep):
                after(stage, step)


def test_a_pause_is_no_end_and_an_end_is_no_pause() -> None:
    assert after(after(Stage.RECORDING, "pause"), "resume") is Stage.RECORDING
    assert not possible(Stage.OVER, "resume")
    assert not possible(Stage.IDLE, "pause")
    assert after(Stage.OVER, "start") is Stage.RECORDING  # another recording of the same call
