"""The node's end of the wire to one worker."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import struct
from collections.abc import AsyncIterator
from pathlib import Path

from core.errors import BadInput, EnvironmentFault
from telephony.wire import PROTOCOL, Bytes, FromWorker, Hello, Message, from_worker, pack

GREETING_S = 3.0
"""A worker that serves nobody else greets at once, even on a busy machine."""
_CHUNK = 65_536


class Channel:
    """An open connection. Made by ``Channel.open``."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: AsyncIterator[FromWorker], hello: Hello
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._said = said
        self.hello = hello
        """What the worker said first."""
        self.pid = _peer_pid(writer)

    @classmethod
    async def open(cls, path: Path) -> Channel:
        """Connect and read the greeting.

        ``OSError`` if nobody listens there, ``EnvironmentFault`` if the worker serves another node, ``BadInput`` if it
        speaks another protocol.
        """
        reader, writer = await asyncio.open_unix_connection(str(path))
        said = _messages(reader)
        try:
            async with asyncio.timeout(GREETING_S):
                hello = await anext(said)
        except (TimeoutError, StopAsyncIteration):
            await _close(writer)
            raise EnvironmentFault(
                f"the SIP worker behind {path.name} does not answer: another minwon node uses this home folder; "
                "stop it, or give this one another home"
            ) from None
        except BadInput:
            await _close(writer)
            raise
        if not isinstance(hello, Hello) or hello.protocol != PROTOCOL:
            await _close(writer)
            raise BadInput(f"the SIP worker behind {path.name} is of another version; it leaves after its last call")
        return cls(reader, writer, said, hello)

    def send(self, message: Message) -> None:
        """Say something; lost if the worker is gone, which the end of ``messages`` tells."""
        if not self._writer.is_closing():
            self._writer.write(pack(message))

    def messages(self) -> AsyncIterator[FromWorker]:
        """What the worker says, until it is gone."""
        return self._said

    def kill(self) -> None:
        """End the worker's process at once."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    async def close(self) -> None:
        """Hang up; the worker takes that for the node's death."""
        await _close(self._writer)


async def _messages(reader: asyncio.StreamReader) -> AsyncIterator[FromWorker]:
    stream = Bytes()
    while True:
        try:
            data = await reader.read(_CHUNK)
        except ConnectionError:
            return
        if not data:
            return
        for body in stream.feed(data):
            yield from_worker(body)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def _peer_pid(writer: asyncio.StreamWriter) -> int:
    peer = writer.get_extra_info("socket")
    raw = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", raw)[0])
