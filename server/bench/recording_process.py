"""Hundreds of recording clients in one cheap process (``python -m server.bench.recording_process HOST:PORT``).

Told and telling as ``party_process``: ``Grow`` and ``Shrink`` count recording sessions (RFC 7866), two voices each.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from typing import Final

from server.bench import party_sip as sip
from server.bench.party_messages import Done, Grow, Heard, Listen, Order, Ready, Shrink
from server.bench.party_orders import serve
from server.bench.party_voice import Voices

HOST: Final = "127.0.0.1"
_JOIN_S: Final = 30.0
_METADATA: Final = """<?xml version="1.0" encoding="UTF-8"?>\r
<recording xmlns="urn:ietf:params:xml:ns:recording:1"><datamode>complete</datamode>\r
<session session_id="s1"><start-time>2026-11-26T10:00:00Z</start-time></session>\r
<participant participant_id="p1"><nameID aor="sip:010{number:08}@{host}"></nameID></participant>\r
<participant participant_id="p2"><nameID aor="sip:2107@{host}"><name xml:lang="ko">Kim</name></nameID></participant>\r
<stream stream_id="t1" session_id="s1"><label>1</label></stream>\r
<stream stream_id="t2" session_id="s1"><label>2</label></stream>\r
<participantstreamassoc participant_id="p1"><send>t1</send><recv>t2</recv></participantstreamassoc>\r
<participantstreamassoc participant_id="p2"><send>t2</send><recv>t1</recv></participantstreamassoc>\r
</recording>\r
"""


class Clients(asyncio.DatagramProtocol):
    """All of them, on one SIP socket."""

    def __init__(self, to: str) -> None:
        self._to = to
        host, _, port = to.rpartition(":")
        self._address = (host, int(port))
        self._voices = Voices(HOST)
        self._next = 0
        self._refused = 0
        self._invited: dict[int, float] = {}
        self._running: dict[int, tuple[str, str]] = {}
        self._setup: list[float] = []

    async def open(self) -> None:
        """Bind the socket."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(HOST, 0))
        self._here = f"{HOST}:{self._transport.get_extra_info('sockname')[1]}"

    async def obey(self, order: Order) -> Done | Heard:
        """Carry out an order."""
        match order:
            case Grow(calls=calls, per_s=per_s):
                await self._grow(calls, per_s)
            case Shrink(calls=calls):
                for number in sorted(self._running, reverse=True)[: len(self._running) - calls]:
                    self._hang_up(number)
                    await asyncio.sleep(0.005)
            case Listen(seconds=seconds):
                del self._voices.lateness[:]
                await asyncio.sleep(seconds)
                late = sorted(self._voices.lateness)
                return Heard(delays_s=[], gaps_s=[], own_lateness_s=late[int(len(late) * 0.99)])
        setup, self._setup = self._setup, []
        return Done(running=len(self._running), refused=self._refused, setup_s=setup)

    def datagram_received(self, data: bytes, _address: tuple[str, int]) -> None:
        text = data.decode("utf-8", "replace")
        status = sip.status(text)
        number = int(sip.header(text, "Call-ID").removeprefix("bench").partition("@")[0])
        if not status:
            self._say(sip.answer(text, "200 OK", self._here))
            self._forget(number)
        elif status >= 200 and sip.header(text, "CSeq").endswith("INVITE"):
            self._answered(number, status, text)

    async def _grow(self, calls: int, per_s: float) -> None:
        began, wanted, before = time.monotonic(), calls - len(self._running), self._refused
        for asked in range(1, wanted + 1):
            self._invite()
            await asyncio.sleep(max(0.0, began + asked / per_s - time.monotonic()))
        end = time.monotonic() + _JOIN_S
        while len(self._running) + self._refused - before < calls and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    def _invite(self) -> None:
        number, self._next = self._next, self._next + 1
        self._invited[number] = time.monotonic()
        one = sip.sdp(self._here, self._voices.port)
        streams = one + "a=sendonly\r\na=label:1\r\n" + one[one.index("m=") :] + "a=sendonly\r\na=label:2\r\n"
        body = (
            f"--rs\r\nContent-Type: application/sdp\r\n\r\n{streams}\r\n--rs\r\n"
            "Content-Type: application/rs-metadata+xml\r\nContent-Disposition: recording-session\r\n\r\n"
            f"{_METADATA.format(number=number, host=HOST)}--rs--\r\n"
        )
        text = sip.request("INVITE", number, self._here, self._to, f"sip:srs@{self._to}", "", body=body)
        kind = "Require: siprec\r\nContent-Type: multipart/mixed;boundary=rs"
        self._say(text.replace("Content-Type: application/sdp", kind, 1))

    def _answered(self, number: int, status: int, text: str) -> None:
        _, tag, value = sip.header(text, "To").partition(";tag=")
        target = sip.header(text, "Contact").partition("<")[2].partition(">")[0] or f"sip:srs@{self._to}"
        self._say(sip.request("ACK", number, self._here, self._to, target, tag + value))
        if number not in self._invited:
            return  # told again
        took = time.monotonic() - self._invited.pop(number)
        if status >= 300:
            self._refused += 1
            return
        self._setup.append(took)
        self._running[number] = (target, tag + value)
        for stream, port in enumerate(re.findall(r"(?m)^m=audio (\d+)", text)):
            self._voices.add(f"{number}-{stream}", int(port))

    def _hang_up(self, number: int) -> None:
        target, tag = self._running[number]
        self._forget(number)
        self._say(sip.request("BYE", number, self._here, self._to, target, tag))

    def _forget(self, number: int) -> None:
        self._running.pop(number, None)
        for stream in range(2):
            self._voices.remove(f"{number}-{stream}")

    def _say(self, text: str) -> None:
        self._transport.sendto(text.encode(), self._address)


async def main(to: str) -> None:
    """Until stdin ends."""
    clients = Clients(to)
    await clients.open()
    await serve(Ready(agent=""), clients.obey)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
