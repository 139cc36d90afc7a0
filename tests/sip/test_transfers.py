"""Transfers by REFER and Replaces between real parties: asked for by phones, by us, by an exchange on its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from telephony.contract import Call, HandedOver, LegEnded, TransferAsked
from telephony.sip import SipBridge
from telephony.softphone import Answering
from tests.lab.baresip import Baresip
from tests.patience import until
from tests.sip.attendant import Attendant
from tests.sip.conftest import short
from tests.sip.four_phones import FourPhones, four_phones
from tests.sip.raw_caller import RawCaller, answer_to
from tests.sip.sipp import Sipp

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_phones(bridge: SipBridge, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FourPhones]:
    async with four_phones(bridge, short(tmp_path_factory)) as phones:
        yield phones


@pytest_asyncio.fixture(loop_scope="module")
async def phones(open_phones: FourPhones) -> AsyncIterator[FourPhones]:
    yield open_phones
    await open_phones.over()


async def asked_for(call: Call) -> TransferAsked:
    async with asyncio.timeout(10):
        async for signal in call.signals():
            if isinstance(signal, TransferAsked):
                return signal
    raise AssertionError("the call is over")


async def end_of(call: Call) -> LegEnded:
    async with asyncio.timeout(15):
        last = [signal async for signal in call.signals()][-1]
    assert isinstance(last, LegEnded)
    return last


async def test_the_transfer_key_hands_the_caller_to_another_phone(phones: FourPhones) -> None:
    """Blind: the agent's phone is told how it went, then it is let go."""
    call = await phones.joined()
    await phones.on["agent"].refer(phones.uri("third"))
    asked = await asked_for(call)
    assert (asked.speaker, asked.uri, asked.replaces) == ("agent", phones.uri("third"), "")
    await phones.house.answering(Answering(after_ms=300))
    consulting = asyncio.create_task(call.consult(asked.uri, reference="tax", ring_timeout_s=10))
    await call.transfer_told(180)
    assert await consulting == "answered"
    await phones.house.answering(Answering())
    await phones.comes("third")
    await call.transfer_told(200)
    assert await phones.on["agent"].transfer_over() == [100, 100, 180, 200]
    await phones.on["agent"].hang_up()  # as a phone does when its transfer has gone well
    await phones.until_heard(caller="third", third="caller")
    await phones.on["third"].hang_up()
    assert HandedOver(speaker="agent") in [signal async for signal in call.signals()]


async def test_the_transfer_key_gives_us_the_other_call_of_the_phone(phones: FourPhones) -> None:
    """Attended at the phone: its second call, which we know nothing of, becomes a leg of ours by Replaces."""
    call = await phones.joined()
    asking = await phones.house.dial(phones.caller.uri)  # whoever answers there is the department
    await asking.answered()
    await phones.on["agent"].refer(replacing=asking)
    asked = await asked_for(call)
    assert asked.uri == phones.caller.uri
    assert re.fullmatch(r"[^;]+;to-tag=[^;]+;from-tag=[^;]+", asked.replaces)
    headers = (("Replaces", asked.replaces),)
    assert await call.consult(asked.uri, reference="tax", ring_timeout_s=10, headers=headers) == "answered"
    await call.transfer_told(200)
    assert (await asking.over()).by_peer, "its place was taken"
    await phones.on["agent"].hang_up()
    third = next(one for one in phones.caller.calls.values() if one.name.startswith("begun") and one.ended is None)
    phones.on["third"] = third
    await phones.speaks("third")
    await phones.until_heard(caller="third", third="caller")


@pytest.mark.parametrize(
    ("who", "target", "status"),
    [
        ("agent", "120@exchange.example", 482),
        ("agent", "2140@OURSELVES", 482),
        ("caller", "2140@exchange.example", 403),
    ],
)
async def test_transfers_that_lead_back_or_are_not_for_that_party(
    phones: FourPhones, who: str, target: str, status: int
) -> None:
    call = await phones.joined()
    side = phones.on["agent" if who == "agent" else "caller"]
    await side.refer(f"sip:{target.replace('OURSELVES', phones.bridge.addresses[0])}")
    assert await side.transfer_over() == [status]
    await call.hang_up()
    assert not [signal async for signal in call.signals() if isinstance(signal, TransferAsked)]


