"""Calls through a city exchange that is not ours, to phones that are not ours: by trunk and front, and registered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from core.config import Config, FrontConfig, RegisterConfig, SipConfig
from server.exchange.front import front_of, write
from server.exchange.kamailio import Kamailio
from telephony.sip import SipBridge
from tests.lab.baresip import Baresip
from tests.lab.exchange import HOTLINE, PASSWORD, CityExchange, city_exchange
from tests.patience import until
from tests.sip.attendant import Attendant, tones
from tests.sip.sipp import HOST, Sipp, free_port

pytestmark = [pytest.mark.sip, pytest.mark.slow]
CALLER_HZ, AGENT_HZ = 440, 700


@asynccontextmanager
async def by_trunk(folder: Path) -> AsyncIterator[tuple[CityExchange, SipBridge]]:
    """exchange -> front -> workers; our own calls go back the same way."""
    port = free_port()
    sip = SipConfig(
        port=0, rtp_port=0, rtp_ports=8, workers=2, trunks=(), fronts=(HOST,), proxy=f"sip:{HOST}:{port};lr"
    )
    async with contextlib.AsyncExitStack() as stack:
        exchange = await stack.enter_async_context(
            city_exchange(folder / "exchange", trunks={HOTLINE: f"{HOST}:{port}"})
        )
        bridge = await stack.enter_async_context(SipBridge(sip, run_dir=folder / "run"))
        config = Config(sip=SipConfig(trunks=(HOST,)), front=FrontConfig(host=HOST, port=port))
        front = front_of(config, folder / "front", workers=bridge.addresses)
        write(front)
        await stack.enter_async_context(Kamailio(front.folder / "kamailio.cfg", (HOST, port)))
        yield exchange, bridge


@asynccontextmanager
async def by_registration(folder: Path) -> AsyncIterator[tuple[CityExchange, SipBridge]]:
    """Each worker is a member of the exchange's hunt group."""
    members = ("7101", "7102")
    async with city_exchange(folder / "exchange", hunt_group=members) as exchange:
        register = RegisterConfig(
            registrar=f"sip:{exchange.address}", user=members[0], users=members, password=PASSWORD
        )
        sip = SipConfig(port=0, rtp_port=0, workers=2, trunks=(), register=register, rtp_ports=8)
        async with SipBridge(sip, run_dir=folder / "run") as bridge:
            await until(lambda: all(worker.registered for worker in bridge.workers()))
            yield exchange, bridge


@pytest.mark.parametrize("way", [by_trunk, by_registration])
async def test_a_call_from_the_city_reaches_a_phone_of_the_house(tmp_path: Path, way: object) -> None:
    async with contextlib.AsyncExitStack() as stack:
        exchange, bridge = await stack.enter_async_context(way(tmp_path))  # type: ignore[operator]
        phone = await stack.enter_async_context(Baresip(tmp_path, "2101", exchange.address, hertz=AGENT_HZ))
        attendant = Attendant(bridge, (exchange.uri("2101"),))
        await stack.enter_async_context(attendant.at_work())
        async with Sipp(tmp_path, "caller", to=exchange.address, hertz=CALLER_HZ, talk_s=3) as caller:
            attended = await attendant.joined()
            await asyncio.sleep(0)
            await caller.finished()
        await attendant.over()
        assert attended.tones("caller") == {CALLER_HZ}
        assert attended.tones("agent") == {AGENT_HZ}
        await until(lambda: "session closed" in phone.log.lower() or "terminated" in phone.log.lower())
        assert CALLER_HZ in tones(np.frombuffer(phone.heard(), "<i2"))
