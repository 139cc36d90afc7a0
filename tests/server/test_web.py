"""The web application's own addresses: health, readiness, metrics; and a port that somebody else has."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping

import aiohttp
import aiohttp.web
import pytest

from core.config import WebConfig
from core.errors import EnvironmentFault, PortTaken
from server.web import Web


class Health:
    def __init__(self) -> None:
        self.missing: dict[str, str] = {}

    async def __call__(self) -> Mapping[str, str]:
        return self.missing


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_what_keeps_no_call_away_is_told_with_readiness(browser: aiohttp.ClientSession) -> None:
    """A language that nobody hears, say."""
    web = Web(WebConfig(port=0), Health(), (), notes=lambda: {"language zh": "no model"})
    await web.start()
    async with browser.get(f"{web.url}readyz") as answer:
        assert (answer.status, await answer.json()) == (200, {"ready": True, "notes": {"language zh": "no model"}})
    await web.close()


async def test_a_node_lives_even_when_it_is_not_ready(browser: aiohttp.ClientSession) -> None:
    health = Health()
    web = Web(WebConfig(port=0), health, ())
    await web.start()
    async with browser.get(f"{web.url}readyz") as answer:
        assert (answer.status, await answer.json()) == (200, {"ready": True})
    health.missing["sip"] = "no SIP worker is alive"
    async with browser.get(f"{web.url}readyz") as answer:
        assert answer.status == 503
        assert (await answer.json())["missing"] == {"sip": "no SIP worker is alive"}
    async with browser.get(f"{web.url}healthz") as answer:
        assert answer.status == 200
    await web.close()


@pytest.mark.parametrize(("networks", "status"), [(("127.0.0.0/8",), 200), (("10.0.0.0/8",), 403), ((), 403)])
async def test_metrics_are_for_allowed_networks(
    browser: aiohttp.ClientSession, networks: tuple[str, ...], status: int
) -> None:
    web = Web(WebConfig(port=0, metrics_allow=networks), Health(), ())
    await web.start()
    async with browser.get(f"{web.url}metrics") as answer:
        assert answer.status == status
        assert ("minwon_calls_active" in await answer.text()) == (status == 200)
    await web.close()


async def test_pages_wait_until_the_node_has_taken_up_its_calls(browser: aiohttp.ClientSession) -> None:
    async def page(_request: aiohttp.web.Request) -> aiohttp.web.Response:
        return aiohttp.web.Response(text="here you are")

    web = Web(WebConfig(port=0), Health(), (lambda app: app.router.add_get("/v/link", page) and None,))
    await web.start()
    asking = asyncio.create_task(browser.get(f"{web.url}v/link"))
    async with browser.get(f"{web.url}healthz") as answer:
        assert answer.status == 200
    await asyncio.sleep(0.05)
    assert not asking.done()
    web.open_doors()
    async with asyncio.timeout(10), await asking as answer:
        assert await answer.text() == "here you are"
    await web.close()


async def test_a_taken_port_is_said_with_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        web = Web(WebConfig(port=holder.getsockname()[1]), Health(), ())
        with pytest.raises(PortTaken, match=r"web\.port"):
            await web.start()


async def test_an_address_that_is_not_ours_is_said_with_its_setting() -> None:
    web = Web(WebConfig(host="203.0.113.7", port=0), Health(), ())
    with pytest.raises(EnvironmentFault, match=r"web\.host"):
        await web.start()
