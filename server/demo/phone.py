"""The scripted callers' smartphones: each opens the link of its text message and taps, over real HTTP and WebSocket.

A phone has one browser, which keeps its cookie; the demo's stage shows the same browser's page beside the desk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

import aiohttp
import msgspec

from ars import messages
from core.errors import Refused
from core.log import get_logger

log = get_logger("server.demo.phone")

WAIT_S: Final = 10.0
"""How long a screen may take to come."""


class SmartPhone:
    """``async with SmartPhone(link) as phone``: the page is open and shows its first screen."""

    def __init__(self, link: str) -> None:
        self.link = link
        self.screen: messages.Screen | None = None
        """What it shows."""
        self.status: messages.Status | None = None
        """The line on top."""
        self._browser: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()
        self._gone = False

    @property
    def path(self) -> str:
        """The link without its host."""
        return urlsplit(self.link).path

    @property
    def cookie(self) -> str:
        """The cookie that makes this browser the link's own."""
        assert self._browser is not None
        return next((c.value for c in self._browser.cookie_jar if c.key == "minwon_visit"), "")

    async def __aenter__(self) -> Self:
        parts = urlsplit(self.link)
        origin = f"{parts.scheme}://{parts.netloc}"
        self._browser = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # the demo's host is an address, not a name
            headers={"Origin": origin},
        )
        try:
            async with self._browser.get(self.link) as page:
                if page.status != 200:
                    raise Refused(f"the link answered {page.status}")
                await page.read()
            self._socket = await self._browser.ws_connect(f"{self.link}/ws", max_msg_size=1 << 20)
            self._reading = asyncio.create_task(self._read(), name="smartphone")
            await self.until(lambda: self.screen is not None)
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()
        if self._browser is not None:
            await self._browser.close()

    async def tap(self, choice: str) -> None:
        """Press a button of the screen that is shown, and wait for what comes of it."""
        assert self.screen is not None and self._socket is not None
        before = self.screen
        await self._say(messages.Tap(number=before.number, choice=choice))
        await self.until(lambda: self.screen is not before)

    async def send(self, values: dict[str, str]) -> None:
        """Send the form that is shown."""
        assert self.screen is not None
        before = self.screen
        await self._say(messages.Submit(number=before.number, values=values))
        await self.until(lambda: self.screen is not before)

    async def write(self, text: str) -> None:
        """Write to the agent."""
        await self._say(messages.Write(text=text, mark="demo"))

    async def until(self, what: Callable[[], bool], timeout_s: float = WAIT_S) -> None:
        """Wait until something is true of the page. Raises ``Refused`` when the page is over or nothing comes."""
        try:
            async with asyncio.timeout(timeout_s), self._changed:
                await self._changed.wait_for(lambda: what() or self._gone)
        except TimeoutError as late:
            raise Refused("the page stood still", code="page") from late
        if not what():
            raise Refused("the page is over", code="page")

    async def _say(self, message: messages.PageMessage) -> None:
        assert self._socket is not None
        await self._socket.send_str(messages.encode(message).decode())

    async def _read(self) -> None:
        assert self._socket is not None
        decoder = msgspec.json.Decoder(messages.NodeMessage)
        async for frame in self._socket:
            if frame.type is not aiohttp.WSMsgType.TEXT:
                break
            message = decoder.decode(frame.data)
            async with self._changed:
                match message:
                    case messages.Screen():
                        self.screen = message
                    case messages.Status():
                        self.status = message
                    case messages.Gone():
                        self._gone = True
                self._changed.notify_all()
        async with self._changed:
            self._gone = True
            self._changed.notify_all()
