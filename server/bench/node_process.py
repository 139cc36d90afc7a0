"""A node as ``minwon run`` starts it: its own process, a configuration file, an imported consultation database."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import msgspec

from core.errors import EnvironmentFault
from core.home import Home
from core.store.sql_store import open_store
from server.bench.desks import PASSWORD, agent_id
from server.knowledge import sample_entries
from server.signing_in.passwords import hash_password

_READY_S: Final = 60.0
_STOP_S: Final = 15.0


class ReadyNode(msgspec.Struct, frozen=True, kw_only=True):
    """A node that takes calls."""

    pid: int
    desk: str
    start_s: float
    """From the start of the process to its Ready line."""


class _Ready(msgspec.Struct, frozen=True, tag="Ready"):
    desk: str


async def prepare(home: Home) -> int:
    """Import the sample database and write the configuration; returns the number of entries."""
    store = await open_store("", home)
    entries = sample_entries()
    try:
        await store.put_entries(entries)
    finally:
        await store.close()
    hashed = await asyncio.to_thread(hash_password, PASSWORD)
    _settings(home).write_text(
        f"""
        [node]
        home = "{home.root}"
        grace_s = 0
        [web]
        port = 0
        [sip]
        port = 0
        rtp_port = 0
        [log]
        level = "error"
        [[agents]]
        id = "{agent_id(0)}"
        name = "상담사"
        password_hash = "{hashed}"
        """,
        "utf-8",
    )
    return len(entries)


@asynccontextmanager
async def running(home: Home) -> AsyncIterator[ReadyNode]:
    """``minwon run`` in a prepared home, until the context is left."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server",
        "run",
        "--json",
        "--config",
        str(_settings(home)),
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_READY_S):
            line = await process.stdout.readline()
        start_s = time.perf_counter() - began
        if not line:
            raise EnvironmentFault("`minwon run` ended before it was ready; its stderr tells why")
        ready = msgspec.json.decode(line, type=_Ready)
        yield ReadyNode(pid=process.pid, desk=ready.desk, start_s=start_s)
    except TimeoutError as late:
        raise EnvironmentFault(f"`minwon run` was not ready within {_READY_S:.0f} s") from late
    finally:
        await _stop(process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(_STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _settings(home: Home) -> Path:
    return home.root / "minwon.toml"
