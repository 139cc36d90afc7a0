"""Two ways into the house through the lab's exchange: by a trunk and our front, and as members of its hunt group."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from core.config import Config, FrontConfig, RegisterConfig, SipConfig
from server.exchange.front import front_of, write
from server.exchange.kamailio import Kamailio
from telephony.sip import SipBridge
from tests.lab.exchange import HOTLINE, PASSWORD, CityExchange, city_exchange
from tests.patience import until
from tests.sip.sipp import HOST, free_port


@asynccontextmanager
async def by_trunk(folder: Path) -> AsyncIterator[tuple[CityExchange, SipBridge]]:
    """exchange -> front -> workers; our own calls go back the same way."""
    port = free_port()
    sip = SipConfig(port=0, rtp_port=0, workers=2, trunks=(), fronts=(HOST,), proxy=f"sip:{HOST}:{port};lr")
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
        sip = SipConfig(port=0, rtp_port=0, workers=2, trunks=(), register=register)
        async with SipBridge(sip, run_dir=folder / "run") as bridge:
            await until(lambda: all(worker.registered for worker in bridge.workers()))
            yield exchange, bridge
