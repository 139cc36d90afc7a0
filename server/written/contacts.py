"""All written contacts of this node that are open; what is told of one that is over goes by ``server.late_lines``.

async with WrittenContacts(...) as contacts:      # open ones of before are back, with all their words
    await Taking(contacts, ...).take(message)     # a webhook, the SMPP gateway
    await Answering(contacts, ...).take(...)      # a desk
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Final, Self

from core import metrics
from core.bus.contract import Bus
from core.errors import Refused
from core.events import AlertChanged, Channel, Event, Written, WrittenChanged
from core.log import get_logger
from core.store.contract import Store
from server.written.contact import Contact, MakeHelping

log = get_logger("server.written")

MOST_OPEN: Final = 5_000
"""Open at a time; beyond it a gateway is told to come again later."""

Moments = Callable[[Written], tuple[datetime | None, datetime | None]]
"""When it is overdue, and when an alert; None = never."""


class WrittenContacts:
    """One for each node."""

    def __init__(
        self,
        *,
        store: Store,
        keep: Callable[[Event], None],
        flushed: Callable[[], Awaitable[None]],
        bus: Bus,
        make_helping: MakeHelping,
        moments: Moments,
    ) -> None:
        """``flushed``: what was kept is stored when this returns."""
        self._store = store
        self._keep = keep
        self._flushed = flushed
        self._bus = bus
        self._make_helping = make_helping
        self._moments = moments
        self._open: dict[str, Contact] = {}
        self.changed = asyncio.Event()
        """Something has changed that the clock must look at (``server.written.clock``)."""

    async def __aenter__(self) -> Self:
        """Open ones come back. ``StoreFault`` when the store cannot tell."""
        for written in await self._store.threads.open_written():
            past = await self._store.events(written.contact_id)
            self._open[written.contact_id] = self._contact(written.contact_id, past)
        if self._open:
            log.info("written.resumes", contacts=len(self._open))
        self._count()
        return self

    async def __aexit__(self, *exc: object) -> None:
        for contact in self._open.values():
            contact.drop()

    @property
    def open(self) -> Collection[Contact]:
        """Those that are not over."""
        return self._open.values()

    def of(self, channel: Channel, number: str) -> Contact | None:
        """The open one of that person, None without a number to know her by."""
        if not number:
            return None
        return next((c for c in self._open.values() if c.now.channel == channel and c.now.party.number == number), None)

    def require_open(self, contact_id: str) -> Contact:
        """Raises ``Refused`` ('written_over') for one that is over, or never was."""
        contact = self._open.get(contact_id)
        if contact is None:
            raise Refused("this written contact is over", code="written_over")
        return contact

    def held(self, contact_id: str, agent_id: str) -> Contact | None:
        """The open one of that id, if she has it."""
        contact = self._open.get(contact_id)
        return contact if contact is not None and contact.now.agent_id == agent_id else None

    async def find(self, contact_id: str) -> Written | None:
        """How one stands, open or over; None = none of ours."""
        if (now := self.standing(contact_id)) is not None:
            return now
        await self._flushed()  # it may have ended this moment
        return await self._store.threads.written(contact_id)

    def standing(self, contact_id: str) -> Written | None:
        """How an open one stands; None = it is over, or none of ours."""
        contact = self._open.get(contact_id)
        return contact.now if contact is not None else None

    def begin(self, channel: Channel) -> Contact:
        """A new one; nobody knows of it until its line has its beginning. ``Refused`` ('written_full')."""
        if len(self._open) >= MOST_OPEN:
            raise Refused(f"{MOST_OPEN} written contacts are open: close some", code="written_full")
        return self._contact(f"{channel}-{secrets.token_urlsafe(12)}", ())

    def as_told(self) -> list[WrittenChanged]:
        """Open ones as the house was told of them last."""
        return [self.with_moments(contact.now) for contact in self._open.values()]

    def owing(self) -> Counter[str]:
        """How many answers each agent owes."""
        return Counter(contact.now.agent_id for contact in self._open.values() if contact.now.state == "assigned")

    def open_alerts(self) -> list[AlertChanged]:
        """Alerts of open ones that are neither dismissed nor closed."""
        return [alert for contact in self._open.values() for alert in contact.alerts]

    async def tell(self, contact_id: str, event: Event) -> bool:
        """Say an event on an open one's line; False = it is over, or none of ours (``server.late_lines``)."""
        contact = self._open.get(contact_id)
        if contact is None:
            return False
        await contact.line.say(event)
        return True

    async def history(self, contact_id: str, after: int) -> list[Event]:
        """Lasting events with seq > after, with all that was published up to now."""
        contact = self._open.get(contact_id)
        if contact is not None:
            return contact.line.since(after)
        await self._flushed()
        return await self._store.events(contact_id, after=after)

    def _contact(self, contact_id: str, past: Collection[Event]) -> Contact:
        return Contact(contact_id, self._keep, self._bus, self._told, self._make_helping, past)

    async def _told(self, contact: Contact) -> None:
        """One has got on: where it belongs, and the house is told."""
        written = contact.now
        if contact.is_open:
            self._open[written.contact_id] = contact
        else:
            self._open.pop(written.contact_id, None)
        self._count()
        self.changed.set()
        await self._bus.publish(self.with_moments(written))

    def with_moments(self, written: Written) -> WrittenChanged:
        """How one stands, open or over, with the moments at which it is overdue and an alert."""
        overdue_at, alert_at = self._moments(written)
        return WrittenChanged(written=written, overdue_at=overdue_at, alert_at=alert_at)

    def _count(self) -> None:
        states = Counter(contact.now.state for contact in self._open.values())
        for state in ("waiting", "assigned", "answered"):
            metrics.WRITTEN.labels(state=state).set(states[state])
