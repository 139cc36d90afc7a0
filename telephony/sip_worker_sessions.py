"""What the switchboard needs of others who carry calls in the same worker: recording sessions (RFC 7866)."""

from __future__ import annotations

from typing import Protocol

from telephony import wire


class Sessions(Protocol):
    """Calls that are not telephone calls. ``Switchboard.add`` makes them known."""

    @property
    def idle(self) -> bool:
        """No session is left."""

    @property
    def legs_to_come(self) -> int:
        """Slots that they may still need beyond those in use."""

    def knows(self, sip_call_id: str) -> bool:
        """Whether that dialog is, or was a moment ago, one of theirs."""

    def obey(self, order: wire.AboutCall) -> bool:
        """Carry out an order for one of their calls; False: it is none of theirs."""

    def running(self, silent_s: float) -> tuple[wire.RunningCall, ...]:
        """Those that went on without a node."""

    def node_went(self) -> None:
        """Nobody decides any more."""

    def hang_up_all(self) -> None:
        """End every session."""
