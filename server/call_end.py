"""Why a call ends: the first reason is the true one. Pure."""

from __future__ import annotations

from typing import Final

from core.events import EndReason
from telephony.contract import LegEnded

_AT_ONCE: Final[dict[str, EndReason]] = {
    "worker_lost": "worker_lost",
    "handed_on": "handed_on",
    "source": "source_ended",
}
"""What the telephone says for certain."""


class CallEnd:
    """For one call. Who else than the caller leaves it ends it only if nobody takes the place."""

    def __init__(self) -> None:
        self.status = 0
        """SIP status of the caller's leg."""
        self._reason: EndReason | None = None
        self._if_over: EndReason | None = None

    @property
    def reason(self) -> EndReason:
        """Why it ended, as far as anybody said."""
        return self._reason or "failed"

    def because(self, reason: EndReason) -> None:
        """It ends for that reason, unless there was one before."""
        self._reason = self._reason or reason

    def goes_on(self) -> None:
        """Somebody has taken the place of the one who left."""
        self._if_over = None

    def leg_ended(self, leg: LegEnded, *, joined: bool) -> None:
        """A leg is over; ``joined``: the caller has talked with somebody."""
        if leg.reason in _AT_ONCE:
            self.because(_AT_ONCE[leg.reason])
        elif leg.reason in ("no_media", "expired"):
            self._if_over = self._if_over or "no_media"
        elif leg.by_peer and leg.speaker == "caller":
            self.because("caller_hung_up")
        elif leg.by_peer and joined:
            self._if_over = self._if_over or "agent_hung_up"
        if leg.speaker == "caller":
            self.status = leg.status
            if self._if_over is not None:
                self.because(self._if_over)
