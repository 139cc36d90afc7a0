"""Nobody's connections use up the files that calls need."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import metrics
from core.config import WebConfig
from server import web as server_web
from server.connections import OTHERS, SHARE_OF_ONE, WANTED, Places, places_here
from server.web import Web
from tests.patience import until

FAR = "203.0.113.7"


def test_one_address_has_a_share_and_all_have_a_limit() -> None:
    places = Places(8, trusted=["10.0.0.0/24"])
    assert [places.take(FAR) for _ in range(3)] == ["", "", "address"]
    assert [places.take("10.0.0.9") for _ in range(7)] == [""] * 6 + ["all"]
    places.leave(FAR)
    assert (len(places), places.take("2001:db8::1")) == (7, "")
    assert (places.backlog, Places(100_000).backlog, Places(1).backlog) == (4, 1024, 1)


def test_one_household_of_ipv6_is_one_address() -> None:
    places = Places(8)
    assert [places.take(f"2001:db8::{number}") for number in range(3)] == ["", "", "address"]
    assert places.take("2001:db8:0:1::1") == ""


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([FAR, "127.0.0.1", "::1", "", "no address"]))))
def test_places_are_never_more_than_there_are_and_come_back(steps: list[tuple[bool, str]]) -> None:
    places = Places(5)
    there: list[str] = []
    for comes, address in steps:
        if comes:
            if not places.take(address):
                there.append(address)
        elif address in there:
            there.remove(address)
            places.leave(address)
        assert len(places) == len(there) <= 5
    for address in there:
        places.leave(address)
    assert len(places) == 0 and places.take(FAR) == ""


def test_the_rest_of_the_node_keeps_its_files() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        share = places_here()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert hard == before[1] and soft >= min(before[0], WANTED)
        assert share == max(soft - OTHERS, soft // 2) and SHARE_OF_ONE > 1
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


class Site:
    """A web with few places."""

    def __init__(self, most: int) -> None:
        self.web = Web(WebConfig(port=0), self._ready, ())
        self.web._places = Places(most)

    async def _ready(self) -> Mapping[str, str]:
        return {}

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        port = int(self.web.url.rstrip("/").rpartition(":")[2])
        return await asyncio.open_connection("127.0.0.1", port)

    async def ask(self, request: bytes) -> bytes:
        """What is answered on a connection of its own, until it is closed."""
        reader, writer = await self.connect()
        writer.write(request)
        try:
            async with asyncio.timeout(10):
                return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()


HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site(3)
    await site.web.start()
    yield site
    await site.web.close()


def refused(reason: str) -> float:
    return float(metrics.WEB_REFUSED.labels(reason=reason)._value.get())


async def test_who_takes_all_places_is_alone_without_one(site: Site) -> None:
    before = refused("all")
    held = [await site.connect() for _ in range(3)]
    await until(lambda: len(site.web._places) == 3)
    assert await site.ask(HEALTH) == b""
    assert refused("all") == before + 1
    for _, writer in held:
        writer.close()
    await until(lambda: len(site.web._places) == 0)
    assert b"200 OK" in await site.ask(HEALTH)


async def test_a_connection_that_asks_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_web, "REQUEST_S", 0.1)
    site = Site(3)
    await site.web.start()
    assert await site.ask(b"") == b""
    assert await site.ask(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ") == b""
    await site.web.close()


async def test_what_is_no_http_is_counted_and_not_written_down(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    before = refused("no_http")
    assert b"400" in await site.ask(b"GET /v/k4ZoyNdcSFMuxCHd7Y_9ZQ?q=\xff HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"400" in await site.ask(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000 + b"\r\n\r\n")
    assert refused("no_http") == before + 2
    assert capsys.readouterr().err == ""
