"""What an exchange does on the other side of a fork."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec

from core.audio import FRAME_BYTES, Frame
from core.config import ForksConfig
from telephony.contract import AnySignal, Call
from telephony.forks.audiosocket import message
from telephony.forks.source import ForkSource

WAITS_S: Final = 10.0
TOKEN: Final = "the city's token"
PCM: Final = b"\1\0" * (FRAME_BYTES // 2)
LOCAL: Final = ("127.0.0.0/8",)


@asynccontextmanager
async def forks(**settings: Any) -> AsyncIterator[ForkSource]:
    """Both doors open on free ports."""
    config = ForksConfig(**{"port": 0, "audiosocket_port": 0, "token": TOKEN, "networks": LOCAL, **settings})
    async with ForkSource(config) as source:
        yield source


async def next_call(source: ForkSource) -> Call:
    """The call that comes next."""
    async with asyncio.timeout(WAITS_S):
        async for call in source.calls():
            return call
    raise AssertionError("no call will come")


async def frames(call: Call, speaker: Any, count: int) -> list[Frame]:
    """So many frames of a voice."""
    got: list[Frame] = []
    async with asyncio.timeout(WAITS_S):
        async for frame in call.frames(speaker):
            got.append(frame)
            if len(got) == count:
                break
    return got


async def signals(call: Call) -> list[AnySignal]:
    """Everything that happens until the call's end."""
    async with asyncio.timeout(WAITS_S):
        return [signal async for signal in call.signals()]


class AudioSocket:
    """A connection of Asterisk's AudioSocket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def say(self, pcm: bytes = PCM, kind: int = 0x10) -> None:
        self.writer.write(message(kind, pcm))

    def press(self, digit: bytes) -> None:
        self.writer.write(message(0x03, digit))

    async def closed(self) -> bytes:
        """All that we were sent, when we were closed."""
        async with asyncio.timeout(WAITS_S):
            try:
                return await self.reader.read()
            except ConnectionError:
                return b""


@asynccontextmanager
async def audiosocket(
    source: ForkSource, uuid: UUID | None = None, *, mute: bool = False
) -> AsyncIterator[AudioSocket]:
    """... that has said its UUID, unless ``mute``."""
    host, _, port = source.addresses["audiosocket"].rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        if not mute:
            writer.write(message(0x01, (uuid or uuid4()).bytes))
        yield AudioSocket(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def text(**told: object) -> str:
    """A JSON message."""
    return msgspec.json.encode(told).decode()


def media(data: bytes, track: str, stamp: int) -> str:
    """Twilio's piece of sound."""
    payload = base64.b64encode(data).decode()
    return text(event="media", media={"track": track, "timestamp": str(stamp), "payload": payload})
