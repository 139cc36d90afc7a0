"""A supervisor's phone in a call: it listens, whispers to the agent, barges in, or takes the call over. One object per
call.

Who may is for the house to say (``server.house``). Whatever happens is told on the call's line and logged with who; the
agent's desk shows it, also that somebody listens: nobody is listened to behind her back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.config import SipConfig
from core.errors import IllegalStep, Refused
from core.events import SupervisionChanged, SupervisionMode
from core.log import get_logger
from server.auto_answer import headers_for
from server.dispatcher import Dispatcher
from server.line import Line
from server.reach import Answer
from server.roster import Agent
from telephony.contract import Call

log = get_logger("server.supervision")


class Supervision:
    """For one call. ``Refused`` in words: see ``change``."""

    def __init__(self, call: Call, line: Line, dispatcher: Dispatcher, sip: SipConfig) -> None:
        self.supervisor_id = ""
        """Who takes part or is being called, '' = nobody."""
        self.mode: SupervisionMode | None = None
        """None also while her phone rings."""
        self._takes_over: str | None = None
        """Why she takes the call over, from the order until it is done."""
        self._call = call
        self._line = line
        self._dispatcher = dispatcher
        self._sip = sip

    async def change(self, supervisor: Agent, mode: SupervisionMode | None) -> None:
        """Call her phone and let her take part, change what she does, or let her go (None).

        ``Refused``: 'only_listening', 'supervised' (somebody else does), 'no_phone', 'busy_with_call' (she has a call
        of her own), 'own_call', 'not_talking' (nobody has answered the call yet), 'supervisor_missed' (her phone did
        not answer), 'no_line'.
        """
        if self._call.way != "bridge":
            raise Refused("the exchange has this call, we only listen", code="only_listening")
        if self.supervisor_id and self.supervisor_id != supervisor.id:
            raise Refused("another supervisor takes part in this call", code="supervised")
        try:
            if self.supervisor_id:
                await self._goes_on(supervisor.id, mode)
            elif mode is not None:
                await self._comes(supervisor, mode)
        except IllegalStep:
            raise Refused("nobody talks in this call now", code="not_talking") from None

    async def take_over(self, supervisor: Agent, reason: str) -> None:
        """Her phone gets the agent's place, who is free: the caller hears no gap. One who does not take part yet is
        called first. ``Refused``: as ``change``; 'transfer_running' (a third is there), 'left' (she has hung up)."""
        if self.supervisor_id != supervisor.id or self.mode is None:
            await self.change(supervisor, "barge")
        self._takes_over = reason
        try:
            await self._call.take_over()
        except IllegalStep:
            self._takes_over = None
            raise Refused("possible once the caller is not being passed on", code="transfer_running") from None
        log.info("supervision.takes_over", call_id=self._call.call_id, supervisor=supervisor.id)

    @property
    def takes_over(self) -> bool:
        """Whether the next who comes into the agent's place is she."""
        return self._takes_over is not None

    async def has_taken_over(self, goes_to: Callable[[Answer], Awaitable[None]], agent_id: str) -> None:
        """The telephone says that she is in the agent's place: the call is hers, ``agent_id`` is free."""
        her = self._dispatcher.roster.agent(self.supervisor_id)
        reason, self._takes_over = self._takes_over or "", None
        self.supervisor_id, self.mode = "", None
        await self._line.say(SupervisionChanged(supervisor_id=her.id, mode=None, took_over=True, reason=reason))
        if agent_id and self._dispatcher.knows(agent_id):
            await self._dispatcher.released(agent_id, reason="taken_over", by=her.id)
        await goes_to(Answer(her.id, her.name, her.extension))

    async def left(self) -> None:
        """Her phone hung up, or the call is over."""
        self._takes_over = None
        if self.supervisor_id:
            await self._is(self.supervisor_id, None)

    async def adopt(self) -> None:
        """A node before us had this call with a supervisor in it: what it said last holds."""
        supervisor = self._call.adopted_supervisor
        modes = [event.mode for event in self._line.past if isinstance(event, SupervisionChanged)]
        if supervisor and modes and modes[-1] is not None:
            self.supervisor_id, self.mode = supervisor, modes[-1]
        elif modes and modes[-1] is not None:
            await self._line.say(SupervisionChanged(supervisor_id="", mode=None))

    async def _comes(self, supervisor: Agent, mode: SupervisionMode) -> None:
        if not supervisor.uri:
            raise Refused("you have no telephone: sign in at one", code="no_phone")
        if supervisor.call_id == self._call.call_id and supervisor.state != "wrap_up":
            raise Refused("this is your own call", code="own_call")
        if supervisor.state in ("offered", "talking"):
            raise Refused("possible once your own call is over", code="busy_with_call")
        self.supervisor_id = supervisor.id
        if supervisor.state != "away":  # her phone is taken: no caller shall ring there in vain
            await self._dispatcher.send_away(supervisor.id, "supervising")
        try:
            result = await self._call.supervise(
                supervisor.uri,
                reference=supervisor.id,
                mode=mode,
                ring_timeout_s=self._sip.ring_timeout_s,
                headers=headers_for(self._sip.auto_answer, supervisor.auto_answer),
            )
        except BaseException:
            self.supervisor_id = ""
            raise
        if result == "answered":
            await self._is(supervisor.id, mode)
            return
        self.supervisor_id = ""
        log.warning("supervision.missed", call_id=self._call.call_id, supervisor=supervisor.id, reason=result)
        if result == "no_line":
            raise Refused("no line is free for a supervisor", code="no_line")
        raise Refused("your telephone did not answer", code="supervisor_missed")

    async def _goes_on(self, supervisor_id: str, mode: SupervisionMode | None) -> None:
        ringing = self.mode is None
        if mode != self.mode or ringing:
            await self._call.set_supervision(mode)
            if not ringing:
                await self._is(supervisor_id, mode)

    async def _is(self, supervisor_id: str, mode: SupervisionMode | None) -> None:
        told, self.mode = self.mode, mode
        self.supervisor_id = supervisor_id if mode is not None else ""
        if told != mode:
            log.info("supervision.changed", call_id=self._call.call_id, supervisor=supervisor_id, mode=mode or "left")
            await self._line.say(SupervisionChanged(supervisor_id=supervisor_id, mode=mode))
