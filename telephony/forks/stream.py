"""One stream of an exchange, whatever carries it: what its reader tells goes to its call, within limits.

An exchange is never made to wait: everything is read as it comes. What is more than a voice can be is dropped, and a
stream that goes on so is ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from core import metrics
from core.errors import MinwonError, Refused
from core.log import get_logger
from telephony.forks.allowance import Allowance
from telephony.forks.call import ForkCall, Why
from telephony.forks.joining import Joining
from telephony.forks.linear import Doubt
from telephony.forks.said import Dialect, Ended, Opened, Pressed, Said, Voice
from telephony.forks.sound import Sounds

log = get_logger("telephony.forks")

HELLO_S: Final = 5.0
"""A stream that has not said by then whose voice it brings is ended."""
IDLE_S: Final = 60.0
"""A stream without a whole message for so long has broken off; half ones do not count."""
FLOOD_FRAMES: Final = 500
"""Frames above ``track.AHEAD_S`` after which a stream is ended: 10 s ..."""
FORGIVEN_PER_S: Final = 5
"""... of which so many a second are forgotten: after a stall of the network more comes at once than can be taken."""
MESSAGES: Final = 2000
"""Messages that may come at once, after a stall of the network; then ``MESSAGES_PER_S``."""
MESSAGES_PER_S: Final = 500
"""Two voices in pieces of 10 ms are 200."""


class Link(Protocol):
    """What carries a stream."""

    def close(self, why: Why) -> None:
        """Say goodbye and close it; never waits."""


class Stream:
    """``take`` what the reader tells; ``over`` when the carrier has ended."""

    def __init__(self, joining: Joining, link: Link, address: str, dialect: Dialect | None = None) -> None:
        self.address = address
        self.dialect = dialect
        self.call: ForkCall | None = None
        self.ended = False
        self._joining = joining
        self._link = link
        self._sounds = Sounds()
        self._doubt = Doubt() if dialect == "audiosocket" else None
        self._heard = self._counted = joining.clock()
        self._messages = Allowance(MESSAGES, MESSAGES_PER_S, self._heard)
        self._surplus = 0.0

    def take(self, said: Iterable[Said]) -> bool:
        """One message; whether the stream goes on. ``BadInput`` and ``Refused`` are for ``fail``."""
        self._count()
        for each in said:
            if self.ended:
                break
            match each:
                case Voice():
                    self._hear(each)
                case Opened():
                    self._open(each)
                case Pressed(speaker=speaker, digit=digit) if self.call is not None:
                    self.call.press(speaker, digit)
                case Ended(broken=broken):
                    self.over(broken=broken)
                    self._link.close("over")
        return not self.ended

    def stalled(self, now: float) -> bool:
        """Whether nothing whole has come for too long."""
        return now - self._heard > (HELLO_S if self.call is None else IDLE_S)

    def fail(self, fault: MinwonError, why: Why = "refused") -> None:
        """It cannot go on: counted, its call hears that it broke off, the carrier is closed."""
        if not self.ended:
            self._joining.refused(fault.code, self.address, str(fault))
            self.over(broken=True)
            self._link.close("full" if fault.code in ("full", "closed") else why)

    def close(self, why: Why) -> None:
        """See ``call.Source``: the call does not want it any more."""
        if not self.ended:
            self._leave()
            self._link.close(why)

    def over(self, *, broken: bool) -> None:
        """The stream has ended. Again: nothing."""
        if self.ended:
            return
        call = self.call
        self._leave()
        if call is not None:
            call.left(self, broken=broken)

    def _leave(self) -> None:
        self.ended = True
        if self.call is not None and self.dialect is not None:
            metrics.FORK_STREAMS.labels(dialect=self.dialect).dec()

    def _open(self, opened: Opened) -> None:
        if self.call is not None:
            self.call.attach(self, opened)
        elif self.dialect is not None:
            self.call = self._joining.attach(self, self.dialect, opened, self.address)
            metrics.FORK_STREAMS.labels(dialect=self.dialect).inc()

    def _hear(self, voice: Voice) -> None:
        call = self.call
        if call is None:
            return
        if self._doubt is not None and not self._doubt.settled:
            self._sounds.instead = self._doubt.look(voice.data, self._heard)
            if self._sounds.instead is not None:
                advice = "dial with c(slin): AudioSocket/host:port/uuid/c(slin)"
                log.warning("fork.not_linear", call_id=call.call_id, law=self._sounds.instead, advice=advice)
        for speaker, pcm in self._sounds.feed(voice):
            too_much = call.hear(speaker, pcm, voice.stamp_ms)
            if too_much:
                self._surplus += too_much
                metrics.FORK_FRAMES_DROPPED.inc(too_much)
        if self._surplus > FLOOD_FRAMES:
            raise Refused("more sound than time passes: is a file played into the stream?", code="flood")

    def _count(self) -> None:
        self._heard = self._joining.clock()
        passed = self._heard - self._counted
        self._counted = self._heard
        self._surplus = max(0.0, self._surplus - passed * FORGIVEN_PER_S)
        if not self._messages.takes(self._heard):
            raise Refused(f"more than {MESSAGES_PER_S} messages a second", code="flood")
