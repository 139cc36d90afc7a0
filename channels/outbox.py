"""The gateway that sends nowhere: it keeps messages in memory, with their whole text, for the desk and the demo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from channels.contract import Message, Receipt

LIMIT = 500


class Outbox:
    """See ``channels.contract.Gateway``. Of more than ``limit`` messages the oldest is dropped, and counted."""

    name = "outbox"

    def __init__(self, *, limit: int = LIMIT, arrived: Callable[[Message], None] | None = None) -> None:
        self._limit = limit
        self._arrived = arrived

    @property
    def messages(self) -> tuple[Message, ...]:
        """What was 'sent', newest first, links included."""
        raise NotImplementedError

    async def send(self, message: Message, *, tried: datetime | None = None) -> Receipt:
        """Keep it; it counts as delivered."""
        raise NotImplementedError

    async def delivery(self, message: Message, reference: str) -> Receipt:
        """Delivered."""
        raise NotImplementedError

    async def close(self) -> None:
        """Nothing to release."""
