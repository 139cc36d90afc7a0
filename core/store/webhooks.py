"""Webhooks going out: who wants to be told, what is still to be told, and how each delivery went.

The contract; ``sql_webhooks`` keeps it in SQLite or PostgreSQL. ``Store.append`` notes events that go out in the same
transaction in which it keeps them, so that none is forgotten however the node ends; a delivery's id follows from the
event, so that none becomes two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, Protocol, get_args

import msgspec

from core.events import AlertChanged, CallEnded, ContactClosed, Event, MessageSent, RecordingChanged, RecordKept

Topic = Literal["contact.closed", "record.kept", "text.state", "alert.raised", "recording.kept", "issue.rising"]
"""What a receiver may ask to be told of."""
TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)
DeliveryState = Literal["waiting", "delivered", "dead"]
"""'dead' = given up: it waits for somebody to send it again."""


class Subscriber(msgspec.Struct, frozen=True, kw_only=True):
    """A program that is told."""

    subscriber_id: str
    """Its own id."""
    name: str
    """What it is, for people."""
    url: str
    """Where it is told."""
    topics: tuple[Topic, ...]
    """Of what."""
    words: bool = False
    """Whether it is told what was written, too: needs and answers of records, texts, terms of issues."""
    sealed: bytes
    """The secret that signs, sealed by a master key (``core.keyring``)."""
    old_sealed: bytes = b""
    """The secret before it, which signs beside it until ``old_until``; b'' = none."""
    old_until: datetime | None = None
    """When the old one is of no use any more."""
    paused: bool = False
    """It is told nothing now; what happens meanwhile waits."""
    dropped: int = 0
    """How many deliveries found the queue full and were never made."""
    by: str
    """Who made it."""
    made: datetime
    """When."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one receiver."""

    delivery_id: str
    """The webhook's id, the same for every try."""
    subscriber_id: str
    """To whom."""
    number: int = 0
    """Its place in the receiver's order, given by the store."""
    topic: str
    """Of what, 'webhook.test' for a trial."""
    contact_id: str = ""
    """Of which contact, '' = of none."""
    body: str
    """The JSON that is sent, byte for byte."""
    made: datetime
    """When it was made, or sent again by hand: what it is given up by."""
    state: DeliveryState = "waiting"
    """How far it is."""
    tries: int = 0
    """How often it was tried since ``made``."""
    next_at: datetime
    """Not to be tried before."""
    status: int = 0
    """What the receiver answered last, 0 = nothing."""
    fault: str = ""
    """Why the last try failed, as a code: 'status', 'time_out', 'connect', 'tls', 'address', 'key', 'broken'."""
    done: datetime | None = None
    """When it arrived or was given up."""


def topic_of(event: Event) -> Topic | None:
    """What a receiver asks for to be told of this event of a contact; None = nobody is. Pure."""
    match event:
        case CallEnded() | ContactClosed():
            return "contact.closed"
        case RecordKept():
            return "record.kept"
        case MessageSent():
            return "text.state"
        case AlertChanged(state="raised"):
            return "alert.raised"
        case RecordingChanged(state="kept"):
            return "recording.kept"
        case _:
            return None


class WebhooksStore(Protocol):
    """See the module. Raises ``StoreFault`` when the database can't be used."""

    async def subscribers(self) -> list[Subscriber]:
        """All, by name."""

    async def put_subscriber(self, subscriber: Subscriber) -> None:
        """Insert or replace by ``subscriber_id``; how many it was not told of stays as it is."""

    async def drop_subscriber(self, subscriber_id: str) -> bool:
        """Forget it, and its deliveries. Whether it was there."""

    async def due(self, *, limit: int) -> list[Event]:
        """Events that are still to be told, the oldest first."""

    async def spread(self, deliveries: Sequence[Delivery], told: Sequence[Event] = (), *, limit: int) -> dict[str, int]:
        """Make deliveries, and ``told`` is no more due, all or none. One that is there already stays as it is.
        Where ``limit`` wait for a receiver already nothing more is made for it, and counted; how many, by receiver."""

    async def next_delivery(self, subscriber_id: str) -> Delivery | None:
        """The first that waits for this receiver."""

    async def delivery(self, delivery_id: str) -> Delivery | None:
        """One, None when there is none (any more)."""

    async def claim(self, delivery: Delivery, until: datetime) -> bool:
        """Whoever asks sends it now, nobody else does before ``until``: a node that is killed meanwhile leaves it to
        whoever looks then. False when it no longer waits as it was read."""

    async def keep_delivery(self, delivery: Delivery, *, was: DeliveryState) -> bool:
        """How it went, if it still is in the state ``was``; whether it was."""

    async def deliveries(
        self, subscriber_id: str, *, state: DeliveryState | None = None, before: int = 0, limit: int = 50
    ) -> list[Delivery]:
        """Newest first; ``before`` pages on by ``number``."""

    async def counts(self) -> Mapping[str, Mapping[DeliveryState, int]]:
        """How many there are, by receiver and state."""

    async def purge(self, before: datetime) -> int:
        """Forget what arrived or was given up before then; how many there were."""

    async def forget(self, contact_ids: Sequence[str]) -> int:
        """Forget deliveries of these contacts, whatever their state; how many there were."""
