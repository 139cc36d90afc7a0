"""A bad line in front of a SIP server, for phones that negotiate their own ports: SIP goes through, and the voice with
it, through two ``RtpLine``s a call.

async with SipLine(("127.0.0.1", sip_port), {17: Lost(), 23: Late(120)}, back={5: Lost()}) as line:
    call = await phone.dial(f"sip:120@{line.address}")     # ``back`` is for what the phone hears

It reads as little as it can: SDP bodies of what passes get its own media port and address; the Via of a request makes
the answer come back the same way (RFC 3581: the phone must ask for ``rport``, as all here do). Later requests of the
dialog go straight between the two, by their Contacts. UDP alone, one audio stream, no RTCP.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from typing import Self

from tests.fakes.rtp_line import HOST, Address, Plan, RtpLine

_MEDIA = re.compile(rb"^m=audio (\d+)", re.MULTILINE)
_CONNECTION = re.compile(rb"^c=IN IP4 [\d.]+", re.MULTILINE)
_RTCP = re.compile(rb"^a=rtcp:.*\r\n", re.MULTILINE)
_LENGTH = re.compile(rb"^(Content-Length|l)\s*:\s*\d+", re.MULTILINE | re.IGNORECASE)
_CALL_ID = re.compile(rb"^(?:Call-ID|i)\s*:\s*(\S+)", re.MULTILINE | re.IGNORECASE)


class SipLine(asyncio.DatagramProtocol):
    """A port that stands for the server's."""

    def __init__(self, server: Address, plan: Plan | None = None, *, back: Plan | None = None) -> None:
        self._server = server
        self._plan = plan or {}
        self._back = back or {}
        self._phones: dict[bytes, Address] = {}
        """Who sent the first message of each SIP call."""
        self._voices: dict[bytes, RtpLine] = {}
        """Of each call: where both sides send their voice. The server is the far side."""
        self._stack = AsyncExitStack()
        self._transport: asyncio.DatagramTransport | None = None
        self._passing: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def address(self) -> str:
        """'host:port' to call."""
        return f"{HOST}:{self.port}"

    @property
    def voices(self) -> list[RtpLine]:
        """The media of the calls so far, in their order."""
        return list(self._voices.values())

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(HOST, 0))
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)
        if self._transport is not None:
            self._transport.close()
        await self._stack.aclose()

    def datagram_received(self, data: bytes, address: Address) -> None:
        task = asyncio.get_running_loop().create_task(self._pass(data, address))
        self._passing.add(task)
        task.add_done_callback(self._passing.discard)

    def error_received(self, _error: Exception) -> None:
        """A side has closed its port."""

    async def _pass(self, data: bytes, source: Address) -> None:
        found = _CALL_ID.search(data)
        if found is None or self._transport is None:
            return  # a keep-alive
        call = found[1]
        to_server = source != self._server
        if to_server:
            self._phones.setdefault(call, source)
        if b"m=audio" in data:
            data = await self._with_our_ports(data, call, from_server=not to_server)
        target = self._server if to_server else self._phones.get(call)
        if target is not None:
            self._transport.sendto(data, target)

    async def _with_our_ports(self, data: bytes, call: bytes, *, from_server: bool) -> bytes:
        """The SDP names our media port, and we know whose it was."""
        if call not in self._voices:
            line = RtpLine(self._plan, back=self._back)
            self._voices[call] = line
            await self._stack.enter_async_context(line)
        line = self._voices[call]
        head, _, body = data.partition(b"\r\n\r\n")
        media = _MEDIA.search(body)
        if media is None:
            return data
        if from_server:
            line.to = (HOST, int(media[1]))
        else:
            line.party = (HOST, int(media[1]))
        body = _MEDIA.sub(b"m=audio %d" % line.port, body)
        body = _RTCP.sub(b"", _CONNECTION.sub(b"c=IN IP4 " + HOST.encode(), body))
        return _LENGTH.sub(b"Content-Length: %d" % len(body), head) + b"\r\n\r\n" + body
