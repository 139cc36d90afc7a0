"""The gateway that sends nowhere: it keeps messages in memory, with their whole text, for the desk and the demo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from channels.contract import Message, Receipt, Told
from core import metrics

LIMIT: Final = 500


class Outbox:
    """See ``channels.contract.Gateway``. Of more than ``limit`` messages the oldest is dropped, and counted.

    ``arrived`` is called with each message as it comes: a simulated phone that 'receives' it.
    """

    name = "outbox"
    tells = False

    def __init__(self, *, limit: int = LIMIT, arrived: Callable[[Message], None] | None = None) -> None:
        self._limit = limit
        self._arrived = arrived
        self._messages: dict[str, Message] = {}

    @property
    def messages(self) -> tuple[Message, ...]:
        """What was 'sent', newest first, links included."""
        return tuple(reversed(self._messages.values()))

    async def open(self, told: Told, references: Sequence[str]) -> None:
        """Nothing to begin; it has to be asked."""

    async def send(self, message: Message, *, tried: datetime | None = None) -> Receipt:
        """Keep it, once; it counts as delivered."""
        if message.message_id not in self._messages:
            self._messages[message.message_id] = message
            if len(self._messages) > self._limit:
                del self._messages[next(iter(self._messages))]
                metrics.OUTBOX_DROPPED.inc()
            if self._arrived is not None:
                self._arrived(message)
        return Receipt(state="delivered", reference=message.message_id)

    async def delivery(self, message: Message, reference: str) -> Receipt:
        """Delivered, also what an earlier node 'sent'."""
        return Receipt(state="delivered", reference=reference)

    async def close(self) -> None:
        """Nothing to release; the messages stay readable."""
