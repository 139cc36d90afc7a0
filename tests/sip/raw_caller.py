"""A party that says whatever a test wants, right or wrong: SIP over one UDP socket, written out by hand.

    async with RawCaller(bridge.addresses[0]) as rude:
        assert await rude.invite() == 200
        assert await rude.ask("INVITE", body=sdp("port -1")) >= 400
        await rude.ask("BYE")

It acknowledges what must be acknowledged and says 200 to requests, unless ``answers`` knows better.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from itertools import count
from typing import Self

from tests.sip.sipp import HOST

_numbers = count(1)
_LATEST_S = 10.0


def offer(port: int = 40000, *, codecs: str = "8 101", profile: str = "RTP/AVP", lines: str = "") -> str:
    """A proper SDP, with more lines of the medium."""
    return (
        f"v=0\r\no=raw 1 1 IN IP4 {HOST}\r\ns=-\r\nc=IN IP4 {HOST}\r\nt=0 0\r\nm=audio {port} {profile} {codecs}\r\n"
        f"a=rtpmap:101 telephone-event/8000\r\n{lines}"
    )


class RawCaller(asyncio.DatagramProtocol):
    """One dialog. ``async with`` = its socket is open."""

    def __init__(self, to: str, *, number: str = "01000001111", host: str = HOST) -> None:
        self._host, _, port = to.rpartition(":")
        self._to = (self._host, int(port))
        self._number = number
        self._own = host
        self._call = f"raw{next(_numbers)}"
        self._sequence = count(1)
        self._to_tag = ""
        self._dialog = ("", "")
        """Call-ID and far end of a call that we took."""
        self._target = f"sip:120@{to}"
        self._routes = ""
        """Route lines of the dialog: proxies that want to stay in it."""
        self._transport: asyncio.DatagramTransport | None = None
        self._changed = asyncio.Condition()
        self.received: list[str] = []
        self.answers: Callable[[str], str | None] = lambda request: None
        """Given a request, what to send back; None = 200."""

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self._own, 0))
        self.here = f"{self._own}:{self._transport.get_extra_info('sockname')[1]}"
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._transport is not None:
            if self._to_tag or self._dialog[0]:
                self.send("BYE")  # 481 if it is over; nobody waits for it
            self._transport.close()

    async def invite(self, body: str | None = None, *, headers: str = "", content: str = "application/sdp") -> int:
        """The first INVITE; its final status. A 200 is acknowledged and makes the dialog."""
        return await self.ask("INVITE", body=offer() if body is None else body, headers=headers, content=content)

    async def ask(self, method: str, *, body: str = "", headers: str = "", content: str = "application/sdp") -> int:
        """A request in the dialog (or the first one); its final status, 0 if none comes."""
        number = self.send(method, body=body, headers=headers, content=content)
        return await self.final(number, method)

    def send(
        self, method: str, *, number: int = 0, body: str = "", headers: str = "", content: str = "application/sdp"
    ) -> int:
        """Only send it; returns its number."""
        number = number or next(self._sequence)
        text = self.message(method, number, body=body, headers=headers, content=content)
        self.say(text.encode("utf-8", "surrogateescape"))
        return number

    def message(
        self, method: str, number: int, *, body: str = "", headers: str = "", content: str = "application/sdp"
    ) -> str:
        """The text of a request."""
        kind = f"Content-Type: {content}\r\n" if body else ""
        length = len(body.encode("utf-8", "surrogateescape"))
        call, to = self._dialog
        call, to = call or f"{self._call}@{self.here}", to or f"<sip:120@{self._to[0]}>{self._to_tag}"
        # The ACK for a 200 is a transaction of its own, every other one belongs to its INVITE (RFC 3261 17.1.1.3).
        branch = f"z9hG4bK{self._call}x{number}" + (
            "ack" if method == "ACK" and self._final(number, "INVITE") < 300 else ""
        )
        return (
            f"{method} {self._target} SIP/2.0\r\nVia: SIP/2.0/UDP {self.here};branch={branch};rport\r\n"
            f"From: <sip:{self._number}@{self.here}>;tag={self._call}\r\nTo: {to}\r\n"
            f"Call-ID: {call}\r\nCSeq: {number} {method}\r\nContact: <sip:raw@{self.here}>\r\n"
            f"Max-Forwards: 70\r\n{self._routes}{headers}{kind}Content-Length: {length}\r\n\r\n{body}"
        )

    def say(self, datagram: bytes) -> None:
        """Any bytes."""
        assert self._transport is not None
        self._transport.sendto(datagram, self._to)

    async def final(self, number: int, method: str) -> int:
        """Wait for the final answer to that request; 0 if none comes."""
        try:
            async with asyncio.timeout(_LATEST_S), self._changed:
                await self._changed.wait_for(lambda: self._final(number, method) > 0)
        except TimeoutError:
            return 0
        return self._final(number, method)

    async def heard(self, start: str) -> str:
        """Wait for a message that begins so."""
        async with asyncio.timeout(_LATEST_S), self._changed:
            await self._changed.wait_for(lambda: any(text.startswith(start) for text in self.received))
        return next(text for text in self.received if text.startswith(start))

    async def left_alone(self) -> None:
        """Wait until each call that came here, and was taken, has got its BYE. Who goes sooner leaves the other side
        with a leg whose BYE nobody answers: it keeps its slot for 32 s (64 * T1)."""
        async with asyncio.timeout(_LATEST_S), self._changed:
            await self._changed.wait_for(lambda: self._calls("INVITE") <= self._calls("BYE"))

    def _calls(self, method: str) -> set[str]:
        told = "\n".join(text for text in self.received if text.startswith(f"{method} "))
        return set(re.findall(r"^Call-ID:\s*(\S+)", told, re.MULTILINE))

    @property
    def peer_rtp(self) -> int:
        """Where the other side wants to hear us: the port of its last SDP."""
        return int(re.findall(r"^m=audio (\d+)", "\n".join(self.received), re.MULTILINE)[-1])

    def datagram_received(self, data: bytes, _address: tuple[str, int]) -> None:
        text = data.decode("utf-8", "replace")
        self.received.append(text)
        if text.startswith("SIP/2.0"):
            self._on_answer(text)
        elif not text.startswith("ACK"):
            self.say((self.answers(text) or answer_to(text)).encode())
        asyncio.ensure_future(self._notify())  # noqa: RUF006  # ends at once

    def take(self, request: str, body: str) -> str:
        """200 for an INVITE that came: from now on its dialog is ours."""
        sender = re.search(r"^From:\s*(.+?)\r?$", request, re.MULTILINE)
        contact = re.search(r"^Contact:\s*<(.+?)>", request, re.MULTILINE)
        call = re.search(r"^Call-ID:\s*(\S+)", request, re.MULTILINE)
        assert sender is not None and contact is not None and call is not None
        self._target, self._dialog = contact[1], (call[1], sender[1])
        return answer_to(request, body=body).replace(";tag=raw", f";tag={self._call}")

    def _on_answer(self, text: str) -> None:
        status, (number, method) = int(text[8:11]), _cseq(text)
        tag = re.search(r"^To:.*(;tag=[^\s;>]+)", text, re.MULTILINE)
        if status < 200 or method != "INVITE":
            return
        if tag is not None and not self._dialog[0] and (status < 300 or not self._to_tag):
            before, self._to_tag = self._to_tag, tag[1]
            contact = re.search(r"^Contact:\s*<(.+?)>", text, re.MULTILINE)
            if status < 300 and contact is not None:
                self._target = contact[1]
                proxies = re.findall(r"^Record-Route:\s*(.+?)\r?$", text, re.MULTILINE)
                own = "".join(f"Route: {proxy}\r\n" for proxy in reversed(proxies))
                self._routes = self._routes or own  # what a dialog began with holds (RFC 3261 12.1.2)
            self.send("ACK", number=number)
            if status >= 300:
                self._to_tag = before  # no dialog came of it
        else:
            self.send("ACK", number=number)

    def _final(self, number: int, method: str) -> int:
        for text in self.received:
            if text.startswith("SIP/2.0") and _cseq(text) == (number, method) and text[8] != "1":
                return int(text[8:11])
        return 0

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def answer_to(request: str, status: str = "200 OK", body: str = "") -> str:
    """An answer in the request's own words; who is asked there is asked there again."""
    kept = [line for line in request.split("\r\n") if re.match(r"(?i)(via|from|to|call-id|cseq|record-route):", line)]
    kept = [f"{line};tag=raw" if line.lower().startswith("to:") and ";tag=" not in line else line for line in kept]
    kind, asked = "Content-Type: application/sdp\r\n" if body else "", request.split(" ", 2)[1]
    return (
        f"SIP/2.0 {status}\r\n" + "\r\n".join(kept) + f"\r\nContact: <{asked}>\r\n{kind}"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )


def _cseq(text: str) -> tuple[int, str]:
    found = re.search(r"^CSeq:\s*(\d+)\s+(\S+)", text, re.MULTILINE)
    return (int(found[1]), found[2]) if found else (0, "")
