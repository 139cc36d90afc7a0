"""The desk's part of recordings: whether the call on the desk is recorded, and the key that pauses it.

=====  ==================================  ==========================================================================
POST   ``/desk/api/calls/ID/recording``    ``RecordingStep``: start, pause, resume, stop; 204, or 409 with the reason:
                                           'not_your_call', 'never_recorded', 'no_pause', 'no_step', 'not_recorded'
=====  ==================================  ==========================================================================

How it goes comes back as ``RecordingChanged``; ``Hello.recording`` tells the rule of the house.
"""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from core.agent import Agent

Step = Literal["start", "pause", "resume", "stop"]


class RecordingRule(msgspec.Struct, frozen=True, kw_only=True):
    """When calls are recorded here."""

    start: Literal["off", "always", "consent", "agent"] = "off"
    """As ``recording.start``; 'off' = the desk says nothing of recordings."""
    pause: bool = False
    """She may pause and resume."""


class RecordingStep(msgspec.Struct, frozen=True, kw_only=True):
    """What she wishes."""

    step: Step
    """What."""


class DeskRecording(Protocol):
    """What the desk needs of the house for recordings."""

    @property
    def recording_rule(self) -> RecordingRule:
        """When calls are recorded here."""

    async def record(self, call_id: str, agent: Agent, step: Step) -> None:
        """She starts, pauses, resumes or stops the recording of her call; a supervisor of any call."""