async def test_an_exchange_puts_another_into_a_leg_of_ours_and_the_talk_goes_on(
    bridge: SipBridge, tmp_path: Path
) -> None:
    async with (
        Sipp(tmp_path, "agent", hertz=1000) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        RawCaller(bridge.addresses[0]) as first,
    ):
        assert await first.invite() == 200
        attended = await attendant.joined()
        ok = await first.heard("SIP/2.0 200")
        ours, theirs, name = (re.search(part, ok, re.M)[1] for part in (  # type: ignore[index]
            r"^To:.*;tag=([^\s;]+)", r"^From:.*;tag=([^\s;]+)", r"^Call-ID:\s*(\S+)"))  # fmt: skip
        replaces = {"headers": f"Replaces: {name};to-tag={ours};from-tag={theirs}\n", "called": "whoever"}
        async with Sipp(
            tmp_path, "caller", to=bridge.addresses[0], hertz=1500, talk_s=1.5, fill=replaces, rtp=None
        ) as second:
            await first.heard("BYE")
            await second.finished()
            await agent.finished()
        attended = await attendant.over()
    assert attended.tones("caller") == {1500} and attended.tones("agent") == {1000}
    assert [end.speaker for end in attended.signals if isinstance(end, LegEnded)] == ["agent", "caller"]


async def test_the_transfer_key_of_a_phone_that_is_not_ours(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        Baresip(tmp_path, "2101", "127.0.0.1:9", registers=False) as phone,
        Sipp(tmp_path, "agent", hertz=1500) as office,
    ):
        await until(lambda: "ready" in phone.log)
        async with (
            Attendant(bridge, [phone.uri]).at_work() as attendant,
            Sipp(tmp_path, "caller", to=bridge.addresses[0], talk_s=3.0) as caller,
        ):
            attended = await attendant.joined()
            await phone.command("transfer", "sip:2140@exchange.example")
            await attendant.until(lambda: any(isinstance(signal, TransferAsked) for signal in attended.signals))
            consulted = attended.call.consult(office.uri, reference="tax", ring_timeout_s=5)
            assert await consulted == "answered"
            await attended.call.transfer_told(200)  # it says BYE by itself then
            await attendant.until(lambda: any(isinstance(signal, HandedOver) for signal in attended.signals))
            await caller.finished()
            await office.finished()
            await attendant.over()


async def test_a_leg_that_nobody_has_cannot_be_taken(bridge: SipBridge, tmp_path: Path) -> None:
    fill = {"headers": "Replaces: nobody@nowhere;to-tag=1;from-tag=2\n", "status": "481"}
    async with Sipp(tmp_path, "caller_refused", to=bridge.addresses[0], fill=fill) as party:
        await party.finished()


@pytest.mark.parametrize(
    ("answer", "tells", "status"),
    [("603 Decline", "", 603), ("202 Accepted", "503 Service Unavailable", 503), ("202 Accepted", "200 OK", 200),
     ("202 Accepted", "BYE", 200)],
)  # fmt: skip
async def test_the_exchange_is_asked_to_take_a_call_over(
    bridge: SipBridge, tmp_path: Path, answer: str, tells: str, status: int
) -> None:
    async with (
        Sipp(tmp_path, "agent", hertz=1000) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        RawCaller(bridge.addresses[0]) as exchange,
    ):
        exchange.answers = lambda request: answer_to(request, answer) if request.startswith("REFER") else None
        assert await exchange.invite() == 200
        attended = await attendant.joined()
        referring = asyncio.create_task(attended.call.refer("sip:2140@exchange.example"))
        refer = await exchange.heard("REFER")
        assert re.search(r"^Refer-To:\s*<sip:2140@exchange.example>", refer, re.M)
        if tells == "BYE":
            await exchange.ask("BYE")
        elif tells:
            over = "Event: refer\r\nSubscription-State: terminated;reason=noresource\r\n"
            await exchange.ask("NOTIFY", headers=over, body=f"SIP/2.0 {tells}\r\n", content="message/sipfrag")
        async with asyncio.timeout(10):
            assert await referring == status
        if status >= 300:
            assert not attended.over.is_set(), "nothing has changed"
            await exchange.ask("BYE")
        attended = await attendant.over()
        await agent.finished()
    assert (attended.ended.reason == "handed_on") == (status == 200)
