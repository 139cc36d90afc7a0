"""The measuring side of the floor: one process of :mod:`server.bench.plain_vosk` a core, legs dealt out evenly."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final, Self

import msgspec

from core.errors import EnvironmentFault
from server.bench.plain_vosk import Lateness, Legs

_GRACE_S: Final = 60.0
_STOP_S: Final = 5.0


class Floor:
    """``async with`` = the processes run."""

    def __init__(self, talks: Path, processes: int, model: Path) -> None:
        self._talks = talks
        self._model = model
        self._count = processes
        self._processes: list[asyncio.subprocess.Process] = []
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for _ in range(self._count):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "server.bench.plain_vosk",
                str(self._talks),
                str(self._model),
                cwd=Path(__file__).parents[2],
                # As for our own decode workers: one thread each, for there is a process per core.
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            self._processes.append(process)
            self._open.push_async_callback(_stop, process)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    async def carry(self, legs: int, seconds: float) -> list[Lateness]:
        """Decode so many legs for so long; what each process says of it."""
        async with asyncio.timeout(seconds + _GRACE_S):
            return await asyncio.gather(
                *(
                    _decode(process, Legs(numbers=tuple(range(place, legs, self._count)), seconds=seconds))
                    for place, process in enumerate(self._processes)
                )
            )


async def _decode(process: asyncio.subprocess.Process, order: Legs) -> Lateness:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(msgspec.json.encode(order) + b"\n")
    line = await process.stdout.readline()
    if not line:
        raise EnvironmentFault("the plain vosk loop died; its stderr tells why")
    return msgspec.json.decode(line, type=Lateness)


async def _stop(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(_STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
