"""A caller is passed on within the house: every phone stands at the lab's exchange and is not ours."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from telephony.contract import HandedOver, LegEnded
from tests.lab.baresip import Baresip
from tests.lab.stages import by_registration, by_trunk
from tests.patience import until
from tests.sip.attendant import Attendant
from tests.sip.sipp import Sipp

pytestmark = [pytest.mark.sip, pytest.mark.slow]
CALLER_HZ, AGENT_HZ, OFFICE_HZ = 440, 700, 1000


@pytest.mark.parametrize("way", [by_trunk, by_registration])
async def test_the_agent_asks_a_department_and_hands_the_caller_over(tmp_path: Path, way: object) -> None:
    async with contextlib.AsyncExitStack() as stack:
        exchange, bridge = await stack.enter_async_context(way(tmp_path))  # type: ignore[operator]
        agent = await stack.enter_async_context(Baresip(tmp_path, "2101", exchange.address, hertz=AGENT_HZ))
        office = await stack.enter_async_context(Baresip(tmp_path, "2301", exchange.address, hertz=OFFICE_HZ))
        attendant = Attendant(bridge, (exchange.uri("2101"),))
        await stack.enter_async_context(attendant.at_work())
        async with Sipp(tmp_path, "caller", to=exchange.address, hertz=CALLER_HZ, talk_s=6) as caller:
            attended = await attendant.joined()
            await asyncio.sleep(1.0)
            call = attended.call
            assert await call.consult(exchange.uri("2301"), reference="@office", ring_timeout_s=10) == "answered"
            await asyncio.sleep(1.0)
            await call.hand_over()
            await until(lambda: any(isinstance(signal, HandedOver) for signal in attended.signals))
            await until(lambda: agent.over)
            await caller.finished()
        await attendant.over()
        await until(lambda: {CALLER_HZ, OFFICE_HZ} <= agent.heard())  # with one after the other
        await until(lambda: {AGENT_HZ, CALLER_HZ} <= office.heard())


async def test_a_department_that_does_not_answer_leaves_the_caller_to_the_agent(tmp_path: Path) -> None:
    async with contextlib.AsyncExitStack() as stack:
        exchange, bridge = await stack.enter_async_context(by_trunk(tmp_path))
        await stack.enter_async_context(Baresip(tmp_path, "2101", exchange.address, hertz=AGENT_HZ))
        await stack.enter_async_context(Baresip(tmp_path, "2301", exchange.address, answers=False))
        attendant = Attendant(bridge, (exchange.uri("2101"),))
        await stack.enter_async_context(attendant.at_work())
        async with Sipp(tmp_path, "caller", to=exchange.address, hertz=CALLER_HZ, talk_s=7) as caller:
            call = (await attendant.joined()).call
            await call.release_agent()
            await call.play("connecting", loop=True)
            assert await call.dial(exchange.uri("2301"), reference="@office", ring_timeout_s=1.5) == "no_answer"
            assert await call.dial(exchange.uri("2101"), reference="kim", ring_timeout_s=5) == "answered"
            await caller.finished()


async def test_the_exchange_takes_the_call_over(tmp_path: Path) -> None:
    async with contextlib.AsyncExitStack() as stack:
        exchange, bridge = await stack.enter_async_context(by_registration(tmp_path))
        await stack.enter_async_context(Baresip(tmp_path, "2101", exchange.address, hertz=AGENT_HZ))
        office = await stack.enter_async_context(Baresip(tmp_path, "2301", exchange.address, hertz=OFFICE_HZ))
        attendant = Attendant(bridge, (exchange.uri("2101"),))
        await stack.enter_async_context(attendant.at_work())
        async with Baresip(tmp_path, "01000000007", exchange.address, hertz=CALLER_HZ, dials="120"):
            attended = await attendant.joined()
            assert await attended.call.refer(exchange.uri("2301")) // 100 == 2
            await attendant.over()
            assert isinstance(attended.ended, LegEnded) and attended.ended.reason == "handed_on"
            await until(lambda: "established" in office.log)
            await asyncio.sleep(1.5)
        await until(lambda: CALLER_HZ in office.heard())
