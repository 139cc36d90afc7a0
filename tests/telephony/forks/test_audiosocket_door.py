"""AudioSocket over real TCP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from core import metrics
from core.events import Party
from telephony.contract import Identified, Key, LegEnded
from telephony.forks import audiosocket_door, source, stream
from telephony.forks.audiosocket import HUNG_UP, message
from telephony.forks.source import ForkSource
from telephony.forks.telling_uuid import telling_uuid
from tests.patience import until
from tests.telephony.forks.exchange import PCM, audiosocket, forks, frames, next_call, signals


def refused(reason: str) -> float:
    return metrics.FORKS_REFUSED.labels(reason=reason)._value.get()


@pytest.fixture
async def doors() -> AsyncIterator[ForkSource]:
    async with forks() as open_doors:
        yield open_doors


async def test_two_voices_of_a_call(doors: ForkSource) -> None:
    key = "171234567842"
    ann = telling_uuid(key, "caller", number="01012345678", extension="2107")
    kim = telling_uuid(key, "agent", number="01012345678", extension="2107")
    async with audiosocket(doors, ann) as caller, audiosocket(doors, kim) as agent:
        call = await next_call(doors)
        caller.say()
        agent.say(b"\2\0" * 160)
        caller.press(b"7")
        assert (await frames(call, "caller", 1))[0].pcm == PCM
        assert (await frames(call, "agent", 1))[0].pcm == b"\2\0" * 160
        assert (call.caller, call.agent) == (Party(number="01012345678"), Party(number="2107"))
        caller.writer.write(HUNG_UP)
        assert await caller.closed() != b""
        assert (await agent.closed()).endswith(HUNG_UP), "we say goodbye to the other"
        told = await signals(call)
    assert Key(speaker="caller", digit="7", method="info") in told
    assert told[-2:] == [
        LegEnded(speaker="agent", by_peer=False, status=200),
        LegEnded(speaker="caller", by_peer=True, status=200),
    ]
    assert not any(isinstance(signal, Identified) for signal in told), "both were known from the start"


async def test_wherever_tcp_cuts(doors: ForkSource) -> None:
    async with audiosocket(doors) as caller:
        for byte in message(0x10, PCM) + message(0x12, PCM * 2):
            caller.writer.write(bytes([byte]))
            await caller.writer.drain()
        call = await next_call(doors)
        assert (await frames(call, "caller", 1))[0].pcm == PCM


async def test_silence_comes_back(doors: ForkSource) -> None:
    async with audiosocket(doors) as caller:
        caller.say()
        assert await asyncio.wait_for(caller.reader.readexactly(323), 5) == message(0x10, bytes(320))


async def test_an_exchange_that_does_not_read_is_not_waited_for(
    doors: ForkSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audiosocket_door, "UNREAD", 0)
    async with audiosocket(doors) as caller:
        caller.say()
        call = await next_call(doors)
        await frames(call, "caller", 1)


async def test_closing_the_socket_is_a_goodbye(doors: ForkSource) -> None:
    async with audiosocket(doors) as caller:
        caller.say()
        call = await next_call(doors)
    assert (await signals(call))[-1] == LegEnded(speaker="caller", by_peer=True, status=200)


async def test_breaking_off_is_none(doors: ForkSource) -> None:
    async with audiosocket(doors) as caller:
        caller.writer.write(message(0x10, PCM)[:200])
        call = await next_call(doors)
        await asyncio.sleep(0.05)
    assert (await signals(call))[-1] == LegEnded(speaker="caller", by_peer=False, reason="source")


async def test_garbage_is_closed_and_counted(doors: ForkSource) -> None:
    before = refused("uuid")
    async with audiosocket(doors, mute=True) as intruder:
        intruder.writer.write(b"GET / HTTP/1.1\r\nHost: minwon\r\n\r\n")
        assert await intruder.closed() == b""
    assert refused("uuid") == before + 1


async def test_the_same_uuid_twice_is_a_mistake_of_the_dialplan(doors: ForkSource) -> None:
    uuid = uuid4()
    async with audiosocket(doors, uuid) as first:
        call = await next_call(doors)
        before = refused("doubled")
        async with audiosocket(doors, uuid) as second:
            await second.closed()
        assert refused("doubled") == before + 1
        first.say()
        await frames(call, "caller", 1)


async def test_a_slow_loris_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HELLO_S", 0.3)
    monkeypatch.setattr(stream, "IDLE_S", 0.3)
    async with forks() as doors:
        before = refused("stalled")
        async with audiosocket(doors, mute=True) as silent, audiosocket(doors) as trickling:
            call = await next_call(doors)
            piece = message(0x10, PCM)
            trickle = asyncio.create_task(_trickle(trickling.writer, piece))
            assert await silent.closed() == b""
            ended = (await signals(call))[-1]
            trickle.cancel()
        assert ended == LegEnded(speaker="caller", by_peer=False, reason="source")
        assert refused("stalled") == before + 2


async def _trickle(writer: asyncio.StreamWriter, data: bytes) -> None:
    for byte in data:
        writer.write(bytes([byte]))
        await asyncio.sleep(0.05)


async def test_a_flood_is_ended_and_harms_nobody(doors: ForkSource) -> None:
    async with audiosocket(doors) as calm, audiosocket(doors) as flooding:
        calls = [await next_call(doors), await next_call(doors)]
        flooded = metrics.FORK_FRAMES_DROPPED._value.get()
        before = refused("flood")
        for _ in range(20):
            flooding.writer.write(message(0x10, PCM * 100))
        await flooding.closed()
        assert refused("flood") == before + 1
        assert metrics.FORK_FRAMES_DROPPED._value.get() > flooded
        calm.say()
        await until(lambda: any(len(call.frames("caller")) == 1 for call in calls))


async def test_more_than_forks_streams() -> None:
    async with forks(streams=2) as doors, audiosocket(doors), audiosocket(doors):
        await until(lambda: doors.streams == 2)
        before = refused("full")
        async with audiosocket(doors) as third:
            await third.closed()
        assert refused("full") + refused("rate") >= before + 1


async def test_a_stranger_gets_no_answer() -> None:
    async with forks(networks=("192.0.2.0/24",)) as doors:
        before = refused("stranger")
        async with audiosocket(doors) as stranger:
            assert await stranger.closed() == b""
        assert refused("stranger") == before + 1 and doors.streams == 0


async def test_too_many_connections_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "CONNECTIONS_PER_S", 0)
    async with forks(streams=1) as doors, audiosocket(doors):
        before = refused("rate")
        async with audiosocket(doors) as second:
            await second.closed()
        assert refused("rate") == before + 1


async def test_fifty_streams_side_by_side(doors: ForkSource) -> None:
    async def one(number: int) -> bytes:
        async with audiosocket(doors, telling_uuid(f"{number:012}", "caller")) as caller:
            for _ in range(25):
                caller.say(bytes([number, 0]) * 160)
                await asyncio.sleep(0.02)
        return bytes([number, 0]) * 160

    async def listened() -> list[bytes]:
        return [b"".join(f.pcm for f in await frames(await next_call(doors), "caller", 25)) for _ in range(50)]

    async with asyncio.TaskGroup() as tasks:
        said = [tasks.create_task(one(number)) for number in range(50)]
        heard = tasks.create_task(listened())
    assert sorted(heard.result()) == sorted(task.result() * 25 for task in said)
    await until(lambda: doors.streams == 0)


async def test_a_flood_of_nothing(doors: ForkSource) -> None:
    before = refused("flood")
    async with audiosocket(doors) as flooding:
        call = await next_call(doors)
        flooding.writer.write(message(0x42) * 10_000)
        await flooding.closed()
    assert (await signals(call))[-1] == LegEnded(speaker="caller", by_peer=False, reason="source")
    assert refused("flood") == before + 1
