"""Our Kamailio before real SIP workers: calls spread, workers die and drain, strangers and floods stay outside."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Self

import pytest

from core.config import Config, FrontConfig, SipConfig
from server.exchange.front import front_of, verify, write
from server.exchange.kamailio import Kamailio, ask
from telephony.sip import SipBridge
from tests.lab.probe import options
from tests.patience import until
from tests.sip.attendant import Attendant
from tests.sip.raw_caller import answer_to
from tests.sip.sipp import HOST, Sipp, free_media_ports, free_port

pytestmark = [pytest.mark.sip, pytest.mark.slow]


class Stage:
    """A bridge with workers, the front before it, an agent's phone, and who attends the calls."""

    def __init__(self, bridge: SipBridge, attendant: Attendant, port: int, control: Path) -> None:
        self.bridge = bridge
        self.attendant = attendant
        self.port = port
        self.to = f"{HOST}:{port}"
        self._control = control

    def calls(self) -> list[int]:
        """How many each worker carries."""
        return [worker.calls for worker in self.bridge.workers()]

    def statistic(self, name: str) -> int:
        """A counter of the front."""
        found = re.search(rf"minwon_{name} = (\d+)", ask(self._control, "stats.get_statistics", "script:"))
        return int(found[1]) if found else 0

    def loads(self) -> list[int]:
        """How many calls the front thinks each worker has."""
        return [int(load) for load in re.findall(r"DLGLOAD: (\d+)", ask(self._control, "dispatcher.list"))]

    async def options(self, source: str = HOST) -> str:
        """The status line that an OPTIONS from that address brings; '' = no answer within a second."""
        return await options(self.to, source)


@asynccontextmanager
async def stage(
    folder: Path, *, workers: int, trunks: tuple[str, ...] = (HOST,), others: tuple[str, ...] = ()
) -> AsyncIterator[Stage]:
    """Workers of two calls each. ``trunks``: who may call the front; ``others``: what it takes for workers too."""
    port = free_port()
    # Ports that nobody else here chooses from: each worker has no more than it needs.
    rtp_port = free_media_ports(workers * 8, (32_010, 32_760))
    sip = SipConfig(port=0, rtp_port=rtp_port, workers=workers, trunks=(), fronts=(HOST,), rtp_ports=8)
    async with contextlib.AsyncExitStack() as stack:
        bridge = await stack.enter_async_context(SipBridge(sip, run_dir=folder / "run"))
        agent = await stack.enter_async_context(Sipp(folder, "agent", calls=50, echo=True, patience_s=90))
        attendant = Attendant(bridge, (agent.uri,))
        await stack.enter_async_context(attendant.at_work())
        config = Config(sip=SipConfig(trunks=trunks, invites_per_s=20), front=FrontConfig(host=HOST, port=port))
        control = folder / "front.ctl"
        front = front_of(config, folder / "front", control=str(control), workers=(*others, *bridge.addresses))
        write(front)
        verify(front.folder)
        await stack.enter_async_context(Kamailio(front.folder / "kamailio.cfg", (HOST, port)))
        yield Stage(bridge, attendant, port, control)


async def test_calls_are_spread_and_a_killed_worker_harms_no_other(tmp_path: Path) -> None:
    async with stage(tmp_path, workers=4) as here:
        async with Sipp(tmp_path, "caller", to=here.to, calls=8, talk_s=5):
            await until(lambda: here.calls() == [2, 2, 2, 2], within_s=15)
            async with Sipp(tmp_path, "caller_refused", to=here.to, fill={"status": "503"}) as ninth:
                await ninth.finished()
            os.kill(here.bridge.workers()[1].pid, signal.SIGKILL)
            await until(lambda: sum(attended.over.is_set() for attended in here.attendant.calls) == 8, within_s=25)
        ends = [attended.ended for attended in here.attendant.calls]
        assert sum(ended.reason == "worker_lost" for ended in ends) == 2
        whole = [attended for attended in here.attendant.calls if attended.ended.by_peer]
        assert len(whole) == 6
        for attended in whole:
            starts = [frame.start for frame in attended.frames["caller"]]
            assert max(later - earlier for earlier, later in pairwise(starts)) < 0.3
        await until(lambda: all(worker.alive for worker in here.bridge.workers()))
        async with Sipp(tmp_path, "caller", to=here.to, calls=8, talk_s=1) as more:
            await more.finished()
        assert here.statistic("taken") >= 17 and here.statistic("full") >= 1


class Refusing(asyncio.DatagramProtocol):
    """A worker that says it is well and takes no call."""

    def __init__(self) -> None:
        self.asked = 0
        self._transport: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(HOST, 0))
        self.address = "{}:{}".format(*self._transport.get_extra_info("sockname"))
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._transport is not None
        self._transport.close()

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        text = data.decode()
        if text.startswith("ACK"):
            return
        self.asked += text.startswith("INVITE")
        answer = answer_to(text, "503 Full" if text.startswith("INVITE") else "200 OK")
        assert self._transport is not None
        self._transport.sendto(answer.encode(), address)


async def test_a_worker_that_takes_no_call_is_passed_over(tmp_path: Path) -> None:
    async with Refusing() as refusing, stage(tmp_path, workers=2, others=(refusing.address,)) as here:
        async with Sipp(tmp_path, "caller", to=here.to, calls=4, talk_s=2) as callers:
            await until(lambda: here.calls() == [2, 2])
            async with Sipp(tmp_path, "caller_refused", to=here.to, fill={"status": "503"}) as fifth:
                await fifth.finished()
            await callers.finished()
        assert refusing.asked > 1
        await until(lambda: here.loads() == [0, 0, 0])


async def test_a_front_whose_workers_drain_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path, workers=1) as here:
        assert await here.options() == "SIP/2.0 200 OK"
        await here.bridge.drain()
        for _ in range(30):  # until the front has asked often enough
            if (answer := await here.options()).startswith("SIP/2.0 503"):
                break
            await asyncio.sleep(0.3)
        assert answer.startswith("SIP/2.0 503")
        async with Sipp(tmp_path, "caller_refused", to=here.to, fill={"status": "503"}) as caller:
            await caller.finished()


async def test_strangers_get_no_answer_and_are_counted(tmp_path: Path) -> None:
    async with stage(tmp_path, workers=1, trunks=("127.0.0.9",)) as here:
        assert await here.options("127.0.0.9") == "SIP/2.0 200 OK"
        assert await here.options("127.0.0.10") == ""
        assert here.statistic("strangers") == 1


async def test_a_flood_of_one_address_is_cut(tmp_path: Path) -> None:
    async with stage(tmp_path, workers=1) as here:
        async with Sipp(tmp_path, "caller", to=here.to, talk_s=3) as caller:
            await here.attendant.joined()
            async with Sipp(tmp_path, "caller_refused", to=here.to, calls=100, rate=400, fill={"status": "503"}):
                await until(lambda: here.statistic("too_many") > 20)
            await caller.finished()
        assert here.bridge.workers()[0].restarts == 0
