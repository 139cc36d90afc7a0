"""One written contact: its line, how it stands, and what the assistant makes of its words.

Whatever happens is said on its line, as in a call; after each event the house is told how it stands now.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Final

from agent_assist.alerts.alert_states import OPEN, standing_alerts
from agent_assist.draft.written import spoken
from core import metrics
from core.bus.contract import Bus
from core.errors import Refused
from core.events import AlertChanged, Event, MessageSent, TextReceived, Written
from core.log import get_logger
from core.store.written_projection import answers, project_all_written
from core.written import WrittenStep, possible
from server.helping import Helping
from server.line import E, Line

log = get_logger("server.written")

MakeHelping = Callable[[Line, datetime], Helping]
"""What helps the agent of a contact that began then."""
REST_S: Final = 2.0
"""So long the last words may be thought about at the end."""


class Contact:
    """From its first message to its end. Made by :class:`server.written.contacts.WrittenContacts`."""

    def __init__(
        self,
        contact_id: str,
        keep: Callable[[Event], None],
        bus: Bus,
        told: Callable[[Contact], Awaitable[None]],
        make_helping: MakeHelping,
        past: Iterable[Event] = (),
    ) -> None:
        self.contact_id = contact_id
        self.line = _FollowedLine(contact_id, keep, bus, past, self._follow)
        self.passed_over: set[str] = set()
        """Agents who have not answered it in time: it is not given to them again by itself."""
        self.texts_gone = asyncio.Event()
        """No text to the person waits for its seconds any more."""
        self._waiting_texts: set[str] = set()
        self._told = told
        self._make_helping = make_helping
        self._written: Written | None = project_all_written(None, self.line.past)
        self._drawn = len(self.line.past)
        self._alerts = standing_alerts(self.line.past)
        self._count_texts(self.line.past)
        self._helping: Helping | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def now(self) -> Written:
        """How it stands."""
        assert self._written is not None, "it has not begun"
        return self._written

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self._written is not None and self._written.state != "closed"

    @property
    def helping(self) -> Helping:
        """The assistant at work on it, from its first words on."""
        if self._helping is None:
            self._helping = self._make_helping(self.line, self.now.opened)
            self._task = asyncio.create_task(self._helping.run(), name=f"help {self.contact_id}")
            self._task.add_done_callback(self._help_ended)
        return self._helping

    @property
    def alerts(self) -> tuple[AlertChanged, ...]:
        """Those that are neither dismissed nor closed, as its events tell them: whichever node heard them."""
        return tuple(alert for alert in self._alerts.values() if alert.state in OPEN)

    def require(self, step: WrittenStep) -> None:
        """Raises ``Refused`` ('no_step') where the table has no such step now."""
        if not possible(self.now.state, step):
            raise Refused(f"this is not possible now: the contact is {self.now.state}", code="no_step")

    async def rest(self) -> None:
        """No more words will come: the assistant ends what it thinks about."""
        if self._helping is not None and self._task is not None:
            self._helping.end()
            await asyncio.wait({self._task}, timeout=REST_S)
        self.drop()

    def drop(self) -> None:
        """The node goes down, or it is over."""
        if self._task is not None:
            self._task.cancel()

    async def _follow(self) -> None:
        """Draw what its line has by now, in its order, whoever said it."""
        fresh = self.line.past[self._drawn :]
        before = self._written
        self._drawn += len(fresh)
        self._written = project_all_written(before, fresh)
        self._alerts |= standing_alerts(fresh)
        self._count_texts(fresh)
        if self.is_open:
            for event in fresh:
                self._help(event)
        if self._written is not None and self._written != before:
            await self._told(self)

    def _count_texts(self, events: Iterable[Event]) -> None:
        """Of her texts, those that may still be taken back."""
        for event in events:
            if isinstance(event, MessageSent):
                self._waiting_texts.discard(event.message_id)
                if event.state == "waiting" and event.reason == "undo":
                    self._waiting_texts.add(event.message_id)
        if self._waiting_texts:
            self.texts_gone.clear()
        else:
            self.texts_gone.set()

    def _help(self, event: Event) -> None:
        """The assistant reads along."""
        began = self.now.opened
        if isinstance(event, TextReceived) and event.text:
            words = spoken(speaker="caller", utterance=event.text_id, text=event.text, at=event.at, began=began)
        elif isinstance(event, MessageSent) and answers(event):
            words = spoken(speaker="agent", utterance=event.message_id, text=event.text, at=event.at, began=began)
        else:
            return
        self.helping.put(words)

    def _help_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (fault := task.exception()) is not None:
            metrics.ASSIST_FAILED.inc()
            log.error("written.help_died", contact_id=self.contact_id, error=type(fault).__name__, exc_info=fault)


class _FollowedLine(Line):
    """Tells after each event, whoever said it: the assistant says its own on it."""

    def __init__(
        self,
        contact_id: str,
        keep: Callable[[Event], None],
        bus: Bus,
        past: Iterable[Event],
        follow: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(contact_id, keep, bus, past)
        self._follow = follow

    async def say(self, event: E) -> E:
        said = await super().say(event)
        await self._follow()
        return said

    async def say_kept(self, event: E) -> E:
        said = await super().say_kept(event)
        await self._follow()
        return said
