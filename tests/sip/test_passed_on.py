"""A caller is passed on over real SIP: the call flow, a worker, and three softphones on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.events import CallEnded, CallJoined, TransferChanged
from server.targets import Third
from telephony.sip import SipBridge
from telephony.softphone import Answering, PhoneCall, Softphone
from tests.server.talk_stage import TalkStage

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]
TAX = "2311"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def phones(build: object) -> AsyncIterator[tuple[Softphone, Softphone, Softphone]]:
    """The caller's, the agent's and the department's."""
    async with (
        Softphone(user="01000001111") as caller,
        Softphone(user="2101", answering=Answering()) as agent,
        Softphone(user=TAX, answering=Answering()) as department,
    ):
        yield caller, agent, department


class Line:
    """Caller and kim talk over real SIP."""

    def __init__(self, bridge: SipBridge, phones: tuple[Softphone, Softphone, Softphone]) -> None:
        self._bridge = bridge
        self.caller, self.agent, self.department = phones

    async def __aenter__(self) -> Line:
        self.stage = TalkStage(outbound=f"sip:{{number}}@{self.department.address}", ring_timeout_s=5.0)
        await self.stage.__aenter__()
        self.stage.dispatcher.roster.agent("kim").uri = self.agent.uri
        self.citizen: PhoneCall = await self.caller.dial(f"sip:120@{self._bridge.addresses[0]}")
        call = await anext(aiter(self._bridge.calls()))
        await self.stage.talk(call)
        self.kim = await self.agent.next_call()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stage.__aexit__(*exc)


async def test_asked_first_and_handed_over_then_the_department_hangs_up(
    bridge: SipBridge, phones: tuple[Softphone, Softphone, Softphone]
) -> None:
    async with Line(bridge, phones) as line:
        stage = line.stage
        await stage.flow.passing.pass_on(Third(number=TAX, name="세무과"), "consult", "kim")
        await stage.told("talking")
        tax = await line.department.next_call()
        await stage.flow.passing.step("join", "kim")
        await stage.told("conference")
        await line.kim.hang_up()
        await stage.told("done")
        await stage.until(lambda: len(stage.of(CallJoined)) == 2)
        assert stage.of(CallJoined)[-1].agent_name == "세무과"
        assert stage.state("kim") == "wrap_up"
        await tax.hang_up()
        await line.citizen.over()
        await stage.run
        assert stage.of(CallEnded)[-1].reason == "agent_hung_up"


async def test_the_transfer_key_of_a_phone_and_a_caller_who_comes_back(
    bridge: SipBridge, phones: tuple[Softphone, Softphone, Softphone]
) -> None:
    async with Line(bridge, phones) as line:
        stage = line.stage
        await line.department.answering(Answering(mode="refuse", status=486))
        await stage.flow.passing.pass_on(Third(number=TAX, name="세무과"), "blind", "kim")
        assert (await stage.told("returned")).reason == "busy"
        await line.kim.over()
        again = await line.agent.next_call()
        await stage.until(lambda: stage.flow.agent_id == "kim")
        await line.department.answering(Answering())
        await again.refer(f"sip:{TAX}@wherever.example")
        await stage.told("done")
        assert (await again.transfer_over())[-1] == 200
        assert [event.state for event in stage.of(TransferChanged)][:2] == ["ringing", "returned"]
        await line.citizen.hang_up()
        await stage.run
        assert stage.of(CallEnded)[-1].reason == "caller_hung_up"


async def test_a_phone_that_hangs_up_with_the_202_leaves_its_caller_to_the_third(
    bridge: SipBridge, phones: tuple[Softphone, Softphone, Softphone]
) -> None:
    async with Line(bridge, phones) as line:
        stage = line.stage
        await line.department.answering(Answering(after_ms=700))
        await line.kim.refer(f"sip:{TAX}@wherever.example")
        await line.kim.hang_up()
        await stage.told("done")
        await stage.until(lambda: len(stage.of(CallJoined)) == 2)
        assert stage.state("kim") == "wrap_up"
        await line.citizen.hang_up()
        await stage.run
