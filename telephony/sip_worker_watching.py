"""Tells the node every SIP message while somebody watches: from the trace in the stack to the wire."""

from __future__ import annotations

from collections.abc import Callable

from telephony import wire
from telephony.request import request_from
from telephony.sip_worker_loop import Loop
from telephony.sip_worker_trace import LIMIT, Seen, Trace

_EVERY_S = 0.05
"""Later than the message, so that the call it began has a name by then."""
_AT_ONCE = 100
"""2,000 messages a second; what is more waits in the trace, which drops the oldest and counts."""

Owner = Callable[[str], tuple[str, str]]
"""Call and role of a SIP Call-ID, '' where unknown."""


class Watching:
    """Off until the node asks. On the loop's thread."""

    def __init__(
        self,
        loop: Loop,
        trace: Trace,
        owner: Owner,
        tell: Callable[[wire.Message], None],
        waiting: Callable[[], int],
        address: Callable[[], str],
    ) -> None:
        """``waiting``: messages that the node has not read yet; the trace must not crowd out what calls need.
        ``address``: host:port of our SIP socket."""
        self._loop, self._trace, self._owner, self._tell = loop, trace, owner, tell
        self._waiting, self._address = waiting, address
        self._on = False
        self._dropped = 0

    def switch(self, on: bool) -> None:
        """Begin or end; again is nothing."""
        if on and not self._on:
            self._trace.switch(True)
            self._dropped = self._trace.dropped
            self._loop.later(_EVERY_S, self._pass_on)
        elif self._on and not on:
            self._trace.switch(False)
        self._on = on

    def _pass_on(self) -> None:
        if not self._on:
            return
        if self._waiting() < LIMIT:
            for seen in self._trace.fetch(_AT_ONCE):
                self._tell(self._traced(seen))
        self._loop.later(_EVERY_S, self._pass_on)

    def _traced(self, seen: Seen) -> wire.Traced:
        head = request_from(seen.text)
        call, role = self._owner(head.first("call-id"))
        transport = head.first("via").partition("SIP/2.0/")[2].partition(" ")[0].lower() or "udp"
        ours, peer = f"{self._address()}/{transport}", f"{seen.peer}/{transport}"
        dropped, self._dropped = self._trace.dropped - self._dropped, self._trace.dropped
        return wire.Traced(
            at=seen.at,
            sent=seen.sent,
            source=ours if seen.sent else peer,
            target=peer if seen.sent else ours,
            text=seen.text,
            call=call,
            role=role,
            dropped=dropped,
        )
