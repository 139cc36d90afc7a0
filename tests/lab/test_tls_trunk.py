"""A trunk that is closed: the exchange speaks TLS and SRTP with our front, or straight with a SIP worker."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec
import pytest

from core.config import Config, FrontConfig, PeerConfig, SipConfig
from server.exchange.front import front_of, verify, write
from server.exchange.kamailio import Kamailio, ask
from telephony.sip import SipBridge
from tests.lab.baresip import Baresip
from tests.lab.exchange import HOTLINE, CityExchange, city_exchange
from tests.lab.probe import options
from tests.patience import until
from tests.sip.attendant import Attendant
from tests.sip.sipp import HOST, free_port
from tests.sip.test_tls import City, TlsClient

pytestmark = [pytest.mark.sip, pytest.mark.slow]
EXCHANGE = "127.0.0.5"
PEERS = (PeerConfig(name="exchange", networks=(f"{EXCHANGE}/32",), tls_only=True, srtp="required"),)
CALLER_HZ, AGENT_HZ = 440, 700


class Stage(msgspec.Struct):
    """What runs."""

    exchange: CityExchange
    bridge: SipBridge
    city: City
    address: str
    """Where strangers may knock: host:port of SIP in clear ..."""
    tls_address: str
    """... and of TLS."""
    control: Path
    """Of the front, where there is one."""
    strangers: Callable[[], int]
    """How many messages of strangers and in clear were counted."""

    async def answers(self, client: TlsClient) -> bool:
        """Whether that one is answered."""
        try:
            async with asyncio.timeout(1.0), client:
                return await client.options()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return False


@asynccontextmanager
async def through_the_front(folder: Path) -> AsyncIterator[Stage]:
    """exchange == TLS ==> front -- UDP --> worker, and back."""
    city, port, tls_port = City(folder), free_port(), free_port()
    async with AsyncExitStack() as stack:
        exchange = await stack.enter_async_context(an_exchange(folder, city, f"{HOST}:{tls_port}"))
        sip = SipConfig(port=0, rtp_port=0, workers=1, trunks=(), fronts=(HOST,), proxy=f"sip:{HOST}:{port};lr")
        bridge = await stack.enter_async_context(SipBridge(sip, run_dir=folder / "run", peers=PEERS))
        config = Config(
            sip=SipConfig(trunks=(), tls=city.config.tls),
            peers=PEERS,
            front=FrontConfig(host=HOST, port=port, tls_port=tls_port),
        )
        control = folder / "front.ctl"
        front = front_of(config, folder / "front", control=str(control), workers=bridge.addresses)
        write(front)
        verify(front.folder)
        await stack.enter_async_context(Kamailio(front.folder / "kamailio.cfg", (HOST, port)))
        strangers = partial(counted, control)
        yield Stage(exchange, bridge, city, f"{HOST}:{port}", f"{HOST}:{tls_port}", control, strangers)


@asynccontextmanager
async def straight(folder: Path) -> AsyncIterator[Stage]:
    """exchange == TLS ==> worker, and back."""
    city = City(folder)
    sip = msgspec.structs.replace(city.config, trunks=(), srtp="off")
    async with SipBridge(sip, run_dir=folder / "run", peers=PEERS) as bridge:
        worker = bridge.workers()[0]
        async with an_exchange(folder, city, worker.tls_address) as exchange:
            strangers = partial(swallowed, bridge)
            yield Stage(exchange, bridge, city, worker.address, worker.tls_address, folder, strangers)


def an_exchange(folder: Path, city: City, trunk: str) -> AsyncIterator[CityExchange]:
    """At an address of its own, with a certificate of the city for it."""
    tls = (*city.authority.issue("exchange", host=f"IP:{EXCHANGE}"), city.authority.file)
    trunks = {HOTLINE: f"{trunk};transport=tls"}
    return city_exchange(folder / "exchange", trunks=trunks, tls=tls, host=EXCHANGE)


def counted(control: Path) -> int:
    """By the front."""
    found = re.search(r"minwon_strangers = (\d+)", ask(control, "stats.get_statistics", "script:"))
    return int(found[1]) if found else 0


def swallowed(bridge: SipBridge) -> int:
    """By the worker."""
    refused = bridge.workers()[0].refused_by
    return refused.get("stranger", 0) + refused.get("plain", 0)


@pytest.mark.parametrize("way", [through_the_front, straight])
async def test_a_call_by_a_closed_trunk_while_strangers_knock(tmp_path: Path, way: object) -> None:
    async with AsyncExitStack() as stack:
        here: Stage = await stack.enter_async_context(way(tmp_path))  # type: ignore[operator]
        at = here.exchange.address
        agent = await stack.enter_async_context(Baresip(tmp_path, "2101", at, hertz=AGENT_HZ, srtp=True))
        attendant = Attendant(here.bridge, (here.exchange.tls_uri("2101"),))
        await stack.enter_async_context(attendant.at_work())
        async with Baresip(tmp_path, "0100", at, hertz=CALLER_HZ, srtp=True, dials=HOTLINE) as caller:
            attended = await attendant.joined()
            await strangers_knock(here)
        await attendant.over()
        assert attended.tones("caller") == {CALLER_HZ} and attended.tones("agent") == {AGENT_HZ}
        await until(lambda: CALLER_HZ in agent.heard() and AGENT_HZ in caller.heard())


async def strangers_knock(here: Stage) -> None:
    """None of them is answered, each is counted."""
    before = here.strangers()
    assert await options(here.address, EXCHANGE) == "", "the exchange, or who says so, in clear"
    assert not await here.answers(TlsClient(here.tls_address, here.city)), "a certificate of the city, but no peer"
    assert not await here.answers(TlsClient(here.tls_address, here.city, certificate=False))
    await until(lambda: here.strangers() == before + 2)


async def test_the_front_takes_a_new_certificate_when_it_is_told(tmp_path: Path) -> None:
    async with through_the_front(tmp_path) as here, TlsClient(here.tls_address, here.city) as before:
        here.city.use("second")
        ask(here.control, "tls.reload")
        async with TlsClient(here.tls_address, here.city) as after:
            assert (before.shown(), after.shown()) == ("first", "second")
