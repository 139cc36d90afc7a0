"""Where bad SIP is thrown: one worker is hit, another carries a call all the time and must not notice anything."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from core.config import SipConfig
from telephony.contract import Call, WorkerState
from telephony.sip import SipBridge
from telephony.sip_build import Kind
from tests.patience import until
from tests.sip.attendant import Attendant, Attended
from tests.sip.sipp import HOST, Sipp
from tests.sip.test_workers import answers_sip

CALLER = "01000001111"
"""Whose calls are joined with the agent; all others are refused with 486."""
_CALLS = 200
"""That the agent's phone answers before it goes."""
_BURST = 50
_BACK_S = 1.0
"""Within which a dead worker takes calls again, where the machine is not busy."""

CONFIG = SipConfig(port=0, rtp_port=0, workers=2, invites_per_s=100_000, srtp="optional")


class Arena:
    """``hit`` is the address that attacks go to."""

    def __init__(self, bridge: SipBridge, attendant: Attendant, spared: Attended, build: Kind, folder: Path) -> None:
        self.bridge = bridge
        self.attendant = attendant
        self.folder = folder
        self._spared = spared
        self._build = build
        self._pid = bridge.workers()[1].pid
        self._heard = 0

    @property
    def hit(self) -> str:
        """host:port of the worker under attack."""
        return self.bridge.addresses[0]

    @property
    def state(self) -> WorkerState:
        """Of the worker under attack."""
        return self.bridge.workers()[0]

    async def send(self, messages: Iterable[bytes]) -> None:
        """Datagrams to the SIP port, as fast as the worker reads them: after each burst it is asked whether it is
        there, and waited for if it is not."""
        host, _, port = self.hit.rpartition(":")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind((HOST, 0))
            for number, message in enumerate(messages, start=1):
                sender.sendto(message[:65_000], (host, int(port)))
                if number % _BURST == 0:
                    await answers_sip(self.hit, 10.0)
        await answers_sip(self.hit, 10.0)

    async def joined(self, before: int) -> Attended:
        """The call after so many."""
        return await self.attendant.joined(before)

    async def unharmed(self) -> None:
        """The other worker felt nothing, and the one that was hit joins the next call. The tuned build did not die."""
        if self._build == "tuned":
            assert self.state.restarts == 0, "a worker of the tuned build died"
        spared = self._spared
        assert self.bridge.workers()[1].pid == self._pid and self.bridge.workers()[1].restarts == 0
        assert not spared.over.is_set()
        starts = [frame.start for frame in spared.frames["caller"][self._heard :]]
        self._heard = len(spared.frames["caller"])
        # Half a second is a busy test machine; how short gaps are is the benches' to say.
        assert max(later - earlier for earlier, later in pairwise(starts)) < 1.0
        assert await answers_sip(self.hit, 5.0) < _BACK_S
        number = len(self.attendant.calls)
        async with Sipp(self.folder, "caller", to=self.hit, talk_s=0.3) as next_caller:
            await next_caller.finished()
        assert (await self.attendant.over(number)).results == ["answered"]

    async def empty(self) -> None:
        """No call is left in the worker that was hit."""
        await until(lambda: self.state.calls == 0)


@asynccontextmanager
async def arena(folder: Path, build: Kind, config: SipConfig) -> AsyncIterator[Arena]:
    """Two workers, one of them with a call."""
    async with (
        SipBridge(config, run_dir=folder / "run") as bridge,
        Sipp(folder, "agent", calls=_CALLS, hertz=1000, patience_s=300) as agent,
        Attendant(bridge, [agent.uri], ring_s=2.0, refuse=_is_stranger).at_work() as attendant,
        Sipp(folder, "caller_stays", to=bridge.addresses[1], fill={"stays_ms": "250000"}, patience_s=300) as caller,
    ):
        spared = await attendant.joined(0)
        yield Arena(bridge, attendant, spared, build, folder)
        await spared.call.hang_up()
        await caller.finished()  # it answered: a worker waits for the ends of its calls before it goes


def _is_stranger(call: Call) -> bool:
    return call.caller.number != CALLER


async def pause(seconds: float) -> None:
    """Let time pass in which something bad would happen."""
    await asyncio.sleep(seconds)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ring(build: Kind, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Arena]:
    """One arena for all tests of a file, which imports this."""
    async with arena(tmp_path_factory.mktemp("sip"), build, CONFIG) as one:
        yield one
