"""Agents with cheap passwords and, as their browsers, WebSocket clients that note when what arrives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Final, Self

import aiohttp
import msgspec

from core.config import AgentConfig, AssistConfig, Config, NodeConfig, SipConfig, SttConfig, WebConfig
from core.errors import EnvironmentFault
from core.events import AnyEvent
from core.home import Home
from server.signing_in.auth import COOKIE
from server.signing_in.passwords import hash_password

PASSWORD: Final = "bench-on-loopback"
_CHEAP: Final = (8, 1, 1)
"""Costs of the hash: the strength of a real one would be measured along."""

Take = Callable[[float, AnyEvent], None]
"""Given the monotonic time of arrival and what arrived."""


class Hello(msgspec.Struct, frozen=True, tag=True):
    """A desk's first message; nothing in it is measured."""


class History(msgspec.Struct, frozen=True, tag=True):
    """What a call's line holds when a desk begins to follow it."""

    events: list[AnyEvent]


_message: msgspec.json.Decoder[AnyEvent | Hello | History] = msgspec.json.Decoder(AnyEvent | Hello | History)


def agent_id(number: int) -> str:
    """Sign-in name of an agent."""
    return f"agent{number}"


def bench_config(home: Home, phones: Sequence[str], *, sip_workers: int = 1, model: str = "") -> Config:
    """A node with an agent for each phone, all ready; any free ports; no wrap-up, so that calls follow at once."""
    password_hash = hash_password(PASSWORD, cost=_CHEAP)
    return Config(
        node=NodeConfig(home=str(home.root), name="bench", grace_s=0),
        web=WebConfig(port=0),
        sip=SipConfig(port=0, rtp_port=0, workers=sip_workers),
        stt=SttConfig(model=model),
        agents=tuple(
            AgentConfig(
                id=agent_id(number), name=f"상담사 {number}", uri=uri, password_hash=password_hash, starts="ready"
            )
            for number, uri in enumerate(phones)
        ),
        assist=AssistConfig(wrap_up_s=0),
    )


class Desks:
    """Browsers of one node."""

    def __init__(self, desk_url: str) -> None:
        self._origin = desk_url.rstrip("/")
        self._open = AsyncExitStack()
        self._reading: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit=0)
        session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        self._browser = await self._open.enter_async_context(session)
        return self

    async def __aexit__(self, *exc: object) -> None:
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)
        await self._open.aclose()

    async def sign_in(self, agent: str) -> str:
        """The cookie of a new session."""
        async with self._browser.post(
            f"{self._origin}/signin",
            data={"id": agent, "password": PASSWORD, "next": "/desk"},
            headers={"Origin": self._origin},
            allow_redirects=False,
        ) as answer:
            cookie = answer.cookies.get(COOKIE)
            if cookie is None:
                raise EnvironmentFault(f"the desk did not let {agent} in: status {answer.status}")
            return cookie.value

    async def open(self, cookie: str, take: Take) -> None:
        """A desk that stays open until the end; what it is told goes to ``take``."""
        socket = await self._browser.ws_connect(
            f"{self._origin}/desk/ws", headers={"Origin": self._origin, "Cookie": f"{COOKIE}={cookie}"}
        )
        await socket.receive()  # Hello
        self._reading.append(asyncio.create_task(_read(socket, take), name="desk of the bench"))


async def _read(socket: aiohttp.ClientWebSocketResponse, take: Take) -> None:
    async for message in socket:
        arrived = time.monotonic()
        said = _message.decode(message.data)
        if isinstance(said, History):
            for event in said.events:
                take(arrived, event)
        elif not isinstance(said, Hello):
            take(arrived, said)
