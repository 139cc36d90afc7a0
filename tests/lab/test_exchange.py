"""Calls through a city exchange that is not ours, to phones that are not ours: by trunk and front, and registered."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from tests.lab.baresip import Baresip
from tests.lab.stages import by_registration, by_trunk
from tests.patience import until
from tests.sip.attendant import Attendant
from tests.sip.sipp import Sipp

pytestmark = [pytest.mark.sip, pytest.mark.slow]
CALLER_HZ, AGENT_HZ = 440, 700


@pytest.mark.parametrize("way", [by_trunk, by_registration])
async def test_a_call_from_the_city_reaches_a_phone_of_the_house(tmp_path: Path, way: object) -> None:
    async with contextlib.AsyncExitStack() as stack:
        exchange, bridge = await stack.enter_async_context(way(tmp_path))  # type: ignore[operator]
        phone = await stack.enter_async_context(Baresip(tmp_path, "2101", exchange.address, hertz=AGENT_HZ))
        attendant = Attendant(bridge, (exchange.uri("2101"),))
        await stack.enter_async_context(attendant.at_work())
        async with Sipp(tmp_path, "caller", to=exchange.address, hertz=CALLER_HZ, talk_s=3) as caller:
            attended = await attendant.joined()
            await caller.finished()
        await attendant.over()
        assert attended.tones("caller") == {CALLER_HZ}
        assert attended.tones("agent") == {AGENT_HZ}
        await until(lambda: CALLER_HZ in phone.heard())
