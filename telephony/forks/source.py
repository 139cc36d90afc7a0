"""Where forked calls come from: the two ports, and the clock of all streams. ``telephony.contract.CallSource``."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Final

from core.config import ForksConfig
from core.errors import Refused
from core.log import get_logger
from telephony.contract import Call
from telephony.forks.audiosocket_door import AudioSocketLink
from telephony.forks.call import ForkCall
from telephony.forks.certificates import Certificates
from telephony.forks.gate import Gate, address_of, listen
from telephony.forks.joining import Joining
from telephony.forks.stream import Stream
from telephony.forks.websocket_door import WebSocketDoor
from telephony.peers import Peers
from telephony.rate_limit import RateLimit
from telephony.wire import Peer

log = get_logger("telephony.forks")

TICK_S: Final = 0.1
RENEW_S: Final = 5.0
"""How soon changed certificates are seen."""
CONNECTIONS_PER_S: Final = 100
"""Connections a second that one address may make."""
GOODBYE_S: Final = 2.0
"""How long closing streams may take."""


class ForkSource:
    """``async with`` = ports bound. ``PortTaken`` and ``ConfigError`` on entering."""

    def __init__(self, config: ForksConfig) -> None:
        self._config = config
        self._allowed = Peers([Peer(name="forks", networks=config.networks)])
        self._joining = Joining(self._new_call)
        self._streams: set[Stream] = set()
        self._gone = asyncio.Event()
        self._new: deque[ForkCall] = deque()
        self._wake = asyncio.Event()
        self._open = AsyncExitStack()
        self._rate = RateLimit()
        self._certificates = Certificates(config) if config.certificate_file else None
        self._ticking: asyncio.Task[None] | None = None
        self.addresses: dict[str, str] = {}
        """'ws' or 'wss', 'audiosocket': host:port."""

    @property
    def streams(self) -> int:
        """Connections that carry, or are about to carry, a voice."""
        return len(self._streams)

    @property
    def fault(self) -> str:
        """Why it can't work any more; '' = it does."""
        dead = self._ticking is not None and self._ticking.done()
        return "the clock of the forks has stopped: see the log, restart the node" if dead else ""

    async def __aenter__(self) -> ForkSource:
        async with AsyncExitStack() as opening:
            if self._config.port >= 0:
                await self._open_websockets(opening)
            if self._config.audiosocket_port >= 0:
                await self._open_audiosocket(opening)
            self._ticking = asyncio.create_task(self._tick(), name="forks")
            opening.push_async_callback(self._stop_ticking, self._ticking)
            self._open = opening.pop_all()
        log.info("forks.open", **self.addresses)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.drain()
        for call in self._joining.calls:
            call.end("leaving")
        for stream in list(self._streams):
            stream.close("leaving")
        try:
            async with asyncio.timeout(GOODBYE_S):
                while self._streams:
                    self._gone.clear()
                    await self._gone.wait()
        except TimeoutError:
            log.warning("forks.slow_goodbye", streams=len(self._streams))
        await self._open.aclose()

    async def calls(self) -> AsyncIterator[Call]:
        """See ``CallSource``."""
        while True:
            while self._new:
                call = self._new.popleft()
                if not call.over:
                    yield call
            if self._joining.draining:
                return
            self._wake.clear()
            await self._wake.wait()

    async def drain(self) -> None:
        """See ``CallSource``. The second voice of a running call is still taken."""
        self._joining.draining = True
        self._wake.set()

    async def _open_websockets(self, opening: AsyncExitStack) -> None:
        config = self._config
        gate = self._listen(config.port, "forks.port", opening)
        door = WebSocketDoor(self._joining, config.token, self._came, self._went, self._full)
        server = await door.open(gate, self._certificates.context if self._certificates else None)
        await opening.enter_async_context(server)
        self.addresses["wss" if self._certificates else "ws"] = address_of(gate)

    async def _open_audiosocket(self, opening: AsyncExitStack) -> None:
        gate = self._listen(self._config.audiosocket_port, "forks.audiosocket_port", opening)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: AudioSocketLink(self._joining, self._came, self._went), sock=gate)
        opening.callback(server.close)
        self.addresses["audiosocket"] = address_of(gate)

    def _listen(self, port: int, key: str, opening: AsyncExitStack) -> Gate:
        gate = listen(self._config.host, port, key, self._admits)
        opening.callback(gate.close)
        return gate

    def _admits(self, address: str) -> bool:
        if self._allowed.of(address) is None:
            self._joining.refused("stranger", address, "not in forks.networks")
            return False
        if not self._rate.allows(address, CONNECTIONS_PER_S, time.monotonic()):
            self._joining.refused("rate", address, f"more than {CONNECTIONS_PER_S} connections a second")
            return False
        return True

    def _full(self) -> bool:
        return len(self._streams) >= self._config.streams

    def _came(self, stream: Stream) -> None:
        if self._full():
            raise Refused("more streams than forks.streams", code="full")
        self._streams.add(stream)

    def _went(self, stream: Stream) -> None:
        self._streams.discard(stream)
        self._gone.set()

    def _new_call(self, call: ForkCall) -> None:
        # Bounded by forks.streams: a call that is not fetched keeps its streams.
        while self._new and self._new[0].over:
            self._new.popleft()
        self._new.append(call)
        self._wake.set()

    async def _tick(self) -> None:
        renewed = time.monotonic()
        while True:
            await asyncio.sleep(TICK_S)
            now = time.monotonic()
            self._joining.tick()
            for stream in [stream for stream in self._streams if stream.stalled(now)]:
                stream.fail(Refused("nothing whole came for too long", code="stalled"), "stalled")
            if self._certificates is not None and now - renewed >= RENEW_S:
                renewed = now
                self._certificates.renew()

    @staticmethod
    async def _stop_ticking(ticking: asyncio.Task[None]) -> None:
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)
