"""Holding a caller and passing her on: one call's transfers, carried out. The rules are in ``server.transfers``.

Wishes come from the agent's desk and from her phone's own transfer key (REFER), which takes the same ways. Whatever
fails leaves the caller with the agent; an agent who is out of the call already is called again, and when she has gone
the caller stands in the queue, at the place of the moment in which she called.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, Protocol

from agent_assist.desk_transfers import Wish
from core.config import SipConfig
from core.errors import IllegalStep, MinwonError, Refused
from core.events import TransferKind
from core.log import get_logger
from server.auto_answer import headers_for
from server.bound_agents import BoundAgents
from server.caller_hold import CallerHold
from server.current_transfer import CurrentTransfer
from server.dispatcher import Dispatcher
from server.line import Line
from server.reach import Answer
from server.roster import Agent
from server.targets import Third, Ways, refuse_loops
from server.transfers import WITHOUT_AGENT, Stage, Transfer, possible
from telephony.call_states import dial_result
from telephony.contract import Call, ConsultResult, Headers, TransferAsked

log = get_logger("server.passing_on")

MUSIC: Final = "music"
_STATUS: Final[dict[ConsultResult, int]] = {"busy": 486, "no_answer": 480, "refused": 603, "unreachable": 503}
"""What the phone is told that asked for the transfer."""


class Talk(Protocol):
    """The call flow, as its transfers need it."""

    agent_id: str
    """Whose call it is; '' = a department's, or nobody's."""

    def begin(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """A task that ends with the call."""

    def caller_on_hold(self, on: bool) -> None:
        """The caller hears music from now on, or no longer."""

    def hear_third(self) -> None:
        """The third has answered: its words."""

    async def goes_to(self, answer: Answer) -> None:
        """The caller talks with another one from now on."""

    async def ring_again(self, agent: Agent) -> bool:
        """Call the agent for her own caller; whether she answered."""

    async def find_again(self) -> None:
        """Nobody has the caller: to the queue."""


class PassingOn:
    """For one call. Wishes are refused in words; what the telephone tells never raises."""

    def __init__(self, call: Call, line: Line, dispatcher: Dispatcher, sip: SipConfig, ways: Ways, talk: Talk) -> None:
        self._call = call
        self._agents = BoundAgents(call.call_id, dispatcher)
        self._held = CallerHold(call, line, talk.caller_on_hold)
        self._sip = sip
        self._ways = ways
        self._talk = talk
        self._transfer = CurrentTransfer(line)
        self._uri = ""
        """Where the third is called."""
        self._ringing: asyncio.Task[ConsultResult] | None = None
        """The call to the third."""
        self._wanted_back = False
        self._by_phone = False
        """The agent's phone asked for it, and has nothing more to say."""

    # What the flow asks.

    def on_hold(self, at_s: float) -> bool:
        """Whether the caller heard hold music in that second of the call."""
        return self._held.at(at_s)

    @property
    def transfer(self) -> Transfer | None:
        """The one that is on its way."""
        return self._transfer.running

    # What the agent wishes.

    async def hold(self, on: bool, by: str) -> None:
        """Hold music for the caller, or no longer. ``Refused``: 'not_your_call', 'no_step' during a transfer."""
        self._require(by)
        if self._transfer.stage is not None:
            raise Refused("not while the caller is being passed on", code="no_step")
        if on is self._held.on:
            return
        await self._do(self._call.hold(on))
        await (self._held.by_key() if on else self._held.ends())

    async def pass_on(self, third: Third, way: TransferKind, by: str) -> None:
        """Begin a transfer. ``Refused``: see ``server.targets``, 'colleague_busy', 'transfer_running',
        'transfer_loop', 'not_your_call', and those of the dial plan; nothing has changed then."""
        self._require(by)
        stage = Stage.CONSULTING if way == "consult" else Stage.RINGING
        if way == "blind" and self._by_exchange(third):
            stage = Stage.REFERRING
        uri = await self._prepare(third, way, stage, by)
        log.info("transfer.begun", call_id=self._call.call_id, agent=by, way=way, colleague=third.agent_id)
        ways = {Stage.CONSULTING: self._consult, Stage.REFERRING: self._refer, Stage.RINGING: self._blind}
        await self._begin(ways[stage](uri))

    async def step(self, wish: Wish, by: str) -> None:
        """Go on with it. ``Refused`` ('no_step') where that is not possible now."""
        transfer = self._transfer.running
        if transfer is None or transfer.by != by or not possible(transfer, wish):
            raise Refused("not possible now", code="no_step")
        match wish:
            case "connect":
                if not await self._handed_to_the_exchange(transfer):
                    await self._do(self._call.hand_over())  # ``handed_over`` does the rest
            case "join":
                await self._do(self._call.conference())
                await self._held.ends()
                await self._transfer.move("join")
            case "back" if transfer.stage is Stage.RINGING:
                self._wanted_back = True
                if self._ringing is not None:
                    self._ringing.cancel()
            case "back":
                await self._transfer.move("back")
                await self._call.drop_third()
                await self._third_gone()

    # What the telephone tells.

    async def asked(self, signal: TransferAsked, third: Third | Refused) -> None:
        """The transfer key of a phone. ``third``: who is meant, or why it may not be."""
        by = self._talk.agent_id
        try:
            if isinstance(third, Refused):
                raise third
            if signal.speaker != "agent":
                raise Refused("only the agent passes the caller on", code="not_your_call")
            if signal.replaces and third.agent_id:  # the two have spoken on lines of their own: no call is offered
                third = Third(number=third.number, name=third.name)
            refers = self._by_exchange(third) and not signal.replaces
            stage = Stage.REFERRING if refers else Stage.CONSULTING
            uri = await self._prepare(third, "consult" if signal.replaces else "blind", stage, by)
        except Refused as refusal:
            log.warning("transfer.refused", call_id=self._call.call_id, agent=by, code=refusal.code)
            await self._call.transfer_told(482 if refusal.code == "transfer_loop" else 403)
            return
        log.info("transfer.asked", call_id=self._call.call_id, agent=by, replaces=bool(signal.replaces))
        self._by_phone = True
        headers = (("Replaces", signal.replaces),) if signal.replaces else ()
        await self._begin(self._refer(uri) if refers else self._consult(uri, headers))

    async def agent_left(self) -> None:
        """Her phone hung up while a third was there or rang. One who is there: ``handed_over`` comes."""
        if self._transfer.stage is Stage.CONSULTING:
            await self._agent_out()

    async def third_left(self) -> None:
        """The third hung up: caller and agent talk."""
        if self._transfer.stage in (Stage.TALKING, Stage.CONFERENCE):
            await self._transfer.move("third_left", "third_left")
            await self._third_gone()

    async def handed_over(self) -> None:
        """The third has the agent's place."""
        match self._transfer.stage:
            case Stage.TALKING | Stage.CONFERENCE:
                await self._transfer.move("connect")
                await self._lets_go(self._agents.done)
            case Stage.CONSULTING:  # she left and it answered, all at once
                await self._agent_out()
                await self._transfer.move("answered")
            case Stage.RINGING:
                await self._transfer.move("answered")
            case _:
                return
        await self._arrived()

    async def ends_hold(self) -> None:
        """A supervisor has taken the call over: the caller is not on hold any more."""
        await self._held.ends()

    async def over(self) -> None:
        """The call is over: nobody stays bound to it."""
        transfer = self._transfer.running
        if transfer is None:
            return
        await self._transfer.move("caller_left", transfer.reason or "caller_left")
        if transfer.stage in WITHOUT_AGENT:
            await self._agents.rests(transfer.by)
        await self._agents.free(transfer.agent_id)

    async def adopt(self) -> None:
        """A node before us had this call: take up its hold, and what it said last of a transfer that goes on."""
        self._held.adopt()
        third = self._call.adopted_third
        colleague = third if self._agents.agent(third) else ""
        if not self._transfer.adopt(Stage.TALKING if self._call.on_hold else Stage.CONFERENCE, colleague):
            return
        if not third:  # it rang when the node died
            await self._transfer.move("third_left", "third_left")
        else:
            await self._agents.talks(colleague)

    # The ways.

    async def _prepare(self, third: Third, way: TransferKind, stage: Stage, by: str) -> str:
        """Make it the call's transfer; the address to call. Nothing is changed when that is refused."""
        refuse_loops(third, by=self._agents.agent(by), sip=self._sip, call=self._call)
        self._transfer.begin(third, way, stage, by)  # before we wait for anything: two wishes may cross
        try:
            if third.agent_id:
                self._uri = await self._agents.offer(third.agent_id)
            else:
                self._uri = self._ways.uri(third.number)
        except Refused:
            self._transfer.undo()
            raise
        self._wanted_back = self._by_phone = False
        return self._uri

    def _by_exchange(self, third: Third) -> bool:
        """Whether the exchange shall take the call over. A colleague's stays with us: her desk needs the words."""
        return self._sip.transfer == "refer" and not third.agent_id

    async def _begin(self, way: Coroutine[Any, Any, None]) -> None:
        await self._transfer.tell()
        self._talk.begin(self._guarded(way), f"transfer {self._call.call_id}")

    async def _rings(self, way: Coroutine[Any, Any, ConsultResult]) -> ConsultResult:
        """Let it ring until somebody answers, nobody does, or the agent who is out of the call wants it back."""
        ringing = self._ringing = asyncio.create_task(way)
        try:
            await asyncio.wait({ringing})
        finally:
            ringing.cancel()
        return "no_answer" if ringing.cancelled() else ringing.result()

    async def _blind(self, uri: str) -> None:
        """The agent is let go, the caller hears music, the third is called."""
        await self._call.release_agent()
        await self._held.ends()
        await self._lets_go(self._agents.out)
        await self._call.play(MUSIC, loop=True)
        result = "no_answer" if self._wanted_back else await self._rings(self._call.dial(uri, **self._terms()))
        if result == "answered":
            await self._transfer.move("answered")
            await self._arrived()
        else:
            await self._missed(result)

    async def _consult(self, uri: str, headers: Headers = ()) -> None:
        """The third is called for the agent; the caller hears music."""
        self._held.begins()
        result = await self._rings(self._call.consult(uri, **self._terms(headers)))
        if result == "answered":
            await self._third_answered()
        elif result != "gone":  # then the caller is gone, or the agent took her back: all is done
            if self._by_phone:
                await self._call.transfer_told(_STATUS.get(result, 503))
            await self._missed(result)

    async def _third_answered(self) -> None:
        if self._transfer.stage is Stage.RINGING:  # the agent hung up while it rang
            await self.handed_over()
        elif self._transfer.stage is Stage.CONSULTING:
            await self._agents.talks(self._transfer.newest.agent_id)
            await self._transfer.move("answered")
            self._talk.hear_third()
            if self._by_phone:
                await self._call.transfer_told(200)
                await self._do(self._call.hand_over())

    async def _refer(self, uri: str) -> None:
        """The exchange takes the call over; when it does not, nothing has changed."""
        status = await self._call.refer(uri)
        await self._call.transfer_told(status)
        if self._transfer.stage is Stage.REFERRING:
            done = 200 <= status < 300
            await self._transfer.move("answered" if done else "missed", "" if done else dial_result(status))

    async def _handed_to_the_exchange(self, transfer: Transfer) -> bool:
        """With ``sip.transfer`` = 'refer': REFER with Replaces (RFC 3891)."""
        if self._sip.transfer != "refer" or transfer.agent_id:
            return False
        status = await self._call.refer(self._uri, replacing_third=True)
        if not 200 <= status < 300:
            log.warning("transfer.not_referred", call_id=self._call.call_id, status=status)
            return False
        if self._transfer.stage is not None:
            await self._transfer.move("connect")
        return True

    async def _missed(self, result: ConsultResult) -> None:
        """The third did not answer: the caller goes back to the agent, or to whoever is free."""
        transfer = self._transfer.running
        if transfer is None or result == "gone":
            return
        await self._agents.missed(transfer.agent_id, "gone" if self._wanted_back else result)
        if self._transfer.stage is Stage.CONSULTING and not await self._take_back():
            await self._agent_out()
        if self._transfer.stage is Stage.CONSULTING:
            await self._transfer.move("missed", result)
            return
        await self._transfer.move(
            "back" if self._wanted_back else "missed", "taken_back" if self._wanted_back else result
        )
        await self._recall(transfer.by)

    async def _take_back(self) -> bool:
        """Caller and agent talk again; False: the agent's phone has hung up meanwhile."""
        try:
            await self._call.hold(False)
        except IllegalStep:
            return False
        await self._held.ends()
        return True

    async def _recall(self, by: str) -> None:
        """Her phone rings for the caller whom she passed on."""
        await self._call.play(MUSIC, loop=True)
        agent = await self._agents.recall(by)
        if agent is not None and await self._talk.ring_again(agent):
            await self._transfer.move("agent_back")
            return
        await self._transfer.move("agent_gone")
        log.warning("transfer.failed", call_id=self._call.call_id, agent=by)
        if agent is None:
            await self._agents.rests(by)
        await self._talk.find_again()

    async def _arrived(self) -> None:
        """The third has the caller."""
        transfer = self._transfer.newest
        await self._held.ends()
        await self._agents.rests(transfer.by)
        log.info("transfer.done", call_id=self._call.call_id, agent=transfer.by, colleague=transfer.agent_id)
        await self._talk.goes_to(Answer(transfer.agent_id, transfer.name or transfer.to, transfer.to))

    async def _agent_out(self) -> None:
        """She hung up while the third still rings."""
        await self._transfer.move("agent_left")
        await self._held.ends()
        await self._lets_go(self._agents.out)

    async def _lets_go(self, how: Callable[[str], Awaitable[None]]) -> None:
        """The call is the agent's no longer."""
        by = self._transfer.newest.by
        if self._talk.agent_id == by:
            self._talk.agent_id = ""
        await how(by)

    async def _third_gone(self) -> None:
        await self._held.ends()
        await self._agents.free(self._transfer.newest.agent_id)

    # Small things.

    def _require(self, by: str) -> None:
        if self._call.way != "bridge":
            raise Refused("the exchange has this call, we only listen", code="only_listening")
        if not by or self._talk.agent_id != by:
            raise Refused("this is not your running call", code="not_your_call")

    def _terms(self, headers: Headers = ()) -> dict[str, Any]:
        """How the third is called."""
        transfer = self._transfer.newest
        reference = transfer.agent_id or f"@{transfer.name or transfer.to}"
        if (agent := self._agents.agent(transfer.agent_id)) is not None:
            headers = (*headers, *headers_for(self._sip.auto_answer, agent.auto_answer))
        return {"reference": reference, "ring_timeout_s": self._sip.ring_timeout_s, "headers": headers}

    async def _do(self, order: Coroutine[Any, Any, None]) -> None:
        """An order that a leg which has just ended makes impossible is refused, not a fault."""
        try:
            await order
        except IllegalStep:
            raise Refused("somebody has just hung up", code="no_step") from None

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """A transfer that breaks is over, the call is not."""
        try:
            await work
        except Exception as fault:
            log.exception("transfer.broken", call_id=self._call.call_id, error=type(fault).__name__)
            with suppress(MinwonError):
                await self._call.drop_third()
                await self._call.hold(False)
            if (running := self._transfer.running) is not None:
                if possible(running, "back"):
                    await self._transfer.move("back")
                if self._transfer.stage is Stage.RECALLING:
                    await self._transfer.move("agent_gone")
                    await self._talk.find_again()
            await self._held.ends()
