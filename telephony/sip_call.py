"""A SIP call as the call flow sees it: the node's half, whose other half lives in a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from core.events import Speaker, SupervisionMode
from telephony import wire
from telephony.call_states import CallEvent, CallState, play_to, step
from telephony.contract import ConsultResult, DialResult, Headers
from telephony.sip_call_so_far import NOBODY_TOLD, CallSoFar

Send = Callable[[wire.Message], None]


class SipCall(CallSoFar):
    """``telephony.contract.Call``. Orders go out through ``send``; what the worker tells comes in by ``told_...``."""

    def __init__(self, about: wire.Incoming | wire.Outgoing | wire.RunningCall, send: Send) -> None:
        super().__init__(about)
        self._send = send

    async def answer(self) -> None:
        """See ``Call``."""
        if self.over:
            return
        if self.way == "bridge":
            self._step(CallEvent.ANSWER)
        else:
            self._step(CallEvent.LISTEN)
            self._dials.adopt("agent", 1)
            self._open("agent")
        self._send(wire.Answer(call=self.call_id))
        try:
            await self._answered.wait()
        except asyncio.CancelledError:
            if self.outgoing:
                await self.hang_up()
            raise

    async def refuse(self, status: int, *, retry_after_s: int = 0) -> None:
        """See ``Call``."""
        if not self.over:
            step(self._state, CallEvent.REFUSE)
            self._send(wire.Refuse(call=self.call_id, status=status, retry_after_s=retry_after_s))

    async def play(self, prompt: str, *, loop: bool = False, to: Speaker = "caller") -> None:
        """See ``Call``."""
        if not self.over:
            self._step(play_to(to))
            self._signals.withdraw_prompt(to)
            self._prompt_number += 1
            self._prompts[to] = (self._prompt_number, prompt)
            self._send(wire.Play(call=self.call_id, prompt=prompt, loop=loop, to=to, number=self._prompt_number))

    async def stop_prompt(self, to: Speaker = "caller") -> None:
        """See ``Call``."""
        if not self.over:
            self._signals.withdraw_prompt(to)
            self._prompts.pop(to, None)
            self._send(wire.StopPrompt(call=self.call_id, to=to))

    async def dial(self, uri: str, *, reference: str, ring_timeout_s: float, headers: Headers = ()) -> DialResult:
        """See ``Call``."""
        if self.over:
            return "gone"
        self._step(CallEvent.DIAL)
        dial, dialled = self._ring("agent", uri, reference, ring_timeout_s, headers)
        try:
            return cast(DialResult, await dialled)
        except asyncio.CancelledError:
            if not self.over:
                self._step(CallEvent.CANCEL_DIAL)
                self._dials.forget("agent")
                self._voices["agent"].close()
                self._send(wire.CancelDial(call=self.call_id, dial=dial))
            raise

    async def hold(self, on: bool) -> None:
        """See ``Call``."""
        if not self.over:
            self._step(CallEvent.HOLD)
            self.on_hold = on
            self._send(wire.Hold(call=self.call_id, on=on))

    async def consult(self, uri: str, *, reference: str, ring_timeout_s: float, headers: Headers = ()) -> ConsultResult:
        """See ``Call``."""
        if self.over:
            return "gone"
        self._step(CallEvent.CONSULT)
        self.on_hold = True
        dial, dialled = self._ring("third", uri, reference, ring_timeout_s, headers)
        try:
            return await dialled
        except asyncio.CancelledError:
            if not self.over:
                self._cancel_consultation(dial)
            raise

    async def conference(self) -> None:
        """See ``Call``."""
        if not self.over:
            self._step(CallEvent.CONFERENCE)
            self.on_hold = False
            self._send(wire.Conference(call=self.call_id))

    async def drop_third(self) -> None:
        """See ``Call``."""
        if self.over:
            return
        state = self._state
        self._step(CallEvent.DROP_THIRD)
        if state is CallState.JOINED:
            return
        self.on_hold = False
        self._voices["third"].close()
        dial = self._dials.forget("third")
        if state is CallState.THREE:
            self._send(wire.Release(call=self.call_id, role="third"))
        else:
            self._send(wire.CancelDial(call=self.call_id, dial=dial))
            self._send(wire.Hold(call=self.call_id, on=False))

    async def hand_over(self) -> None:
        """See ``Call``. Her end and the third's new place are told by the worker."""
        if not self.over:
            step(self._state, CallEvent.HAND_OVER)
            self._send(wire.HandOver(call=self.call_id))

    async def take_over(self) -> None:
        """See ``Call``. Her new place is told by the worker."""
        if not self.over:
            step(self._state, CallEvent.TAKE_OVER)
            self._send(wire.HandOver(call=self.call_id, to="supervisor"))

    async def release_agent(self) -> None:
        """See ``Call``."""
        if not self.over:
            self._step(CallEvent.RELEASE_AGENT)
            self._alone()

    async def refer(self, uri: str, *, replacing_third: bool = False) -> int:
        """See ``Call``."""
        if self.over:
            return NOBODY_TOLD
        self._step(CallEvent.REFER)
        if replacing_third:
            step(self._state, CallEvent.CONFERENCE)  # there must be one
        self._referred = asyncio.get_running_loop().create_future()
        self._send(wire.Refer(call=self.call_id, uri=uri, replacing_third=replacing_third))
        try:
            return await self._referred
        finally:
            self._referred = None

    async def transfer_told(self, status: int) -> None:
        """See ``Call``. The worker knows whether somebody asked."""
        if not self.over:
            self._send(wire.TransferTold(call=self.call_id, status=status))

    async def supervise(
        self, uri: str, *, reference: str, mode: SupervisionMode, ring_timeout_s: float, headers: Headers = ()
    ) -> ConsultResult:
        """See ``Call``."""
        if self.over:
            return "gone"
        self._step(CallEvent.SUPERVISE)
        dial, dialled = self._ring("supervisor", uri, reference, ring_timeout_s, headers, mode)
        try:
            return await dialled
        except asyncio.CancelledError:
            if self._dials.number("supervisor") == dial:
                self._dials.forget("supervisor")
            if not self.over:
                self._send(wire.CancelDial(call=self.call_id, dial=dial))
            raise

    async def set_supervision(self, mode: SupervisionMode | None) -> None:
        """See ``Call``."""
        if self.over or not self._dials.number("supervisor"):
            return
        if mode is None:
            self._dials.forget("supervisor")
            self._send(wire.Release(call=self.call_id, role="supervisor"))
        else:
            self._send(wire.Supervise(call=self.call_id, mode=mode))

    async def hang_up(self) -> None:
        """See ``Call``."""
        if not self.over:
            self._send(wire.HangUp(call=self.call_id))

    def _ring(
        self,
        role: wire.Role,
        uri: str,
        reference: str,
        ring_timeout_s: float,
        headers: Headers,
        mode: SupervisionMode | None = None,
    ) -> tuple[int, asyncio.Future[ConsultResult]]:
        dial, dialled = self._dials.begin(role)
        self._send(
            wire.Dial(
                call=self.call_id,
                dial=dial,
                uri=uri,
                reference=reference,
                ring_timeout_s=ring_timeout_s,
                role=role,
                headers=headers,
                mode=mode,
            )
        )
        return dial, dialled

    def _cancel_consultation(self, dial: int) -> None:
        """Whatever has become of it meanwhile."""
        if self._dials.number("agent") == dial:
            self._step(CallEvent.CANCEL_DIAL if self._state is CallState.DIALLING else CallEvent.RELEASE_AGENT)
            self._alone()
        elif self._dials.number("third") == dial:
            self._step(CallEvent.DROP_THIRD)
            self._dials.forget("third")
            self._voices["third"].close()
            self._send(wire.CancelDial(call=self.call_id, dial=dial))

    def _alone(self) -> None:
        """The caller stays, all who were called go."""
        self.on_hold = False
        for role in ("third", "agent"):
            self._voices[role].close()
            self._dials.forget(role)
        self._send(wire.Release(call=self.call_id, role="agent"))
