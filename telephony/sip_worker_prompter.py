"""Carries out the node's orders about prompts: fetched, said to one side of a call, told when they are over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from core.events import Speaker
from telephony import wire
from telephony.prompts_folder import Clip
from telephony.sip_worker_call import WorkerCall
from telephony.sip_worker_loop import Loop
from telephony.sip_worker_prompts import PromptShelf
from telephony.sip_worker_side import Side


class Notes(Protocol):
    """A line for the node's log."""

    def __call__(self, level: str, event: str, **fields: str | int | float) -> None: ...


Guard = Callable[[WorkerCall, Callable[[], None]], None]
"""Does some work for a call; what fails in it ends that call."""


class Prompter:
    """One for the worker; on the loop's thread."""

    def __init__(
        self, shelf: PromptShelf, loop: Loop, guarded: Guard, tell: Callable[[wire.Message], None], note: Notes
    ) -> None:
        self._shelf = shelf
        self._loop = loop
        self._guarded = guarded
        self._tell = tell
        self._note = note

    def play(self, call: WorkerCall, order: wire.Play) -> None:
        """Say a prompt to a side; the one before stops now, even if this one must be read first."""
        side = call.side(order.to)
        if side is None:
            return
        call.await_prompt(side, order.number)
        self._shelf.fetch(
            order.prompt, lambda clip, why: self._guarded(call, lambda: self._say(call, side, order, clip, why))
        )

    def stop(self, call: WorkerCall, to: Speaker) -> None:
        """No prompt for that side."""
        side = call.side(to)
        if side is not None:
            call.hush(side)

    def _say(self, call: WorkerCall, side: Side, order: wire.Play, clip: Clip, why: str) -> None:
        if side.prompt != order.number:
            return  # replaced, stopped or over while it was read
        if why:
            name = order.prompt.rpartition("/")[2]
            self._note("warning", "prompt.missing", prompt=name, why=why, call_id=call.call_id)
        if clip:
            over = partial(self._over, call, side, order.number)
            call.say(side, clip, order.loop, lambda: self._loop.post(over))
        else:
            self._over(call, side, order.number)

    def _over(self, call: WorkerCall, side: Side, number: int) -> None:
        if side.prompt == number:
            call.hush(side)
            self._tell(wire.PromptOver(call=call.call_id, to=side.speaker, number=number))
