"""An exchange of a few lines, on real sockets: it answers requests as a function says."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from telephony.digest import Challenger, Outcome
from telephony.request import request_from

HOST = "127.0.0.1"
Answer = Callable[[bytes], bytes]


def reply(to: bytes, status: str, *more: str) -> bytes:
    asked = request_from(to)
    kept = [f"{name}: {asked.first(name.lower())}" for name in ("Via", "From", "To", "Call-ID", "CSeq")]
    return "\r\n".join([f"SIP/2.0 {status}", *kept, *more, "Content-Length: 0", "", ""]).encode()


def good(to: bytes) -> bytes:
    return reply(to, "100 Trying") + reply(to, "200 OK", "Server: Test 1")


def asks_for_password(to: bytes) -> bytes:
    challenger = Challenger(b"key")
    now = 1000.0
    checked = challenger.check(
        request_from(to).all("authorization"), method="REGISTER", user="7100", password="geheim", source=HOST, now=now
    )
    if checked is Outcome.GOOD:
        return reply(to, "200 OK", "Contact: <sip:7100@127.0.0.1>;expires=60")
    return reply(to, "401 Unauthorized", *(f"WWW-Authenticate: {one}" for one in challenger.challenges(HOST, now)))


class Udp(asyncio.DatagramProtocol):
    def __init__(self, answer: Answer, deaf: int) -> None:
        self.answer, self.deaf = answer, deaf

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self.deaf:
            self.deaf -= 1
            return
        for message in self.answer(data).split(b"SIP/2.0 ")[1:]:
            self.transport.sendto(b"SIP/2.0 " + message, addr)


@contextlib.asynccontextmanager
async def exchange(answer: Answer, transport: str, deaf: int = 0) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    if transport == "udp":
        socket, _ = await loop.create_datagram_endpoint(lambda: Udp(answer, deaf), local_addr=(HOST, 0))
        try:
            yield socket.get_extra_info("sockname")[1]
        finally:
            socket.close()
            await asyncio.sleep(0)
        return

    async def came(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := answer(await reader.readuntil(b"\r\n\r\n")):
                for at in range(0, len(data), 7):  # in small pieces, as TCP may
                    writer.write(data[at : at + 7])
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.transport.abort()

    open_ones: set[asyncio.Task[None]] = set()

    def opened(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.add(asyncio.create_task(came(reader, writer)))

    server = await asyncio.start_server(opened, HOST, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
    for task in open_ones:
        task.cancel()
    await asyncio.gather(*open_ones, return_exceptions=True)
    await asyncio.sleep(0)  # an aborted transport is gone at the loop's next turn
