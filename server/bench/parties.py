"""Drives the process of cheap parties."""

from __future__ import annotations

import asyncio
import sys
from typing import Self, TypeVar

import msgspec

from core.errors import EnvironmentFault
from server.bench.party_messages import Answer, Done, Grow, Heard, Listen, Order, PassBy, Ready, Shrink

T = TypeVar("T", bound=msgspec.Struct)
_LONGEST_S = 60.0
_LINE = 1 << 24
_answers: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


class Parties:
    """``async with Parties(address) as parties``: callers of that SIP address, and agents at ``parties.agent``."""

    def __init__(self, address: str, *, process: str = "server.bench.party_process") -> None:
        """``process``: the module that plays them."""
        self._address = address
        self._module = process
        self.agent = ""
        """SIP address of the agents."""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self._module, self._address),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE,
        )
        self.agent = (await self._next(Ready, _LONGEST_S)).agent
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    @property
    def pid(self) -> int:
        """Of their process."""
        return self._process.pid

    async def grow(self, calls: int, per_s: float = 50.0) -> Done:
        """Call until so many calls run."""
        return await self._ask(Grow(calls=calls, per_s=per_s), Done, _LONGEST_S + calls / per_s)

    async def shrink(self, calls: int) -> Done:
        """Hang up until so many are left."""
        return await self._ask(Shrink(calls=calls), Done, _LONGEST_S)

    async def pass_by(self, calls: int, per_s: float, talk_s: float) -> Done:
        """So many short calls."""
        order = PassBy(calls=calls, per_s=per_s, talk_s=talk_s)
        return await self._ask(order, Done, _LONGEST_S + calls / per_s + talk_s)

    async def listen(self, seconds: float) -> Heard:
        """What the timed calls hear for so long."""
        return await self._ask(Listen(seconds=seconds), Heard, seconds + _LONGEST_S)

    async def _ask(self, order: Order, kind: type[T], within_s: float) -> T:
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        return await self._next(kind, within_s)

    async def _next(self, kind: type[T], within_s: float) -> T:
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(within_s):
                answer = _answers.decode(await self._process.stdout.readline())
        except (TimeoutError, msgspec.MsgspecError) as fault:
            raise EnvironmentFault("the bench's process of parties died or hangs; its stderr tells why") from fault
        assert isinstance(answer, kind)
        return answer
