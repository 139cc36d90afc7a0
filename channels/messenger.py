"""Text messages on their way: taken at once, sent one after the other, tried again, asked about until they arrived.

    async with Messenger(gateway, store, told) as messenger:
        messenger.send(message)

``told`` is awaited for each change of a message's state, with the message and what is now true of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Self

from channels.contract import Gateway, Message, Receipt
from core.store.contract import Store

Told = Callable[[Message, Receipt], Awaitable[None]]


class Messenger:
    """One for each node."""

    def __init__(self, gateway: Gateway, store: Store, told: Told) -> None:
        self._gateway = gateway
        self._store = store
        self._told = told

    async def __aenter__(self) -> Self:
        """What an earlier node left unfinished is taken up."""
        raise NotImplementedError

    async def __aexit__(self, *exc: object) -> None:
        """Take no more, let what is on the wire end, close the gateway. What waits goes on with the next node."""
        raise NotImplementedError

    @property
    def healthy(self) -> bool:
        """The task lives."""
        raise NotImplementedError

    @property
    def pending(self) -> int:
        """Messages that are not handed over yet."""
        raise NotImplementedError

    def send(self, message: Message) -> None:
        """Take a message; the same ``message_id`` again does nothing.

        Raises ``Refused`` with a code: 'messages_full', 'messages_number' (too many to this number), 'messages_total',
        'messages_closed'.
        """
        raise NotImplementedError
