"""Real calls for benches: a caller's and an agent's softphone, SIP workers between them, the node behind.

Callers and agents are scripted phones in processes of their own; every call is real SIP and G.711 on loopback.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Final, Self

import msgspec

from server.app import Node
from server.bench.desks import bench_config
from server.bench.stage import Stage
from telephony.sip import SipBridge
from telephony.softphone import PhoneCall, Softphone

LINES: Final = 4
"""Calls at once: two workers of the wheel, both full."""
WORKERS: Final = 2
_JOIN_S: Final = 20.0


class BridgedCall(msgspec.Struct, frozen=True, kw_only=True):
    """Both ends of a call that the node joined."""

    number: str
    """The caller's, another for each call: by it the call is known in the node."""
    caller: PhoneCall
    agent: PhoneCall


class SipCalls:
    """``async with`` = node and phones are up."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            self.caller = await self._open.enter_async_context(Softphone(user="01000000000", lines=LINES))
            # One phone each: an agent has one, and the node takes care that no two have the same.
            self.agents = [
                await self._open.enter_async_context(Softphone(user=f"210{line}", lines=1)) for line in range(LINES)
            ]
            home = self._stage.fresh_home()
            phones = [agent.uri for agent in self.agents]
            config = bench_config(home, phones, sip_workers=WORKERS, model=str(self._stage.model.path))
            self._bridge = SipBridge(config.sip, run_dir=home.run)
            self.node = await self._open.enter_async_context(Node(config, home, bridge=self._bridge))
        except BaseException:
            await self._open.aclose()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    async def join(self) -> list[BridgedCall]:
        """All lines, one after the other, so that it is known which ends belong together."""
        calls = []
        for line in range(LINES):
            address = self.node.sip_addresses[line % WORKERS]
            number = f"0100000000{line}"
            caller = await self.caller.dial(f"sip:120@{address}", from_uri=f"<sip:{number}@{self.caller.address}>")
            await caller.answered(_JOIN_S)
            # Idle agents are called in their order; nobody has hung up yet.
            agent = await (await self.agents[line].next_call(_JOIN_S)).answered(_JOIN_S)
            calls.append(BridgedCall(number=number, caller=caller, agent=agent))
        return calls

    @property
    def dropped(self) -> int:
        """Frames that did not reach the speech path."""
        return sum(worker.frames_dropped for worker in self._bridge.workers())
