"""A bad line from a list: loses, delays, doubles and re-orders packets of a real RTP stream, always the same ones.

async with RtpLine({17: Lost(), 23: Late(120), 31: Doubled(), 40: Overtaken(2)}, to=("127.0.0.1", port)) as line:
    party.talk_to(line.port)      # packet 0 is the first that comes; what is not in the list goes through at once

RTCP does not come this way. For a phone that negotiates its own ports see
``tests/fakes/sip_line.py``.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Mapping
from typing import Self

import msgspec

HOST = "127.0.0.1"
Address = tuple[str, int]


class Lost(msgspec.Struct, frozen=True, tag=True):
    """Never arrives."""


class Late(msgspec.Struct, frozen=True, tag=True):
    """Arrives ``ms`` later than it would."""

    ms: float


class Doubled(msgspec.Struct, frozen=True, tag=True):
    """Arrives twice, the second time ``after_ms`` later."""

    after_ms: float = 0.0


class Overtaken(msgspec.Struct, frozen=True, tag=True):
    """Arrives behind the next ``by`` packets."""

    by: int = 1


Fate = Lost | Late | Doubled | Overtaken
Plan = Mapping[int, Fate]
"""What happens to the packet of that number; the first of a stream is 0."""


def every(step: int, fate: Fate, first: int, count: int) -> dict[int, Fate]:
    """The same fate for every ``step``-th of ``count`` packets, beginning with number ``first``."""
    return dict.fromkeys(range(first, first + count, step), fate)


class Impairment:
    """Applies a plan to one stream. ``send`` puts a packet on the wire now."""

    def __init__(self, plan: Plan, send: Callable[[bytes], None]) -> None:
        self._plan = plan
        self._send = send
        self._held: list[tuple[int, bytes]] = []
        """Packets that are being overtaken: after which number each goes."""
        self.packets = 0
        """Came so far."""
        self.met: list[int] = []
        """Numbers of the plan that were reached."""

    def put(self, packet: bytes) -> None:
        """The next packet of the stream."""
        number, self.packets = self.packets, self.packets + 1
        fate = self._plan.get(number)
        if fate is not None:
            self.met.append(number)
        match fate:
            case None:
                self._send(packet)
            case Lost():
                pass
            case Late(ms=ms):
                asyncio.get_running_loop().call_later(ms / 1000, self._send, packet)
            case Doubled(after_ms=after_ms):
                self._send(packet)
                if after_ms:
                    asyncio.get_running_loop().call_later(after_ms / 1000, self._send, packet)
                else:
                    self._send(packet)
            case Overtaken(by=by):
                self._held.append((number + by, packet))
        for due, held in [pair for pair in self._held if pair[0] <= number and pair[1] is not packet]:
            self._held.remove((due, held))
            self._send(held)


class RtpLine(asyncio.DatagramProtocol):
    """A port between a party and the far side. The party is whoever sends to it, the far side is ``to``: what comes
    from the one goes to the other, towards the far side as ``plan`` says, the way back as ``back`` says."""

    def __init__(self, plan: Plan | None = None, *, to: Address | None = None, back: Plan | None = None) -> None:
        self.to = to
        """Packets that come before it is known are dropped."""
        self.port = 0
        self.there = Impairment(plan or {}, lambda packet: self._forward(packet, self.to))
        self.back = Impairment(back or {}, lambda packet: self._forward(packet, self.party))
        self.party: Address | None = None
        """Where the way back leads; it follows the party's packets."""
        self._transport: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(HOST, 0))
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, address: Address) -> None:
        if self.to is None:
            return
        if address == self.to:
            self.back.put(data)
        else:
            self.party = address
            self.there.put(data)

    def error_received(self, _error: Exception) -> None:
        """The other side has closed its port: the call is over."""

    def _forward(self, packet: bytes, to: Address | None) -> None:
        if self._transport is not None and not self._transport.is_closing() and to is not None:
            self._transport.sendto(packet, to)


class RtpTalker:
    """A party's voice on the dot: packet n leaves n * 20 ms after the first, by a clock that is ``ppm`` fast.

    ``voice`` is G.711 (A-law), repeated; ``silent`` are times in which nothing is sent, as a phone with silence
    suppression does (numbers go on, timestamps count the time; RFC 3551 section 4.1).
    """

    def __init__(
        self,
        voice: bytes,
        *,
        ppm: float = 0.0,
        silent: tuple[tuple[float, float], ...] = (),
        payload_type: int = 8,
        port: int = 0,
    ) -> None:
        self._voice = voice
        self._step_s = 0.02 / (1 + ppm / 1e6)
        self._silent = silent
        self._payload_type = payload_type
        self._transport: asyncio.DatagramTransport | None = None
        self._talking: asyncio.Task[None] | None = None
        self.port = port
        self.sent = 0
        """Packets so far."""

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=(HOST, self.port))
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()
        if self._transport is not None:
            self._transport.close()

    def talk_to(self, port: int, packets: int = 1 << 30) -> None:
        """Begin; ends after ``packets``."""
        self._talking = asyncio.create_task(self._talk((HOST, port), packets), name="rtp talker")

    async def stop(self) -> None:
        """No more packets: the cable is out."""
        if self._talking is not None:
            self._talking.cancel()
            await asyncio.gather(self._talking, return_exceptions=True)

    async def over(self) -> None:
        """Wait for the last packet."""
        if self._talking is not None:
            await self._talking

    async def _talk(self, to: Address, packets: int) -> None:
        assert self._transport is not None
        loop = asyncio.get_running_loop()
        began, slot, resumed = loop.time(), 0, True
        while self.sent < packets:
            await asyncio.sleep(max(0.0, began + slot * self._step_s - loop.time()))
            if any(start <= slot * 0.02 < end for start, end in self._silent):
                resumed = True
            else:
                at = slot * 160 % (len(self._voice) - 160)
                marked = self._payload_type | (0x80 if resumed else 0)
                header = struct.pack(">BBHII", 0x80, marked, self.sent & 0xFFFF, slot * 160 & 0xFFFFFFFF, 0xC0FFEE)
                self._transport.sendto(header + self._voice[at : at + 160], to)
                self.sent, resumed = self.sent + 1, False
            slot += 1
