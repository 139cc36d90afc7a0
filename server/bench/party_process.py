"""Hundreds of callers and agents in one cheap process (``python -m server.bench.party_process HOST:PORT``).

Told and telling in lines of JSON (``party_messages``). The callers call HOST:PORT; the agents' one address answers
every call at once. It must cost little: what is measured is the worker between them.
"""

from __future__ import annotations

import asyncio
import sys
import time
from itertools import pairwise
from typing import Final

from server.bench import party_sip as sip
from server.bench.party_messages import Done, Grow, Heard, Listen, Order, PassBy, Ready, Shrink
from server.bench.party_orders import serve
from server.bench.party_voice import Timed, Voices

HOST: Final = "127.0.0.1"
TIMED: Final = 4
"""Calls whose delay is measured: the first ones."""
_JOIN_S: Final = 30.0


class Side(asyncio.DatagramProtocol):
    """A SIP socket."""

    def __init__(self, parties: Parties, caller: bool) -> None:
        self._parties = parties
        self._caller = caller

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        text = data.decode("utf-8", "replace")
        if self._caller:
            self._parties.caller_heard(text)
        else:
            self._parties.agent_heard(text, address)


class Parties:
    """All of them."""

    def __init__(self, to: str) -> None:
        self._to = to
        host, _, port = to.rpartition(":")
        self._address = (host, int(port))
        self._voices = Voices(HOST)
        self._timed_callers = [Timed(HOST) for _ in range(TIMED)]
        self._timed_agents = [Timed(HOST) for _ in range(TIMED)]
        self._next = 0
        self._agents_seen = 0
        self._running: dict[int, tuple[str, str, str]] = {}
        """Target and To-tag of each call that was answered."""
        self._refused = 0
        self._invited: dict[int, float] = {}
        self._setup: list[float] = []
        self._changed = asyncio.Event()

    async def open(self) -> Ready:
        """Bind the SIP sockets."""
        loop = asyncio.get_running_loop()
        self._caller, _ = await loop.create_datagram_endpoint(lambda: Side(self, True), local_addr=(HOST, 0))
        self._agent, _ = await loop.create_datagram_endpoint(lambda: Side(self, False), local_addr=(HOST, 0))
        self._caller_at = f"{HOST}:{self._caller.get_extra_info('sockname')[1]}"
        self._agent_at = f"{HOST}:{self._agent.get_extra_info('sockname')[1]}"
        return Ready(agent=f"sip:agent@{self._agent_at}")

    async def obey(self, order: Order) -> Done | Heard:
        """Carry out an order."""
        match order:
            case Grow(calls=calls, per_s=per_s):
                await self._grow(calls, per_s)
            case Shrink(calls=calls):
                await self._shrink(calls)
            case PassBy(calls=calls, per_s=per_s, talk_s=talk_s):
                await self._pass_by(calls, per_s, talk_s)
            case Listen(seconds=seconds):
                return await self._listen(seconds)
        setup, self._setup = self._setup, []
        return Done(running=len(self._running), refused=self._refused, setup_s=setup)

    async def _grow(self, calls: int, per_s: float) -> None:
        began, asked = time.monotonic(), 0
        wanted = calls - len(self._running)
        before = self._refused
        while asked < wanted:
            self._call()
            asked += 1
            await asyncio.sleep(max(0.0, began + asked / per_s - time.monotonic()))
            if self._next <= TIMED:  # one after another, so that both ends of a timed call are known to belong together
                await self._until(calls - wanted + asked)
        await self._until(calls - (self._refused - before))

    async def _until(self, running: int) -> None:
        end = time.monotonic() + _JOIN_S
        while len(self._running) < running and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def _pass_by(self, calls: int, per_s: float, talk_s: float) -> None:
        loop = asyncio.get_running_loop()
        began, first = time.monotonic(), self._next
        for asked in range(1, calls + 1):
            number = self._next
            self._call()
            loop.call_later(talk_s, self._hang_up, number)
            await asyncio.sleep(max(0.0, began + asked / per_s - time.monotonic()))
        await asyncio.sleep(talk_s + 0.3)
        for number in [number for number in self._running if number >= first]:
            self._hang_up(number)  # it was answered later than that
        await asyncio.sleep(0.3)

    def _call(self) -> None:
        number, self._next = self._next, self._next + 1
        port = self._timed_callers[number].port if number < TIMED else self._voices.port
        self._invited[number] = time.monotonic()
        self._caller.sendto(sip.invite(number, self._caller_at, self._to, port).encode(), self._address)

    async def _shrink(self, calls: int) -> None:
        for number in sorted(self._running, reverse=True)[: len(self._running) - calls]:
            self._hang_up(number)
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.5)

    def _hang_up(self, number: int) -> None:
        if number in self._running:
            target, tag, route = self._running.pop(number)
            self._voices.remove(f"c{number}")
            bye = sip.request("BYE", number, self._caller_at, self._to, target, tag, route=route)
            self._caller.sendto(bye.encode(), self._address)

    async def _listen(self, seconds: float) -> Heard:
        for timed in (*self._timed_callers, *self._timed_agents):
            for kept in (timed.arrivals, timed.clicks, timed.clicked):
                kept.clear()
        del self._voices.lateness[:]
        await asyncio.sleep(seconds)
        delays: list[float] = []
        for callers, agents in ((self._timed_callers, self._timed_agents), (self._timed_agents, self._timed_callers)):
            for sender, hearer in zip(callers, agents, strict=True):
                delays += _delays(list(sender.clicked), list(hearer.clicks))
        gaps: list[float] = []
        for timed in (*self._timed_callers, *self._timed_agents):
            arrivals = list(timed.arrivals)
            gaps += [later - earlier for earlier, later in pairwise(arrivals)]
        late = sorted(self._voices.lateness)
        return Heard(delays_s=delays, gaps_s=gaps, own_lateness_s=late[int(len(late) * 0.99)] if late else 0.0)

    def caller_heard(self, text: str) -> None:
        """An answer, or the worker's BYE."""
        status = sip.status(text)
        if not status:
            self._answer_bye(text)
            return
        number = int(sip.header(text, "Call-ID").removeprefix("bench").partition("@")[0])
        if status < 200 or not sip.header(text, "CSeq").endswith("INVITE"):
            return
        _, tag, value = sip.header(text, "To").partition(";tag=")
        target = sip.header(text, "Contact").partition("<")[2].partition(">")[0] or f"sip:120@{self._to}"
        route = sip.header(text, "Record-Route")
        ack = sip.request("ACK", number, self._caller_at, self._to, target, tag + value, route=route)
        self._caller.sendto(ack.encode(), self._address)
        if number not in self._invited:
            return  # told again
        took = time.monotonic() - self._invited.pop(number)
        if status >= 300:
            self._refused += 1
            return
        self._setup.append(took)
        self._running[number] = (target, tag + value, route)
        timed = self._timed_callers[number] if number < TIMED else None
        self._voices.add(f"c{number}", sip.media_port(text), timed)

    def agent_heard(self, text: str, address: tuple[str, int]) -> None:
        """A call to an agent, or its end."""
        if text.startswith("INVITE"):
            number, self._agents_seen = self._agents_seen, self._agents_seen + 1
            timed = self._timed_agents[number] if number < TIMED else None
            self._voices.add(sip.header(text, "Call-ID"), sip.media_port(text), timed)
            body = sip.sdp(self._agent_at, timed.port if timed is not None else self._voices.port)
            self._agent.sendto(sip.answer(text, "200 OK", self._agent_at, body=body).encode(), address)
        elif not text.startswith(("ACK", "SIP/2.0")):
            self._voices.remove(sip.header(text, "Call-ID"))
            self._agent.sendto(sip.answer(text, "200 OK", self._agent_at).encode(), address)

    def _answer_bye(self, text: str) -> None:
        self._caller.sendto(sip.answer(text, "200 OK", self._caller_at).encode(), self._address)
        if text.startswith("BYE"):
            number = int(sip.header(text, "Call-ID").removeprefix("bench").partition("@")[0])
            self._running.pop(number, None)
            self._voices.remove(f"c{number}")


def _delays(sent: list[float], heard: list[float]) -> list[float]:
    found = []
    for at in sent:
        after = [moment - at for moment in heard if 0 <= moment - at < 0.5]
        if after:
            found.append(min(after))
    return found


async def main(to: str) -> None:
    """Until stdin ends."""
    parties = Parties(to)
    await serve(await parties.open(), parties.obey)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
