"""The listening side of bench ``forks``, a process of its own so that its CPU can be told: ours, or a plain echo.

``python -m server.bench.fork_process forks`` (or ``echo``) prints its addresses as one JSON line, a ``Count`` for each
line on stdin, and ends with stdin.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from typing import Final

import msgspec
from websockets.asyncio.server import ServerConnection, serve

from core.config import ForksConfig
from telephony.contract import Call
from telephony.forks.source import ForkSource

STREAMS: Final = 10_000
_SPEAKERS: Final = ("caller", "agent")


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """What has come so far."""

    frames: int = 0
    """Of 20 ms, of all voices."""
    lost: int = 0
    """Silence that stands for sound that did not come in time."""


class Listener:
    """Takes every call and reads its voices, as the call flow does before the recogniser."""

    def __init__(self) -> None:
        self.frames = 0
        self.lost = 0

    async def take(self, source: ForkSource) -> None:
        """Until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            async for call in source.calls():
                for speaker in _SPEAKERS:
                    tasks.create_task(self._listen(call, speaker))

    async def _listen(self, call: Call, speaker: str) -> None:
        async for frame in call.frames("caller" if speaker == "caller" else "agent"):
            self.frames += 1
            self.lost += frame.lost


class Echo:
    """What ``websockets`` shows in its documentation, compression off."""

    def __init__(self) -> None:
        self.frames = 0
        self.lost = 0

    async def serve(self, connection: ServerConnection) -> None:
        """Every message goes back."""
        async for message in connection:
            self.frames += 1
            await connection.send(message)


async def run(kind: str) -> None:
    """Serve until stdin ends."""
    async with AsyncExitStack() as stack:
        heard: Listener | Echo
        if kind == "echo":
            heard = Echo()
            server = await stack.enter_async_context(serve(heard.serve, "127.0.0.1", 0, compression=None))
            _print({"ws": f"127.0.0.1:{server.sockets[0].getsockname()[1]}"})
        else:
            heard = Listener()
            source = ForkSource(ForksConfig(port=0, audiosocket_port=0, streams=STREAMS))
            await stack.enter_async_context(source)
            taking = asyncio.create_task(heard.take(source))
            stack.callback(taking.cancel)
            _print(source.addresses)
        while await asyncio.to_thread(sys.stdin.buffer.readline):
            _print(Count(frames=heard.frames, lost=heard.lost))


def _print(told: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
