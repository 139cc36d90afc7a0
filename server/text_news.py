"""What texts of a node tell: how far each is, on its contact's line; and those that people send by SMPP.

The messenger goes on with what a node before it left as soon as it is open, before the lines of contacts can be found:
what it tells until then waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from channels.contract import Message, Receipt
from core.errors import StoreFault
from core.events import Event, MessageSent
from core.log import get_logger
from server.written.taking import Taking
from server.written_parts import smpp_message

log = get_logger("server.texts")


class TextNews:
    """One for the node; ``open`` once lines can be found."""

    def __init__(self) -> None:
        self._open = asyncio.Event()

    def open(self, say: Callable[[str, Event], Awaitable[bool]], taking: Taking) -> None:
        """``say``: an event on any contact's line. ``taking``: what people write."""
        self._say = say
        self._taking = taking
        self._open.set()

    async def of_message(self, message: Message, receipt: Receipt) -> None:
        """A message has got on: say so with links blanked."""
        event = MessageSent(
            message_id=message.message_id,
            to=message.to,
            text=message.kept,
            kind=message.kind,
            state=receipt.state,
            reason=receipt.reason,
            by=message.by,
            sender=message.sender,
            entry_id=message.entry_id,
            purpose=message.purpose,
        )
        await self.told(message.call_id, event)

    async def told(self, contact_id: str, event: MessageSent) -> None:
        """A text waits, was taken back or has got on: say so on its contact's line, if it has one."""
        if not contact_id:
            return
        await self._open.wait()
        try:
            await self._say(contact_id, event)
        except StoreFault as fault:  # the message itself is kept, and goes on
            log.error("message.not_told", message=event.message_id, why=str(fault))

    async def came(self, number: str, to: str, text: str, reference: str) -> None:
        """A text came in by SMPP; see ``channels.contract.OnText``."""
        await self._open.wait()
        await self._taking.take(smpp_message(number, to, text, reference))
