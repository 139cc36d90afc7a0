"""Both doors together: opened, drained, closed."""

from __future__ import annotations

import pytest
from websockets.asyncio.client import connect

from core.config import ForksConfig
from core.errors import ConfigError, PortTaken
from telephony.contract import CallSource, LegEnded
from telephony.forks.audiosocket import HUNG_UP
from telephony.forks.source import ForkSource
from telephony.forks.telling_uuid import telling_uuid
from tests.telephony.forks.exchange import TOKEN, audiosocket, forks, next_call, signals, text


def as_contract(source: ForkSource) -> CallSource:
    """For mypy."""
    return source


async def test_one_door_may_stay_shut() -> None:
    async with ForkSource(ForksConfig(audiosocket_port=0)) as source:
        assert set(source.addresses) == {"audiosocket"} and not source.fault
    async with ForkSource(ForksConfig(port=0)) as source:
        assert set(source.addresses) == {"ws"}


async def test_a_port_that_is_taken_leaves_nothing_open() -> None:
    async with forks() as source:
        port = int(source.addresses["audiosocket"].rpartition(":")[2])
        other = ForkSource(ForksConfig(port=0, audiosocket_port=port))
        with pytest.raises(PortTaken, match="audiosocket_port"):
            await other.__aenter__()


def test_what_cannot_be_set() -> None:
    with pytest.raises(ConfigError):
        ForkSource(ForksConfig(networks=("all",)))


async def test_draining_takes_the_second_voice_of_a_call_and_no_other() -> None:
    key = "171234567842"
    async with forks() as source, audiosocket(source, telling_uuid(key, "caller")):
        call = await next_call(source)
        await source.drain()
        assert [call async for call in source.calls()] == []
        async with audiosocket(source, telling_uuid(key, "agent")) as agent, audiosocket(source) as other:
            agent.say()
            await other.closed()
            assert call.frames("agent") is not None and source.streams >= 2


async def test_closing_says_goodbye_to_all() -> None:
    async with forks() as source:
        address = f"ws://{source.addresses['ws']}/"
        client = await connect(address, additional_headers={"Authorization": f"Bearer {TOKEN}"})
        await client.send(text(callSid="1"))
        first = await next_call(source)
        asterisk = audiosocket(source)
        caller = await asterisk.__aenter__()
        second = await next_call(source)
    assert (await caller.closed()).endswith(HUNG_UP)
    await asterisk.__aexit__(None, None, None)
    await client.wait_closed()
    assert client.close_code == 1001
    for call in (first, second):
        assert (await signals(call))[-1] == LegEnded(speaker="caller", by_peer=False, status=200)
    assert source.streams == 0
