"""Bench ``forks``: what a forked stream costs the node before the recogniser, beside a plain ``websockets`` echo."""

from __future__ import annotations

import asyncio
import base64
import math
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final, Literal

import msgspec
import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from core.audio import FRAME_BYTES, FRAME_S
from core.g711 import encode
from server.bench.figures import Figure, Report
from server.bench.fork_process import Count
from server.bench.open_files import allow_files
from server.bench.processes import cpu_s, resident_kib
from server.bench.stage import Stage
from telephony.forks.audiosocket import message
from telephony.forks.telling_uuid import telling_uuid

STREAMS: Final = 100
LISTEN_S: Final = 10.0
_SETTLE_S: Final = 2.0
_FILES: Final = 2048
_START_S: Final = 30.0

Kind = Literal["echo", "jambonz", "wide", "twilio", "asterisk", "audiosocket"]
Send = Callable[[], Awaitable[None]]
KINDS: Final[dict[Kind, tuple[str, int]]] = {
    "jambonz": ("jambonz, both voices at 8 kHz", 2),
    "wide": ("jambonz, both voices at 16 kHz", 2),
    "twilio": ("Twilio-style, both voices", 2),
    "asterisk": ("Asterisk WebSocket, one voice", 1),
    "audiosocket": ("Asterisk AudioSocket, one voice, silence sent back", 1),
    "echo": ("plain websockets echo of jambonz' messages", 1),
}
"""What each is called, and frames that come out of each 20 ms of it."""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What so many streams took."""

    cpu: float
    """Of a core, all together."""
    memory_mib: float
    """More than before they came."""
    share: float
    """Frames that came, of those that were sent."""
    lost: int


async def measure(stage: Stage) -> Report:
    """Each dialect by itself, then the echo."""
    allow_files(_FILES)
    figures: list[Figure] = []
    notes: list[str] = []
    for kind, (name, _) in KINDS.items():
        stage.tell(f"{STREAMS} streams: {name}")
        cost = await measured(kind, STREAMS, LISTEN_S)
        a_core = STREAMS / cost.cpu if cost.cpu else math.nan
        figures.append(Figure(name=name, value=a_core, unit="streams a core"))
        notes.append(
            f"{name}: {cost.cpu / STREAMS:.3%} of a core and {cost.memory_mib / STREAMS * 1024:.0f} KiB a stream, "
            f"{cost.share:.1%} of the frames came, {cost.lost} were late"
        )
    return Report(
        figures=tuple(figures),
        notes=(
            f"{STREAMS} streams in real time, a message each 20 ms; CPU of the listening process alone: socket, "
            "protocol, 8 kHz, frames fetched; no recogniser",
            *notes,
        ),
    )


async def measured(kind: Kind, streams: int, listen_s: float) -> Cost:
    """So many streams for so long."""
    async with AsyncExitStack() as stack:
        process, addresses = await stack.enter_async_context(_process("echo" if kind == "echo" else "forks"))
        before = resident_kib(process.pid)
        sends = [await stack.enter_async_context(_stream(kind, addresses, number)) for number in range(streams)]
        async with asyncio.TaskGroup() as tasks:
            pacing = [tasks.create_task(_pace(send, number / streams)) for number, send in enumerate(sends)]
            await asyncio.sleep(_SETTLE_S)
            first, cpu, began = await _count(process), cpu_s(process.pid), asyncio.get_running_loop().time()
            await asyncio.sleep(listen_s)
            cpu, took = cpu_s(process.pid) - cpu, asyncio.get_running_loop().time() - began
            last, after = await _count(process), resident_kib(process.pid)
            for task in pacing:
                task.cancel()
    due = streams * KINDS[kind][1] * took / FRAME_S
    frames = last.frames - first.frames
    return Cost(cpu=cpu / took, memory_mib=(after - before) / 1024, share=frames / due, lost=last.lost - first.lost)


@asynccontextmanager
async def _process(kind: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, str]]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server.bench.fork_process",
        kind,
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        async with asyncio.timeout(_START_S):
            addresses = msgspec.json.decode(await process.stdout.readline(), type=dict[str, str])
        yield process, addresses
    finally:
        process.stdin.close()
        await process.wait()


async def _count(process: asyncio.subprocess.Process) -> Count:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(b"\n")
    return msgspec.json.decode(await process.stdout.readline(), type=Count)


async def _pace(send: Send, phase: float) -> None:
    """A message each 20 ms by the clock; streams are spread evenly."""
    loop = asyncio.get_running_loop()
    due = loop.time() + phase * FRAME_S
    while True:
        await asyncio.sleep(max(0.0, due - loop.time()))
        await send()
        due += FRAME_S


@asynccontextmanager
async def _stream(kind: Kind, addresses: dict[str, str], number: int) -> AsyncIterator[Send]:
    """One open stream; what sends 20 ms of it."""
    voice = (3000 * np.sin(np.arange(FRAME_BYTES // 2) / 5)).astype("<i2")
    if kind == "audiosocket":
        host, _, port = addresses["audiosocket"].rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(message(0x01, telling_uuid(f"{number:012}", "caller").bytes))
        piece = message(0x10, voice.tobytes())
        reading = asyncio.create_task(_discard(reader))

        async def send() -> None:
            writer.write(piece)

        try:
            yield send
        finally:
            reading.cancel()
            writer.close()
        return
    hello, pieces = _messages(kind, voice)
    async with connect(f"ws://{addresses['ws']}/?call={number}", compression=None) as client:
        reading = asyncio.create_task(_read(client))
        for first in hello:
            await client.send(first)

        async def send_all() -> None:
            for piece in pieces:
                await client.send(piece)

        try:
            yield send_all
        finally:
            reading.cancel()


def _messages(kind: Kind, voice: np.ndarray) -> tuple[list[str], list[str | bytes]]:
    """How a stream begins, and what each 20 ms of it is."""
    both = np.repeat(voice, 2).tobytes()
    match kind:
        case "twilio":
            start = {"event": "start", "start": {"callSid": "1", "tracks": ["inbound", "outbound"]}}
            payload = base64.b64encode(encode("ulaw", voice)).decode()
            tracks = ({"track": track, "chunk": "1", "payload": payload} for track in ("inbound", "outbound"))
            return [_text(start)], [_text({"event": "media", "streamSid": "MZ", "media": each}) for each in tracks]
        case "asterisk":
            return ["MEDIA_START connection_id:1 format:ulaw optimal_frame_size:160"], [encode("ulaw", voice)]
        case "wide":
            return [_text({"callSid": "1", "sampleRate": 16000, "mixType": "stereo"})], [both * 2]
    return [_text({"callSid": "1", "sampleRate": 8000, "mixType": "stereo"})], [both]


def _text(told: object) -> str:
    return msgspec.json.encode(told).decode()


async def _discard(reader: asyncio.StreamReader) -> None:
    while await reader.read(1 << 16):
        pass


async def _read(client: ClientConnection) -> None:
    async for _ in client:
        pass
