"""Whether a call is recorded, and what may be done about it: the rule of the configuration, and a small table.

Recording is an intrusion: where the rule does not speak, it does not happen. Pure.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal

from core.config import RecordingConfig
from core.errors import IllegalStep
from core.events import CallWay

Rule = Literal["never", "always", "consent", "agent"]


def rule_for(config: RecordingConfig, *, called: str, queue: str, way: CallWay) -> Rule:
    """What holds for a call to ``called`` whose caller waits, or waited, in ``queue`` ('' = none)."""
    if config.start == "off" or called in config.never_numbers or (queue and queue in config.never_queues):
        return "never"
    if way != "bridge":  # nothing can be said to them, so they cannot be asked
        return "always" if config.observed and config.start == "always" else "never"
    return config.start


class Stage(Enum):
    """How far one call's recording is."""

    IDLE = "idle"
    RECORDING = "recording"
    PAUSED = "paused"
    OVER = "over"


Step = Literal["start", "pause", "resume", "stop", "fail"]
_TABLE: Final[dict[tuple[Stage, Step], Stage]] = {
    (Stage.IDLE, "start"): Stage.RECORDING,
    (Stage.RECORDING, "pause"): Stage.PAUSED,
    (Stage.PAUSED, "resume"): Stage.RECORDING,
    (Stage.RECORDING, "stop"): Stage.OVER,
    (Stage.PAUSED, "stop"): Stage.OVER,
    (Stage.RECORDING, "fail"): Stage.OVER,
    (Stage.PAUSED, "fail"): Stage.OVER,
    (Stage.OVER, "start"): Stage.RECORDING,
}


def possible(stage: Stage, step: Step) -> bool:
    """Whether the table knows it."""
    return (stage, step) in _TABLE


def after(stage: Stage, step: Step) -> Stage:
    """The next stage. ``IllegalStep`` where the table knows none."""
    try:
        return _TABLE[stage, step]
    except KeyError:
        raise IllegalStep("recording", stage.value, step) from None
