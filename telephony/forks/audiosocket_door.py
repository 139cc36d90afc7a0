"""The TCP port of AudioSocket. Asterisk has no TLS and no password for it: its address is all that we can ask.

For every piece of sound goes one of silence back, so that a channel that is bridged with ours has a clock and its phone
has RTP (https://github.com/CyCoreSystems/audiosocket/issues/29); when Asterisk does not read, none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, cast

from core.errors import MinwonError
from telephony.forks.audiosocket import HUNG_UP, RATES, AudioSocketReader, message
from telephony.forks.call import Why
from telephony.forks.joining import Joining
from telephony.forks.said import Said, Voice
from telephony.forks.stream import Stream

UNREAD: Final = 1 << 14
"""Bytes that Asterisk may leave unread before we send it no more silence."""
_KINDS: Final = {rate: kind for kind, rate in RATES.items()}


class AudioSocketLink(asyncio.Protocol):
    """One connection. ``came`` and ``went`` keep the list of streams; ``came`` may raise ``Refused``."""

    def __init__(self, joining: Joining, came: Callable[[Stream], None], went: Callable[[Stream], None]) -> None:
        self._joining = joining
        self._came = came
        self._went = went
        self._reader = AudioSocketReader()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See ``asyncio.Protocol``."""
        self._transport = cast(asyncio.Transport, transport)
        address = str(transport.get_extra_info("peername")[0])
        self._stream = Stream(self._joining, self, address, "audiosocket")
        try:
            self._came(self._stream)
        except MinwonError as fault:
            self._stream.fail(fault)

    def data_received(self, data: bytes) -> None:
        """See ``asyncio.Protocol``."""
        stream = self._stream
        if stream.ended:
            return
        try:
            for said in self._reader.feed(data):
                if not stream.take((said,)):
                    return
                self._keep_time(said)
        except MinwonError as fault:
            stream.fail(fault)

    def connection_lost(self, exc: Exception | None) -> None:
        """See ``asyncio.Protocol``. Asterisk's goodbye is often just this, and a reset when it has not read our silence
        (RFC 1122 section 4.2.2.13). When the network ends, it is a time-out."""
        reset = isinstance(exc, ConnectionResetError | BrokenPipeError)
        self._stream.over(broken=not reset and (exc is not None or self._reader.partial))
        self._went(self._stream)

    def close(self, why: Why) -> None:
        """See ``stream.Link``."""
        if not self._transport.is_closing():
            if why in ("over", "leaving"):
                self._transport.write(HUNG_UP)
                self._transport.close()
            else:
                self._transport.abort()

    def _keep_time(self, said: Said) -> None:
        if isinstance(said, Voice) and self._transport.get_write_buffer_size() < UNREAD:
            self._transport.write(message(_KINDS[said.rate], bytes(len(said.data))))
