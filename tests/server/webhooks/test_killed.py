"""kill -9 while a receiver has a webhook and nobody has written that down: at least once, with the same id."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.server.webhooks.receiver import receiver

ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def node(folder: Path, url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.server.webhooks.node", str(folder), url), cwd=ROOT, stdin=pipe, stdout=pipe
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def say(process: asyncio.subprocess.Process, call_id: str) -> None:
    """It is kept when this returns."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(f"{call_id}\n".encode())
    assert (await process.stdout.readline()).decode().strip() == call_id


async def test_a_killed_node_tells_again_with_the_same_id(tmp_path: Path) -> None:
    async with receiver() as there:
        async with node(tmp_path, there.url) as process:
            assert process.stdout is not None
            secret = (await process.stdout.readline()).decode().strip()
            await there.answers(f"secrets {secret}")
            await say(process, "c0")
            first = await there.next()
            await there.answers("slow")
            await say(process, "c1")
            one = await there.next()
            await say(process, "c2")
            process.kill()
        await there.answers("204")
        async with node(tmp_path, there.url) as process:
            again, other = await there.next(), await there.next()
        assert first["good"] == again["good"] == [True]
        assert again["id"] == one["id"] and again["id"] != first["id"]
        assert other["body"]["data"]["contact_id"] == "c2"
