"""Bench ``texts``: 2,545 texts (a day of Seoul's centre) within a minute, over restarts. None lost, none doubled.

Node and provider are processes of their own, and each is killed (SIGKILL) once in the middle and started anew: the
message centre behind SMPP, the node before it, the provider behind HTTP. Who got what is counted in its file.
"""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Self, TypeVar

import msgspec

from core.errors import EnvironmentFault
from server.bench.figures import Figure, Report
from server.bench.processes import cpu_s, resident_kib
from server.bench.stage import Stage

T = TypeVar("T")

COUNT: Final = 2545
BOUND_S: Final = 60.0
DOWN_S: Final = 2.0
_LIMIT_S: Final = 180.0
_LOOK_S: Final = 0.1
_PROVIDERS: Final = {"smpp": "server.bench.texts_centre", "sens": "server.bench.texts_site"}


class Killed(msgspec.Struct, frozen=True):
    """What is done to whom."""

    name: str
    gateway: str
    victim: str
    """'provider', 'node', or '' for nobody."""


RUNS: Final = (
    Killed("SMPP", "smpp", ""),
    Killed("SMPP, message centre killed", "smpp", "provider"),
    Killed("SMPP, node killed", "smpp", "node"),
    Killed("HTTP, provider killed", "sens", "provider"),
)


async def measure(stage: Stage) -> Report:
    """One run after the other."""
    if importlib.util.find_spec("smpp34") is None:
        raise EnvironmentFault("the message centre of this bench is the library smpp34: pip install smpp34")
    figures: list[Figure] = []
    for run in RUNS:
        stage.tell(run.name)
        folder = Path(tempfile.mkdtemp(prefix="texts-", dir=stage.folder))
        figures += await _run(run, folder, str(stage.fresh_home().root), COUNT)
    notes = (
        f"who is killed is away for {DOWN_S:g} s; 100 submissions a second, window 10, sms.at_once 16, SQLite",
        "time: from the first text until all were handed over; CPU and memory are of the node's process",
    )
    return Report(figures=tuple(figures), notes=notes)


async def _run(run: Killed, folder: Path, home: str, count: int) -> list[Figure]:
    port = _free_port()
    provider_arguments = _PROVIDERS[run.gateway], str(port), str(folder)
    node_arguments = "server.bench.texts_node", home, run.gateway, str(port), str(count)
    used = Used()
    provider = await Process.begin(*provider_arguments)
    await provider.says("up")
    node = await Process.begin(*node_arguments)
    measuring = asyncio.create_task(used.follow(lambda: node.pid))
    try:
        began = time.monotonic()
        if run.victim:
            await _until(lambda: len(_taken(folder)) >= count // 2)
            await (node if run.victim == "node" else provider).kill()
            await asyncio.sleep(DOWN_S)
            if run.victim == "node":
                node = await Process.begin(*node_arguments)
            else:
                provider = await Process.begin(*provider_arguments)
                await provider.says("up")
        await node.says("sent")
        took_s = time.monotonic() - began
        arrived = int((await node.says("done")).split()[1])
    finally:
        measuring.cancel()
        await asyncio.gather(measuring, return_exceptions=True)
        await node.kill()
        await provider.kill()
    got = Counter(_taken(folder))
    return [
        Figure(name=f"{run.name}: {count} texts", value=took_s, unit="s", bound=BOUND_S),
        Figure(name=f"{run.name}: rate", value=count / took_s, unit="texts/s"),
        Figure(name=f"{run.name}: lost", value=count - len(got), unit="", bound=0),
        Figure(name=f"{run.name}: doubled", value=got.total() - len(got), unit="", bound=0),
        Figure(name=f"{run.name}: arrival not known", value=count - arrived, unit="", bound=0),
        Figure(name=f"{run.name}: CPU", value=used.cpu_s, unit="s"),
        Figure(name=f"{run.name}: memory", value=used.most_kib / 1024, unit="MiB"),
    ]


class Used:
    """CPU and memory of a process that may be replaced."""

    def __init__(self) -> None:
        self.most_kib = 0
        self._cpu_s: dict[int, float] = {}

    @property
    def cpu_s(self) -> float:
        """Of all of them."""
        return sum(self._cpu_s.values())

    async def follow(self, pid: Callable[[], int]) -> None:
        """Until cancelled."""
        while True:
            try:
                self._cpu_s[pid()] = cpu_s(pid())
                self.most_kib = max(self.most_kib, resident_kib(pid()))
            except (FileNotFoundError, ProcessLookupError):
                pass  # it was killed a moment ago
            await asyncio.sleep(_LOOK_S)


class Process:
    """One that says how far it is, line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def begin(cls, module: str, *arguments: str) -> Self:
        """Start ``python -m module``."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments), cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    async def says(self, word: str) -> str:
        """Wait for a line that begins so. ``EnvironmentFault`` when it dies or is silent for too long."""
        assert self._process.stdout is not None
        return await _in_time(self._line(word), f"'{word}'")

    async def _line(self, word: str) -> str:
        assert self._process.stdout is not None
        while line := (await self._process.stdout.readline()).decode():
            if line.startswith(word):
                return line
        raise EnvironmentFault("a process of the bench died; its stderr tells why")

    async def kill(self) -> None:
        """SIGKILL. Idempotent."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


def _taken(folder: Path) -> list[str]:
    """Numbers that got a text, as often as they did."""
    lines = (folder / "taken").read_text("ascii").splitlines()
    return [line.split()[1] for line in lines if line.count(" ") == 2]


async def _until(holds: Callable[[], bool]) -> None:
    async def waiting() -> None:
        while not holds():  # noqa: ASYNC110 - a file of another process
            await asyncio.sleep(_LOOK_S)

    await _in_time(waiting(), "half of the texts")


async def _in_time(work: Awaitable[T], what: str) -> T:
    try:
        async with asyncio.timeout(_LIMIT_S):
            return await work
    except TimeoutError as fault:
        raise EnvironmentFault(f"{_LIMIT_S:g} s passed without {what}") from fault


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
