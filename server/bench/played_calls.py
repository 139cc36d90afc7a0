"""The measuring side of a played node: its process, its desks, what was said and what arrived."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final, Self

import msgspec

from core.errors import EnvironmentFault
from server.bench.desks import Desks, agent_id
from server.bench.hearing import Delays, Ledger, said_between
from server.bench.played_messages import Answer, Began, Carry, Look, Order, Plan, Seen, Up, save
from server.bench.processes import children
from server.bench.stage import Stage
from server.bench.talk import Talk

STRAGGLERS_S: Final = 2.0
"""After the last utterance that counts: what has not arrived then is taken for lost."""
_START_S: Final = 60.0
_ANSWER_S: Final = 20.0
_BEGIN_S: Final = 20.0
_STOP_S: Final = 15.0


class PlayedCalls:
    """``async with`` = the node is up and every agent's desk is open."""

    def __init__(self, stage: Stage, talks: list[Talk], *, agents: int) -> None:
        self._stage = stage
        self._talks = talks
        self._agents = agents
        self._open = AsyncExitStack()
        self._ledger = Ledger()
        self._began: list[Began] = []
        self._another = asyncio.Condition()
        self._seen: asyncio.Queue[Seen] = asyncio.Queue(maxsize=1)
        self._up: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._open.aclose()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    @property
    def pid(self) -> int:
        """The node's process."""
        return self._process.pid

    def decode_workers(self) -> list[int]:
        """Processes of the speech engine."""
        return children(self.pid, "stt.decode_worker")

    async def carry(self, calls: int) -> None:
        """Let there be so many calls, and wait until all of them talk."""
        del self._began[calls:]  # the newest are ended first
        await self._order(Carry(calls=calls))
        try:
            async with asyncio.timeout(_BEGIN_S), self._another:
                await self._another.wait_for(lambda: len(self._began) >= calls)
        except TimeoutError as late:
            raise EnvironmentFault(f"only {len(self._began)} of {calls} calls came about in {_BEGIN_S:.0f} s") from late

    async def look(self) -> Seen:
        """How the node stands."""
        await self._order(Look())
        try:
            async with asyncio.timeout(_ANSWER_S):
                return await self._seen.get()
        except TimeoutError as late:
            raise EnvironmentFault(f"the node did not answer for {_ANSWER_S:.0f} s: it is overwhelmed") from late

    async def listen(self, seconds: float) -> Delays:
        """Let the calls talk; how late came what was said meanwhile."""
        first = time.monotonic()
        last = first + seconds
        await asyncio.sleep(seconds + STRAGGLERS_S)
        return self._ledger.delays(
            said for began in self._began for said in said_between(began, self._talks[began.talk], first, last)
        )

    async def _start(self) -> None:
        file = save(self._talks, self._stage.folder / "talks.msgpack")
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "server.bench.played_node",
            cwd=Path(__file__).parents[2],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._open.push_async_callback(self._stop)
        self._reading = asyncio.create_task(self._read(), name="played node")
        home = self._stage.fresh_home()
        model = str(self._stage.model.path)
        await self._order(Plan(home=str(home.root), talks=str(file), agents=self._agents, model=model))
        try:
            async with asyncio.timeout(_START_S):
                desk_url = await self._up
        except TimeoutError as late:
            raise EnvironmentFault(f"the node was not ready within {_START_S:.0f} s") from late
        desks = await self._open.enter_async_context(Desks(desk_url))
        for number in range(self._agents):
            await desks.open(await desks.sign_in(agent_id(number)), self._ledger.take)

    async def _stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()  # to the node this means: end
        try:
            async with asyncio.timeout(_STOP_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reading

    async def _order(self, order: Plan | Order) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(msgspec.json.encode(order) + b"\n")
            await self._process.stdin.drain()
        except ConnectionError as gone:
            raise EnvironmentFault("the node's process died; its stderr tells why") from gone

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            answer: Answer = msgspec.json.decode(line, type=Answer)
            match answer:
                case Up(desk=desk):
                    self._up.set_result(desk)
                case Began():
                    async with self._another:
                        self._began.append(answer)
                        self._another.notify_all()
                case Seen():
                    await self._seen.put(answer)
        if not self._up.done():
            self._up.set_exception(EnvironmentFault("the node's process died; its stderr tells why"))
