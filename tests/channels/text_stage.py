"""The door for texts over a real store and messenger, an outbox behind them, and a local clock that is put by hand."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from channels.allowance import Allowance
from channels.contract import Gateway, Message, Receipt
from channels.messenger import Messenger
from channels.opt_outs import OptOuts
from channels.outbox import Outbox
from channels.quiet_hours import QuietHours
from channels.sending import Sending, Wish
from core.events import MessageSent
from core.person_key import PersonKeys
from core.store.contract import Store
from tests.patience import until

NUMBER = "01002841009"
USUAL = "0331200120"
KEYS = PersonKeys(b"k" * 32)
NOON = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Asia/Seoul"))


class TextStage:
    """``async with TextStage(store) as stage``; again over the same store = a node that starts anew."""

    def __init__(
        self,
        store: Store,
        *,
        gateway: Gateway | None = None,
        undo_s: float = 0.05,
        same: timedelta = timedelta(minutes=10),
        allowance: Allowance | None = None,
    ) -> None:
        self.store = store
        self.outbox = Outbox()
        self.clock = NOON
        self.told: list[MessageSent] = []
        self._gateway = gateway or self.outbox
        self._options: dict[str, Any] = {"undo_s": undo_s, "same": same}
        self._allowance = allowance
        self._open = AsyncExitStack()
        self.sending: Sending
        self.messenger: Messenger

    async def __aenter__(self) -> Self:
        messenger = Messenger(self._gateway, self.store, self._told, pace=0.001, allowance=self._allowance)
        self.messenger = await self._open.enter_async_context(messenger)
        self.opt_outs = OptOuts(self.store.texting, KEYS)
        self.sending = Sending(
            messenger=self.messenger,
            store=self.store,
            opt_outs=self.opt_outs,
            quiet=QuietHours.between("21:00", "08:00"),
            tell=self._tell,
            clock=lambda: self.clock,
            usual_sender=USUAL,
            **self._options,
        )
        await self._open.enter_async_context(self.sending.waiting)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    async def _told(self, message: Message, receipt: Receipt) -> None:
        event = MessageSent(message_id=message.message_id, to=message.to, text=message.text, state=receipt.state)
        self.told.append(event)

    async def _tell(self, _contact_id: str, event: MessageSent) -> None:
        self.told.append(event)

    def states(self, message_id: str = "m1") -> list[str]:
        return [event.state for event in self.told if event.message_id == message_id]

    async def arrived(self, count: int) -> list[Message]:
        """Wait until so many were handed over."""
        await until(lambda: len(self.outbox.messages) >= count)
        return list(self.outbox.messages)


def wish(message_id: str = "m1", **more: Any) -> Wish:
    return Wish(
        **{"message_id": message_id, "to": NUMBER, "text": "안내드립니다", "call_id": "c1", "by": "kim", **more}
    )
