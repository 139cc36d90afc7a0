"""How a caller is passed on, as a table: rules only, no clock, no telephone (``server.passing_on`` carries them out).

blind (at once):       ringing ------------- answered --> done
                          |------- missed, back --> recalling --agent_back--> returned
                                                        |------agent_gone--> failed   (the queue, see callflow)
consult (asked first): consulting -- answered --> talking -- connect --> done
                          |  |                      |  |---- join ----> conference -- connect --> done
                          |  |- missed --> returned |  |---- back, third_left --> cancelled  (also of a conference)
                          |- agent_left --> ringing
refer (the exchange):  referring -- answered --> done, missed --> returned
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal

import msgspec

from core.errors import IllegalStep
from core.events import TransferChanged, TransferKind, TransferState

TransferEvent = Literal[
    "answered",
    "missed",
    "connect",
    "join",
    "back",
    "agent_left",
    "third_left",
    "agent_back",
    "agent_gone",
    "caller_left",
]
"""'connect', 'join' and 'back' are the agent's wishes; the others come from the telephone."""


class Stage(StrEnum):
    """Where a transfer is."""

    RINGING = "ringing"
    """The third's phone rings for the caller; the agent is out of the call."""
    CONSULTING = "consulting"
    """The third's phone rings for the agent; the caller is on hold."""
    REFERRING = "referring"
    """The exchange has been asked to take the call over; the agent still has the caller."""
    TALKING = "talking"
    """Agent and third talk; the caller is on hold."""
    CONFERENCE = "conference"
    """All three hear each other."""
    RECALLING = "recalling"
    """The agent's phone rings again for her own caller."""
    DONE = "done"
    """The caller is with the third."""
    RETURNED = "returned"
    """Nobody answered: the caller is with the agent."""
    CANCELLED = "cancelled"
    """The third is gone: caller and agent talk."""
    FAILED = "failed"
    """The caller is with nobody."""


_S = Stage
_OVER: Final[dict[TransferEvent, Stage]] = {"caller_left": _S.FAILED}
STEPS: Final[dict[Stage, dict[TransferEvent, Stage]]] = {
    _S.RINGING: {"answered": _S.DONE, "missed": _S.RECALLING, "back": _S.RECALLING, **_OVER},
    _S.CONSULTING: {
        "answered": _S.TALKING,
        "missed": _S.RETURNED,
        "back": _S.CANCELLED,
        "agent_left": _S.RINGING,
        **_OVER,
    },
    _S.REFERRING: {"answered": _S.DONE, "missed": _S.RETURNED, **_OVER},
    _S.TALKING: {
        "connect": _S.DONE,
        "join": _S.CONFERENCE,
        "back": _S.CANCELLED,
        "third_left": _S.CANCELLED,
        **_OVER,
    },
    _S.CONFERENCE: {
        "connect": _S.DONE,
        "back": _S.CANCELLED,
        "third_left": _S.CANCELLED,
        **_OVER,
    },
    _S.RECALLING: {"agent_back": _S.RETURNED, "agent_gone": _S.FAILED, **_OVER},
    _S.DONE: {},
    _S.RETURNED: {},
    _S.CANCELLED: {},
    _S.FAILED: {},
}
"""stage -> event -> stage. What is missing cannot happen: a wish of the agent is refused, anything else is a bug."""

_TOLD: Final[dict[Stage, TransferState]] = {
    _S.RINGING: "ringing",
    _S.CONSULTING: "ringing",
    _S.REFERRING: "ringing",
    _S.TALKING: "talking",
    _S.CONFERENCE: "conference",
    _S.RECALLING: "returned",
    _S.DONE: "done",
    _S.RETURNED: "returned",
    _S.CANCELLED: "cancelled",
    _S.FAILED: "failed",
}
WITHOUT_AGENT: Final = frozenset({_S.RINGING, _S.RECALLING})
"""The agent's leg is over, and she may still get her caller back."""


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """One caller being passed on. Changed by ``step`` alone."""

    transfer_id: str
    """'transfer-1' within its call."""
    kind: TransferKind
    stage: Stage
    to: str
    """The number that is called."""
    name: str
    by: str
    """The agent's id."""
    agent_id: str = ""
    """The colleague's, '' = no colleague."""
    reason: str = ""

    @property
    def over(self) -> bool:
        """Nothing can happen to it any more."""
        return not STEPS[self.stage]

    def event(self) -> TransferChanged:
        """As the house is told."""
        return TransferChanged(
            transfer_id=self.transfer_id,
            kind=self.kind,
            state=_TOLD[self.stage],
            to=self.to,
            name=self.name,
            by=self.by,
            reason=self.reason,
        )


def step(transfer: Transfer, event: TransferEvent, reason: str = "") -> Transfer:
    """The transfer after the event; ``reason`` stays once it is given. Raises ``IllegalStep``."""
    stage = STEPS[transfer.stage].get(event)
    if stage is None:
        raise IllegalStep("transfer", transfer.stage.value, event)
    return msgspec.structs.replace(transfer, stage=stage, reason=reason or transfer.reason)


def possible(transfer: Transfer, event: TransferEvent) -> bool:
    """Whether that may happen now."""
    return event in STEPS[transfer.stage]
