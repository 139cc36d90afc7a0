"""Orders and parties in any order and at any moment: a call always ends, and nobody's leg is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from core.config import SipConfig
from core.errors import MinwonError
from telephony.contract import Call, LegEnded
from telephony.sip import SipBridge
from telephony.softphone import Answering, PhoneCall
from tests.patience import until
from tests.sip.four_phones import FourPhones, four_phones

pytestmark = [pytest.mark.sip, pytest.mark.slow]
CALLS = 8
MANNERS = (Answering(), Answering(after_ms=60), Answering(mode="ring"), Answering(mode="refuse"))


class Chaos:
    """Everybody does something."""

    def __init__(self, phones: FourPhones, call: Call, luck: random.Random) -> None:
        self._phones, self._call, self._luck = phones, call, luck
        self._dials: list[asyncio.Future[str]] = []
        self._orders: list[Callable[[], Awaitable[object]]] = [
            lambda: call.hold(luck.random() < 0.5),
            call.conference,
            call.drop_third,
            call.hand_over,
            call.release_agent,
            lambda: call.set_supervision(luck.choice(["listen", "whisper", "barge", None])),
            lambda: call.play("closing", to=luck.choice(["caller", "agent", "third"])),
            lambda: call.transfer_told(luck.choice([180, 200, 404])),
            lambda: self._phones.house.answering(luck.choice(MANNERS)),
            self._party_goes,
            self._party_holds,
            self._party_transfers,
            self._cancel,
            self.dial,
            self.dial,
            self.consult,
            self.consult,
            self.supervise,
        ]

    async def step(self) -> None:
        with contextlib.suppress(MinwonError, TimeoutError):
            await self._luck.choice(self._orders)()
        await asyncio.sleep(self._luck.choice([0, 0, 0.005, 0.02, 0.05]))

    async def dial(self) -> None:
        self._begin(self._call.dial(self._phones.uri("agent"), reference="kim", ring_timeout_s=3))

    async def consult(self) -> None:
        self._begin(self._call.consult(self._phones.uri("third"), reference="tax", ring_timeout_s=3))

    async def supervise(self) -> None:
        uri = self._phones.uri("supervisor")
        self._begin(self._call.supervise(uri, reference="boss", mode="barge", ring_timeout_s=3))

    async def over(self) -> None:
        for task in self._dials:
            task.cancel()
        await asyncio.gather(*self._dials, return_exceptions=True)

    def _begin(self, dial: Awaitable[str]) -> None:
        self._dials.append(asyncio.ensure_future(dial))

    async def _cancel(self) -> None:
        if self._dials:
            self._luck.choice(self._dials).cancel()

    async def _party_goes(self) -> None:
        for call in self._some_phone():
            await call.hang_up()

    async def _party_holds(self) -> None:
        for call in self._some_phone():
            await call.hold(self._luck.random() < 0.5)

    async def _party_transfers(self) -> None:
        for call in self._some_phone():
            await call.refer("sip:2140@exchange.example")

    def _some_phone(self) -> list[PhoneCall]:
        up = [call for call in self._phones.house.calls.values() if call.up]
        return self._luck.sample(up, min(1, len(up)))


@pytest.mark.parametrize("seed", [7])
async def test_whatever_crosses_a_call_ends_and_leaves_nothing_behind(tmp_path: Path, seed: int) -> None:
    luck = random.Random(seed)
    config = SipConfig(port=0, rtp_port=0, workers=1, rtp_ports=8)
    async with SipBridge(config, run_dir=tmp_path / "run") as bridge, four_phones(bridge, tmp_path) as phones:
        for _ in range(CALLS):
            await phones.house.answering(Answering())
            caller = await phones.caller.dial(f"sip:120@{bridge.addresses[0]}")
            call = await anext(aiter(bridge.calls()))
            signals = asyncio.create_task(_all(call))
            await call.answer()
            chaos = Chaos(phones, call, luck)
            for begin in (chaos.dial, chaos.consult, chaos.supervise)[: luck.randrange(1, 4)]:
                await begin()
                await asyncio.sleep(0.05)
            for _ in range(luck.randrange(5, 25)):
                await chaos.step()
            await (call.hang_up() if luck.random() < 0.5 else caller.hang_up())
            async with asyncio.timeout(15):
                ended = (await signals)[-1]
            assert isinstance(ended, LegEnded) and ended.speaker == "caller"
            await chaos.over()
            everybody = [*phones.house.calls.values(), *phones.caller.calls.values()]
            await until(lambda: all(phone.ended is not None for phone in everybody), 20)  # noqa: B023
        (worker,) = bridge.workers()
        assert (worker.restarts, worker.calls) == (0, 0)


async def _all(call: Call) -> list[object]:
    return [signal async for signal in call.signals()]
