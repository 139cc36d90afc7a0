"""One connection to a message centre, bound: requests and their answers, what comes by itself, signs of life.

    link = await open_link(settings, "transceiver", heard)
    answer = await link.request(lambda sequence: pdu.submit(text, sequence))

Answers find their requests by sequence number, in whatever order they come; one that nobody waits for is counted.
What comes by itself waits in a queue of ``LIMIT`` for ``heard``, in order; beyond the limit the centre is told to come
again later.
When nothing came for ``enquire_s`` we ask for a sign of life, and without one within ``answer_s`` the link is over.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Final

import msgspec

from channels import smpp_pdu as pdu
from channels.smpp_answers import bind_refusal
from core import metrics
from core.errors import BadInput, GatewayFault
from core.log import get_logger

log = get_logger("channels.smpp")

LIMIT: Final = 1000
"""Receipts and texts that wait to be taken up."""
_SEQUENCES: Final = 0x7FFF_FFFF
_GOODBYE_S: Final = 1.0
_STUCK: Final = 6
"""A request without an answer for so many times ``answer_s`` ends a link, though it gives signs of life."""

Answering = Callable[[int], None]
Heard = Callable[[pdu.Deliver, Answering], Awaitable[None]]
"""Takes up a deliver_sm, and answers it with a command_status, at once or later; what is not answered comes again."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach and to greet a centre."""

    host: str
    port: int
    system_id: str
    password: str
    system_type: str = ""
    tls: ssl.SSLContext | None = None
    connect_s: float = 5.0
    answer_s: float = 10.0
    enquire_s: float = 30.0

    def __repr__(self) -> str:
        return f"Settings({self.host}:{self.port}, {self.system_id})"


class LinkLost(GatewayFault):
    """The connection broke; whether the centre has what was on its way nobody knows."""


async def open_link(settings: Settings, mode: pdu.Mode, heard: Heard, sequences: Iterator[int] | None = None) -> Link:
    """Connect and bind. ``sequences``: :func:`numbers` of this centre, so that an answer to an older connection's
    request never fits one of this. Raises ``GatewayFault`` with what to look at."""
    where = f"the message centre {settings.host}:{settings.port}"
    try:
        async with asyncio.timeout(settings.connect_s):
            reader, writer = await asyncio.open_connection(settings.host, settings.port, ssl=settings.tls)
    except ssl.SSLError as fault:
        raise GatewayFault(f"TLS with {where} fails: look at smpp.ca_file, and whether it speaks TLS") from fault
    except OSError as fault:  # TimeoutError too
        raise GatewayFault(f"{where} cannot be reached ({fault.strerror or 'no answer'})") from fault
    link = Link(reader, writer, settings, heard, sequences or numbers())
    try:
        async with asyncio.timeout(settings.answer_s):
            answer = await link.request(
                lambda sequence: pdu.bind(
                    mode,
                    sequence,
                    system_id=settings.system_id,
                    password=settings.password,
                    system_type=settings.system_type,
                )
            )
    except TimeoutError as fault:
        await link.close()
        raise GatewayFault(f"{where} takes the connection and does not answer the bind") from fault
    except LinkLost as fault:
        await link.close()
        raise GatewayFault(f"{where} closes the connection at the bind: is this machine's address allowed?") from fault
    except BaseException:
        await link.close()
        raise
    if answer.status != pdu.ROK:
        await link.close()
        raise GatewayFault(f"{where} does not let us in: {bind_refusal(answer.status)}")
    return link


def numbers() -> Iterator[int]:
    """Sequence numbers (3.2), again and again."""
    while True:
        yield from range(1, _SEQUENCES)


