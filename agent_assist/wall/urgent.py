"""What a supervisor must see at once, and what may wait for the next second. Pure.

Words, places in the queue and sound come in a stream and are told once a second; who needs help, who became free and
who has come into a call is told as it happens.
"""

from __future__ import annotations

from typing import Final

from core.events import (
    AgentStateChanged,
    AlarmCleared,
    AlarmRaised,
    AlertChanged,
    CallEnded,
    CallJoined,
    Event,
    IssueChanged,
    NoteSent,
    SupervisionChanged,
)

AT_ONCE: Final = (
    AgentStateChanged,
    AlarmCleared,
    AlarmRaised,
    AlertChanged,
    CallEnded,
    CallJoined,
    IssueChanged,
    NoteSent,
    SupervisionChanged,
)
GATHER_S: Final = 0.05
"""So long more of the kind is gathered before it is told: thirty agents who come back from lunch are one message."""


def is_urgent(event: Event) -> bool:
    """Whether the walls are told at once."""
    return isinstance(event, AT_ONCE)
