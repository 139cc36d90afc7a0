"""The softphone's process by its lines alone: what it does with nonsense, and that it ends when told."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest

from telephony import softphone_messages as msg

pytestmark = pytest.mark.sip


class Lines:
    """The process's stdin and stdout."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None and process.stdout is not None
        self.process = process
        self.stdin, self.stdout = process.stdin, process.stdout

    async def ask(self, line: bytes) -> list[msg.AnyPhoneEvent]:
        """Send a line; everything up to its ``Done``."""
        self.stdin.write(line)
        events: list[msg.AnyPhoneEvent] = []
        async with asyncio.timeout(10):
            while not events or not isinstance(events[-1], msg.Done):
                events.append(msg.event_from(await self.stdout.readline()))
        return events


@pytest.fixture
async def phone() -> AsyncIterator[Lines]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "telephony.sip_worker_softphone"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    yield Lines(process)
    if process.returncode is None:
        process.kill()
        await process.wait()


async def test_nonsense_is_answered_and_survived(phone: Lines) -> None:
    for nonsense in (b"hello\n", b'{"do":"Explode"}\n', b"\xff\xfe\n", b"\n"):
        (done,) = await phone.ask(nonsense)
        assert isinstance(done, msg.Done) and done.failure
    (early,) = await phone.ask(msg.to_line(msg.Dial(number=5, call="x", uri="sip:a@b")))
    assert early == msg.Done(number=5, failure="the phone is not open")
    ready, opened = await phone.ask(msg.to_line(msg.Open(number=6)))
    assert isinstance(ready, msg.Ready) and ready.port > 0
    assert opened == msg.Done(number=6)
    (twice,) = await phone.ask(msg.to_line(msg.Open(number=7)))
    assert isinstance(twice, msg.Done) and "already" in twice.failure
    (uri,) = await phone.ask(msg.to_line(msg.Dial(number=8, call="x", uri="no address")))
    assert isinstance(uri, msg.Done) and uri.failure


@pytest.mark.parametrize("opened", [False, True])
async def test_it_ends_with_its_stdin(phone: Lines, opened: bool) -> None:
    if opened:
        await phone.ask(msg.to_line(msg.Open()))
    phone.stdin.close()
    async with asyncio.timeout(5):
        assert await phone.process.wait() == 0
    assert await phone.stdout.read() == b"", "nothing but events is written to stdout"


async def test_it_ends_when_nobody_reads(phone: Lines) -> None:
    await phone.ask(msg.to_line(msg.Open()))
    phone.process._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined]
    phone.stdin.write(msg.to_line(msg.SetAnswering(answering=msg.Answering())))
    async with asyncio.timeout(5):
        await phone.process.wait()