class Link:
    """Made by :func:`open_link`."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        settings: Settings,
        heard: Heard,
        sequences: Iterator[int],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._settings = settings
        self._heard = heard
        self._sequences = sequences
        self._waiting: dict[int, tuple[float, asyncio.Future[pdu.Answer]]] = {}
        # when it was asked, and its answer
        self._came: asyncio.Queue[pdu.Deliver] = asyncio.Queue(LIMIT)
        self._last = time.monotonic()
        self._leaving = False
        self._tasks = [
            asyncio.create_task(self._read(), name="smpp read"),
            asyncio.create_task(self._take_up(), name="smpp take up"),
            asyncio.create_task(self._enquire(), name="smpp enquire"),
        ]
        self._over = asyncio.Event()
        for task in self._tasks:
            task.add_done_callback(lambda _task: self._over.set())

    @property
    def alive(self) -> bool:
        """The connection stands, as far as we know."""
        return not self._over.is_set()

    async def over(self) -> None:
        """Wait until the connection has broken. A bug of ours that ended it is raised here."""
        await self._over.wait()
        for task in self._tasks:
            if task.done() and not task.cancelled():
                task.result()

    async def request(self, build: Callable[[int], bytes], *, wrote: Callable[[], None] | None = None) -> pdu.Answer:
        """Send and wait for the answer, however long. ``wrote`` is called when the request is on its way.

        Raises ``LinkLost`` when the link ends first.
        """
        if not self.alive:
            raise LinkLost("the connection to the message centre is broken")
        sequence = next(self._sequences)
        answer: asyncio.Future[pdu.Answer] = asyncio.get_running_loop().create_future()
        self._waiting[sequence] = time.monotonic(), answer
        try:
            self._writer.write(build(sequence))
            if wrote is not None:
                wrote()
            return await answer
        finally:
            self._waiting.pop(sequence, None)

    async def close(self) -> None:
        """Say goodbye where somebody listens, and end. Idempotent."""
        if self.alive and not self._writer.is_closing():
            self._leaving = True
            with suppress(LinkLost, TimeoutError):
                async with asyncio.timeout(_GOODBYE_S):
                    await self.request(lambda sequence: pdu.bare("unbind", sequence))
        self._end()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(OSError, TimeoutError, ssl.SSLError):
            async with asyncio.timeout(_GOODBYE_S):
                await self._writer.wait_closed()

    def _end(self) -> None:
        self._over.set()
        self._writer.close()
        for _asked, answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(LinkLost("the connection to the message centre broke before its answer"))
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()

    async def _read(self) -> None:
        try:
            while True:
                header = await self._reader.readexactly(pdu.HEADER)
                frame = header + await self._reader.readexactly(pdu.length_of(header) - pdu.HEADER)
                self._last = time.monotonic()
                if not self._received(frame):
                    return
        except (asyncio.IncompleteReadError, OSError):
            if not self._leaving:
                log.warning("smpp.connection_broke", waiting=len(self._waiting))
        except BadInput as fault:
            log.error("smpp.not_smpp", why=str(fault))
        finally:
            self._end()

    def _received(self, frame: bytes) -> bool:
        """False when the centre says goodbye."""
        sequence = int.from_bytes(frame[12:16], "big")
        try:
            came = pdu.read(frame)
        except BadInput as fault:
            log.error("smpp.unreadable", why=str(fault))
            metrics.SMPP_ODD.labels(what="unreadable").inc()
            self._writer.write(pdu.bare("deliver_sm_resp", sequence, pdu.RX_P_APPN))
            return True
        if isinstance(came, pdu.Answer):
            _asked, answer = self._waiting.get(came.sequence, (0.0, None))
            if answer is None or answer.done():
                metrics.SMPP_ODD.labels(what="answer").inc()
            else:
                answer.set_result(came)
        elif isinstance(came, pdu.Deliver):
            try:
                self._came.put_nowait(came)
            except asyncio.QueueFull:
                metrics.SMPP_ODD.labels(what="too_many").inc()
                self._writer.write(pdu.bare("deliver_sm_resp", sequence, pdu.RX_T_APPN))
        elif came.command == "enquire_link":
            self._writer.write(pdu.bare("enquire_link_resp", sequence))
        elif came.command == "unbind":
            log.warning("smpp.unbound_by_centre")
            self._writer.write(pdu.bare("unbind_resp", sequence))
            return False
        else:
            metrics.SMPP_ODD.labels(what="request").inc()
            self._writer.write(pdu.bare("generic_nack", sequence, pdu.RINVCMDID))
        return True

    async def _take_up(self) -> None:
        while True:
            came = await self._came.get()
            await self._heard(came, partial(self._answer, came.sequence))

    def _answer(self, sequence: int, status: int) -> None:
        if self.alive:
            self._writer.write(pdu.bare("deliver_sm_resp", sequence, status))

    async def _enquire(self) -> None:
        """Ask when it has been quiet; end what gives no sign of life, and what answers that and nothing else."""
        while True:
            quiet_s = time.monotonic() - self._last
            if quiet_s >= self._settings.enquire_s and not await self._lives():
                log.warning("smpp.no_sign_of_life", quiet_s=round(quiet_s, 1))
                break
            oldest = min((asked for asked, _answer in self._waiting.values()), default=None)
            if oldest is not None and time.monotonic() - oldest > _STUCK * self._settings.answer_s:
                log.warning("smpp.stuck", waiting=len(self._waiting))
                break
            quiet_s = time.monotonic() - self._last
            await asyncio.sleep(max(0.0, min(self._settings.enquire_s - quiet_s, self._settings.answer_s)))
        self._end()

    async def _lives(self) -> bool:
        try:
            async with asyncio.timeout(self._settings.answer_s):
                await self.request(lambda sequence: pdu.bare("enquire_link", sequence))
        except (TimeoutError, LinkLost):
            return False
        return True
