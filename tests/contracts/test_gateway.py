"""The contract of gateways, on the outbox, on SENS (a server of ours that behaves as its reference says) and on two
message centres that speak SMPP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest

from channels.compose import composed
from channels.contract import Gateway, Message, Receipt
from channels.outbox import Outbox
from channels.sens_gateway import SensGateway
from channels.smpp_gateway import SmppGateway
from core.errors import GatewayFault
from core.events import now
from tests.channels.smpp_stage import TERMS, Told, settings, smpp_gateway
from tests.fakes.sens import ACCESS_KEY, SECRET_KEY, SENDER, SERVICE, Sens
from tests.fakes.smpp34_centre import Smpp34Centre
from tests.fakes.smpp_centre import SmppCentre
from tests.patience import until

NUMBER = "01000001234"
Got = Callable[[], list[str]]


def sens_gateway(sens: Sens, **other: object) -> SensGateway:
    settings: dict[str, object] = {
        "url": sens.url,
        "service": SERVICE,
        "access_key": ACCESS_KEY,
        "secret_key": SECRET_KEY,
        "sender": SENDER,
        "timeout_s": 5.0,
    }
    return SensGateway(**(settings | other))  # type: ignore[arg-type]


def message(message_id: str = "m1", text: str = "한빛시 민원콜센터입니다.", at: datetime | None = None) -> Message:
    return composed(message_id=message_id, to=NUMBER, text=text, at=at or now())


class Site:
    """A gateway, and what callers got through it."""

    def __init__(self, gateway: Gateway, got: Got, told: Told) -> None:
        self.gateway = gateway
        self.got = got
        self.told = told


@pytest.fixture(params=["outbox", "sens", "smpp", "smpp34"])
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    told = Told()
    if request.param == "outbox":
        outbox = Outbox()
        yield Site(outbox, lambda: [kept.text for kept in outbox.messages], told)
    elif request.param == "sens":
        async with Sens() as sens:
            gateway = sens_gateway(sens)
            yield Site(gateway, lambda: [taken["content"] for taken in sens.taken], told)
            await gateway.close()
            assert sens.complaints == []
    elif request.param == "smpp":
        async with SmppCentre() as centre:
            smpp = smpp_gateway(centre)
            await smpp.open(told, [])
            yield Site(smpp, centre.texts, told)
            await smpp.close()
            assert centre.complaints == []
    else:
        async with Smpp34Centre() as other:
            smpp = SmppGateway(settings(other.port), TERMS)
            await smpp.open(told, [])
            yield Site(smpp, other.texts, told)
            await smpp.close()


async def final(site: Site, sent: Message, receipt: Receipt) -> Receipt:
    """Its end, told or asked for."""
    if site.gateway.tells and receipt.state == "sent":
        await until(lambda: any(told.reference == receipt.reference for told in site.told.told))
        return next(told for told in site.told.told if told.reference == receipt.reference)
    for _ in range(5):
        if receipt.state != "sent":
            break
        receipt = await site.gateway.delivery(sent, receipt.reference)
    return receipt


async def test_a_message_is_taken_over_and_arrives_as_it_was_written(site: Site) -> None:
    sent = message(text="[한빛시 민원콜센터] 여권과 02-000-1234 \"100%\" <안내> & '문의'\n둘째 줄")
    receipt = await site.gateway.send(sent)
    assert receipt.state in {"sent", "delivered"}
    assert receipt.reference
    assert (await final(site, sent, receipt)).state == "delivered"
    assert site.got() == [sent.text]


async def test_a_long_message_arrives_whole(site: Site) -> None:
    sent = message(text="여권 재발급 안내입니다. 신분증과 사진 한 장을 가져오세요.\n" + "가" * 950)
    assert sent.kind == "lms"
    await site.gateway.send(sent)
    assert site.got() == [sent.text]


async def test_what_an_earlier_try_brought_is_not_sent_again(site: Site) -> None:
    began = now()
    sent = message()
    first = await site.gateway.send(sent)
    again = await site.gateway.send(sent, tried=began)
    assert again.reference == first.reference
    assert len(site.got()) == 1


async def test_what_an_earlier_try_did_not_bring_is_sent(site: Site) -> None:
    await site.gateway.send(message("m0", "다른 문자"))
    receipt = await site.gateway.send(message(), tried=now() - timedelta(seconds=3))
    assert receipt.state in {"sent", "delivered"}
    assert sorted(site.got()) == sorted(["다른 문자", message().text])


async def test_closing_twice_is_closing(site: Site) -> None:
    await site.gateway.close()
    await site.gateway.close()


async def test_a_closed_gateway_says_so_or_works_never_hangs(site: Site) -> None:
    await site.gateway.close()
    try:
        assert (await site.gateway.send(message())).state in {"sent", "delivered"}
    except GatewayFault as fault:
        assert NUMBER not in str(fault)
