"""SENS over HTTP: signature, doubts, faults; nobody gets a message twice, nothing of a caller gets into an error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from channels.compose import composed
from channels.sens_gateway import SensGateway, signature
from core.errors import GatewayFault
from core.events import now
from tests.channels.certificates import self_signed
from tests.contracts.test_gateway import NUMBER, message, sens_gateway
from tests.fakes.sens import SECRET_KEY, Sens


@pytest.fixture
async def sens() -> AsyncIterator[Sens]:
    async with Sens() as server:
        yield server
        assert server.complaints == []


@pytest.fixture
async def gateway(sens: Sens) -> AsyncIterator[SensGateway]:
    opened = sens_gateway(sens)
    yield opened
    await opened.close()


def test_the_signature_is_as_another_program_makes_it() -> None:
    # printf 'GET /photos/puppy.jpg?query1=&query2\n1\nA' | openssl dgst -sha256 -hmac S -binary | base64
    made = signature("GET", "/photos/puppy.jpg?query1=&query2", "1", "A", b"S")
    assert made == "nDWKja+rFN2BGCyVnaJ+RXhsXsT/I6ln269myUBOnJ4="


async def test_wrong_keys_and_a_wrong_service_fail_with_advice(sens: Sens) -> None:
    for other, code in (
        ({"secret_key": "wrong"}, "[401]"),
        ({"access_key": "wrong"}, "[401]"),
        ({"service": "x"}, "[404]"),
    ):
        gateway = sens_gateway(sens, **other)
        receipt = await gateway.send(message())
        await gateway.close()
        assert (receipt.state, receipt.reason[-5:]) == ("failed", code)
        assert "전산 담당자" in receipt.reason
    assert sens.taken == []


@pytest.mark.parametrize("fate", ["lost", "slow", "cut"])
async def test_what_was_taken_without_an_answer_is_found_and_not_sent_again(sens: Sens, fate: str) -> None:
    gateway = sens_gateway(sens, timeout_s=0.5)
    sens.posts.append(fate)
    began = now()
    with pytest.raises(GatewayFault):
        await gateway.send(message())
    receipt = await gateway.send(message(), tried=began)
    await gateway.close()
    assert receipt.state == "sent"
    assert receipt.reference == sens.taken[0]["requestId"]
    assert len(sens.taken) == 1
    assert sens.seen("POST") == 1


@pytest.mark.parametrize("fate", [429, 500, 503, "html"])
async def test_what_was_not_taken_is_sent_by_the_next_try(sens: Sens, gateway: SensGateway, fate: str | int) -> None:
    sens.posts.append(fate)
    began = now()
    with pytest.raises(GatewayFault):
        await gateway.send(message())
    assert (await gateway.send(message(), tried=began)).state == "sent"
    assert len(sens.taken) == 1


async def test_a_long_one_goes_under_its_own_title_or_its_beginning(sens: Sens, gateway: SensGateway) -> None:
    long = message(text="여권 안내\n" + "가" * 60)
    await gateway.send(long)
    await gateway.send(replace(long, message_id="m2", subject="구비 서류"))
    assert [taken["subject"] for taken in sens.taken] == ["여권 안내", "구비 서류"]


async def test_while_the_look_is_refused_nothing_is_sent(sens: Sens, gateway: SensGateway) -> None:
    sens.gets.extend([503, "html"])
    for _ in range(2):
        with pytest.raises(GatewayFault):
            await gateway.send(message(), tried=now())
    assert sens.seen("POST") == 0


async def test_another_text_or_an_older_message_is_not_taken_for_it(sens: Sens, gateway: SensGateway) -> None:
    await gateway.send(message("a", "다른 안내"))
    await gateway.send(message("b"))
    sens.taken[1]["requestTime"] = "2020-01-01 00:00:00"
    receipt = await gateway.send(message("c"), tried=now() - timedelta(seconds=5))
    assert receipt.reference == sens.taken[2]["requestId"]


async def test_the_same_text_to_another_caller_is_not_taken_for_it(sens: Sens, gateway: SensGateway) -> None:
    sens.lists_all_numbers = True
    began = now()
    await gateway.send(composed(message_id="a", to="01000009999", text=message().text, at=began))
    receipt = await gateway.send(message(), tried=began)
    assert receipt.reference == sens.taken[1]["requestId"]


async def test_a_list_too_long_to_be_looked_through_sends_nothing(sens: Sens, gateway: SensGateway) -> None:
    began = now()
    for number in range(11):
        await gateway.send(message("a", f"다른 안내 {number}"))
    with pytest.raises(GatewayFault, match="too many"):
        await gateway.send(message(), tried=began)
    assert len(sens.taken) == 11


async def test_known_limit_a_request_that_is_listed_late_is_sent_twice(sens: Sens, gateway: SensGateway) -> None:
    """The honest edge of a provider without idempotency keys; docs/messages.md tells it."""
    sens.listed_after_s = 60.0
    sens.posts.append("lost")
    with pytest.raises(GatewayFault):
        await gateway.send(message())
    await gateway.send(message(), tried=now())
    assert len(sens.taken) == 2


async def test_delivery_comes_late_or_never(sens: Sens, gateway: SensGateway) -> None:
    sens.asked_before_done = 2
    sent = message()
    receipt = await gateway.send(sent)
    states = [(await gateway.delivery(sent, receipt.reference)).state for _ in range(3)]
    assert states == ["sent", "sent", "delivered"]
    sens.result = "2005"
    sens.asked_before_done = 0
    receipt = await gateway.send(message("m2"))
    failed = await gateway.delivery(sent, receipt.reference)
    assert failed.state == "failed"
    assert failed.reason.endswith("[2005]")


async def test_a_server_that_is_not_there_or_speaks_no_tls_is_a_fault_without_the_number(sens: Sens) -> None:
    for url in ("http://127.0.0.1:9", sens.url.replace("http:", "https:")):
        gateway = sens_gateway(sens, url=url)
        with pytest.raises(GatewayFault, match=r"127\.0\.0\.1") as caught:
            await gateway.send(message(), tried=now())
        assert NUMBER not in str(caught.value)
        assert SECRET_KEY not in str(caught.value)
        await gateway.close()


async def test_a_server_with_a_certificate_of_its_own_making_gets_nothing(tmp_path: Path) -> None:
    _certificate, tls = self_signed(tmp_path)
    async with Sens(tls) as sens:
        gateway = sens_gateway(sens)
        with pytest.raises(GatewayFault, match=r"TLS with 127\.0\.0\.1"):
            await gateway.send(message())
        await gateway.close()
        assert sens.requests == []


async def test_a_slow_server_is_not_waited_for_without_end(sens: Sens) -> None:
    gateway = sens_gateway(sens, timeout_s=0.2)
    sens.gets.append("slow")
    with pytest.raises(GatewayFault, match="TimeoutError"):
        await gateway.delivery(message(), "RSSA-1")
    await gateway.close()


async def test_requests_side_by_side_are_bounded(sens: Sens, gateway: SensGateway) -> None:
    sens.slow_s = 0.2
    sens.posts.extend(["slow"] * 20)
    await asyncio.gather(*(gateway.send(message(f"m{number}", f"안내 {number}")) for number in range(20)))
    assert sens.most_at_once <= 16
    assert len(sens.taken) == 20
