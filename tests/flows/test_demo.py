"""`minwon demo` as a person or a script starts it: a process, with real phones, recognition and desk.

Only the dialogue is shorter than the shipped ones.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import msgspec
import pytest

pytestmark = [pytest.mark.sip, pytest.mark.slow]

SCRIPT = """
[agent]
voice = "f3"
pitch = 50
speed = 155
[[dialogues]]
id = "waste"
title = "소파"
caller = "010-0214-7731"
voice = "f5"
pitch = 55
speed = 150
phone = true
menu = [{ tap = "2", pause = 0.1 }, { tap = "1", pause = 0.1 }, { key = "0", pause = 0.6 }]
acts = [{ after = 1, push = "card", id = "60" }]
turns = [
    { speaker = "agent", pause = 0.0, text = "네, 민원콜센터입니다." },
    { speaker = "caller", pause = 0.6, text = "소파를 버리려고 하는데 어떻게 해야 하나요?" },
]
"""
RUN = """
import sys
from pathlib import Path
from server.demo import demo, dialogue
script = dialogue.load(Path(sys.argv.pop(1)))
demo.load = lambda: script
from server.cli import main
main()
"""
START_S = 60.0
"""Generous: the machine may run other tests."""


class Demo:
    """A running demo and its lines."""

    def __init__(
        self, process: asyncio.subprocess.Process, lines: asyncio.StreamReader, pipe: asyncio.ReadTransport, own: Path
    ) -> None:
        self.process = process
        self.stop_reading = pipe.close
        self._lines = lines
        self._own = own

    async def line(self) -> dict[str, Any]:
        async with asyncio.timeout(START_S):
            line: dict[str, Any] = msgspec.json.decode(await self._lines.readline())
        return line

    async def lines_until(self, kind: str) -> list[dict[str, Any]]:
        lines = [await self.line()]
        while lines[-1]["type"] != kind:
            lines.append(await self.line())
        return lines

    async def ended(self) -> int:
        async with asyncio.timeout(30):
            return await self.process.wait()

    def left_behind(self) -> list[str]:
        """Files in its temporary folder, and processes that inherited that folder's name."""
        files = [str(path) for path in self._own.iterdir()]
        return files + [f"process {pid}" for pid in _heirs(str(self._own))]


def _heirs(folder: str) -> list[int]:
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and f"TMPDIR={folder}".encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue  # it ended while we looked, or is not ours
    return found


@asynccontextmanager
async def demo(folder: Path, *options: str) -> AsyncIterator[Demo]:
    own = Path(mkdtemp(prefix="demo-", dir="/tmp"))  # pytest's folders are too long for Unix sockets below them
    script = folder / "dialogues.toml"
    script.write_text(SCRIPT)
    reading, writing = os.pipe()
    lines = asyncio.StreamReader(limit=1 << 20)
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), os.fdopen(reading, "rb")
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", RUN, str(script), "demo", "--json", "--port", "0", *options),
        stdout=writing,
        env={**os.environ, "TMPDIR": str(own)},
    )
    os.close(writing)
    try:
        yield Demo(process, lines, pipe, own)
    finally:
        pipe.close()
        if process.returncode is None:
            process.kill()
            await process.wait()
        for pid in _heirs(str(own)):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(own)


async def test_one_call_becomes_words_and_cards(tmp_path: Path) -> None:
    async with demo(tmp_path, "--once") as running:
        ready, *events = await running.lines_until("CallEnded")
        assert await running.ended() == 0
        assert not running.left_behind()
    assert ready["type"] == "Ready"
    assert ready["desk"].startswith("http://127.0.0.1:") and len(ready["sip"]) >= 1
    finals = {event["speaker"]: event["text"] for event in events if event["type"] == "TranscriptFinal"}
    assert finals["agent"].replace(" ", "") == "네민원콜센터입니다"
    assert finals["caller"].replace(" ", "") == "소파를버리려고하는데어떻게해야하나요"
    cards = [card["id"] for event in events if event["type"] == "Suggested" for card in event["suggestions"]]
    assert "59" in cards, "the entry on bulky waste"
    shown = [(event["screen"], event["cause"]) for event in events if event["type"] == "ScreenShown"]
    assert shown[:3] == [("main", "start"), ("living", "touch"), ("waste", "touch")]
    assert ("@wait", "key") in shown and ("@card-60", "agent") in shown, "a key and the agent's push move the same menu"
    assert [event["state"] for event in events if event["type"] == "VisitChanged"][:2] == ["begun", "opened"]
    numbers = [event["seq"] for event in events if event["call_id"]]
    assert numbers == list(range(1, len(numbers) + 1)), "a call's events have no gap"


async def test_sigterm_in_mid_call_leaves_nothing_behind(tmp_path: Path) -> None:
    async with demo(tmp_path) as running:
        await running.lines_until("TranscriptPartial")
        running.process.send_signal(signal.SIGTERM)
        assert await running.ended() == 0
        assert not running.left_behind()


async def test_a_reader_that_has_enough_ends_it(tmp_path: Path) -> None:
    """As in ``minwon demo --json | head -1``."""
    async with demo(tmp_path) as running:
        assert (await running.line())["type"] == "Ready"
        running.stop_reading()
        assert await running.ended() == 0
        assert not running.left_behind()
