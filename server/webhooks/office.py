"""What people and programs do with receivers: make, change, pause, try, rotate the secret, send again, drop.

Everything is noted in the audit log first. A secret is shown once, when it is made, and never again.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final, cast

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from core.audit import Audit, Deed, Note
from core.errors import BadInput, Refused
from core.store.webhooks import TOPICS, Delivery, DeliveryState, Subscriber, Topic
from server.webhooks import deliveries
from server.webhooks.payloads import trial
from server.webhooks.service import Webhooks, new_delivery_id

MOST: Final = 20
"""Receivers of a site."""
ROTATING: Final = timedelta(hours=24)
"""So long the secret before the newest signs beside it."""
PAGE: Final = 50
ALL_AT_ONCE: Final = 1000
"""Dead letters that are sent again by one request."""


class WebhookForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A receiver as somebody writes it down."""

    name: Annotated[str, Meta(max_length=60)]
    """What it is."""
    url: Annotated[str, Meta(max_length=500)]
    """Where it is told: https, or http in one of the site's networks."""
    topics: Annotated[tuple[str, ...], Meta(max_length=20)]
    """Of what it is told."""
    words: bool = False
    """Whether it is told what was written, too."""
    paused: bool = False
    """It is told nothing now; what happens meanwhile waits."""


class WebhookSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A receiver and how it goes."""

    id: str
    """Its own id."""
    name: str
    """What it is."""
    url: str
    """Where it is told."""
    topics: tuple[Topic, ...]
    """Of what."""
    words: bool
    """Whether it is told what was written, too."""
    paused: bool
    """It is told nothing now."""
    rotating_until: datetime | None
    """Until then the secret before the newest signs too, None = it does not."""
    waiting: int
    """Deliveries that still wait."""
    dead: int
    """Deliveries that were given up."""
    delivered: int
    """Deliveries that arrived and are still kept."""
    dropped: int
    """Deliveries that found the queue full and were never made."""
    failing: str
    """Why the last try of the first that waits failed, '' = nothing fails now."""
    by: str
    """Who made it."""
    made: datetime
    """When."""


class WebhookList(msgspec.Struct, frozen=True, kw_only=True):
    """All receivers."""

    webhooks: Sequence[WebhookSeen]
    """By name."""
    topics: Sequence[Topic] = TOPICS
    """What there is to choose from."""
    http: bool = False
    """Whether receivers in the site's networks may be told over plain http."""


class WebhookMade(msgspec.Struct, frozen=True, kw_only=True):
    """A new receiver, or a new secret of one."""

    id: str
    """Which."""
    secret: str
    """What signs from now on ('whsec_...'), shown this once."""


class DeliverySeen(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery and how it went."""

    id: str
    """The webhook's id, the same for every try."""
    number: int
    """Its place, to page on by."""
    topic: str
    """Of what."""
    contact_id: str
    """Of which contact, '' = of none."""
    state: DeliveryState
    """How far it is."""
    tries: int
    """How often it was tried."""
    status: int
    """What the receiver answered last, 0 = nothing."""
    fault: str
    """Why the last try failed."""
    made: datetime
    """When it was made, or sent again by hand."""
    next_at: datetime | None
    """When it is tried again, None = not by itself."""
    done: datetime | None
    """When it arrived or was given up."""


class DeliveryPage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the list."""

    deliveries: Sequence[DeliverySeen]
    """Newest first."""
    next: int
    """Give it as ``before`` for older ones, 0 = that was all."""


class SentAgain(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent again."""

    deliveries: int
    """How many."""


class WebhookOffice:
    """One for the node."""

    def __init__(self, webhooks: Webhooks, audit: Audit, *, clock: Callable[[], datetime] | None = None) -> None:
        self._webhooks = webhooks
        self._store = webhooks.store
        self._audit = audit
        self._clock = clock or webhooks.clock

    async def all(self) -> WebhookList:
        """Every receiver."""
        counts = await self._store.counts()
        seen = [await self._seen(one, counts.get(one.subscriber_id, {})) for one in self._webhooks.subscribers]
        return WebhookList(webhooks=seen, http=self._webhooks.addresses.http)

    async def one(self, webhook_id: str) -> WebhookSeen:
        """One of them. ``Refused`` ('no_webhook')."""
        one = self._find(webhook_id)
        return await self._seen(one, (await self._store.counts()).get(webhook_id, {}))

    async def make(self, form: WebhookForm, who: str, address: str) -> WebhookMade:
        """A new one. ``BadInput`` for what is written wrong, ``Refused`` ('webhooks_full', 'webhook_exists')."""
        if len(self._webhooks.subscribers) >= MOST:
            raise Refused(f"받는 곳은 {MOST}개까지입니다 / at most {MOST} receivers", code="webhooks_full")
        name, topics = self._checked(form, "")
        webhook_id, secret = secrets.token_hex(8), _new_secret()
        one = Subscriber(
            subscriber_id=webhook_id,
            name=name,
            url=form.url,
            topics=topics,
            words=form.words,
            paused=form.paused,
            sealed=self._webhooks.sealed(webhook_id, secret),
            by=who,
            made=self._clock(),
        )
        await self._note(who, "granted", one, _in_short(one), address)
        await self._put(one)
        return WebhookMade(id=webhook_id, secret=secret)

    async def change(self, webhook_id: str, form: WebhookForm, who: str, address: str) -> WebhookSeen:
        """Another address, other topics, paused or not."""
        before = self._find(webhook_id)
        name, topics = self._checked(form, webhook_id)
        one = replace(before, name=name, url=form.url, topics=topics, words=form.words, paused=form.paused)
        await self._note(who, "changed", one, _in_short(one), address)
        await self._put(one)
        return await self.one(webhook_id)

    async def rotate(self, webhook_id: str, who: str, address: str) -> WebhookMade:
        """A new secret; the one before it signs beside it for a day."""
        before, secret = self._find(webhook_id), _new_secret()
        await self._note(who, "granted", before, "a new secret", address)
        until = self._clock() + ROTATING
        sealed = self._webhooks.sealed(webhook_id, secret)
        await self._put(replace(before, sealed=sealed, old_sealed=before.sealed, old_until=until))
        return WebhookMade(id=webhook_id, secret=secret)

    async def rotated(self, webhook_id: str, who: str, address: str) -> None:
        """The old secret is of no use from now on."""
        before = self._find(webhook_id)
        await self._note(who, "granted", before, "the old secret is over", address)
        await self._put(replace(before, old_sealed=b"", old_until=None))

    async def drop(self, webhook_id: str, who: str, address: str) -> None:
        """It is told nothing any more, and its deliveries are forgotten."""
        one = self._find(webhook_id)
        await self._note(who, "deleted", one, _in_short(one), address)
        await self._store.drop_subscriber(webhook_id)
        await self._webhooks.load()

    async def test(self, webhook_id: str, who: str, address: str) -> DeliverySeen:
        """A message that says nothing; it goes behind those that wait."""
        one = self._find(webhook_id)
        await self._note(who, "changed", one, "test", address)
        delivery = trial(one, new_delivery_id(), self._clock())
        if await self._store.spread([delivery], limit=self._webhooks.limit):
            raise Refused("대기열이 가득 찼습니다 / its queue is full", code="webhook_full")
        self._webhooks.nudge(webhook_id)
        return _delivery_seen(delivery)

    async def deliveries(self, webhook_id: str, *, state: str = "", before: int = 0) -> DeliveryPage:
        """Newest first."""
        self._find(webhook_id)
        wanted = cast("DeliveryState | None", state or None)
        found = await self._store.deliveries(webhook_id, state=wanted, before=before, limit=PAGE + 1)
        shown = found[:PAGE]
        more = shown[-1].number if len(found) > PAGE else 0
        return DeliveryPage(deliveries=[_delivery_seen(each) for each in shown], next=more)

    async def resend(self, webhook_id: str, delivery_id: str, who: str, address: str) -> DeliverySeen:
        """Once more, with the same id. ``Refused`` ('no_delivery', 'waiting')."""
        one, delivery = self._find(webhook_id), await self._store.delivery(delivery_id)
        if delivery is None or delivery.subscriber_id != webhook_id:
            raise Refused("그런 전송이 없습니다 / there is no such delivery", code="no_delivery")
        if delivery.state == "waiting":
            raise Refused("이미 대기 중입니다 / it waits already", code="waiting")
        await self._note(who, "changed", one, f"resend {delivery_id}", address)
        once_more = deliveries.again(delivery, self._clock())
        await self._store.keep_delivery(once_more, was=delivery.state)
        self._webhooks.nudge(webhook_id)
        return _delivery_seen(once_more)

    async def resend_dead(self, webhook_id: str, who: str, address: str) -> SentAgain:
        """All dead letters once more."""
        one = self._find(webhook_id)
        await self._note(who, "changed", one, "resend dead letters", address)
        dead = await self._store.deliveries(webhook_id, state="dead", limit=ALL_AT_ONCE)
        for each in dead:
            await self._store.keep_delivery(deliveries.again(each, self._clock()), was="dead")
        self._webhooks.nudge(webhook_id)
        return SentAgain(deliveries=len(dead))

    def _find(self, webhook_id: str) -> Subscriber:
        for one in self._webhooks.subscribers:
            if one.subscriber_id == webhook_id:
                return one
        raise Refused("그런 받는 곳이 없습니다 / there is no such receiver", code="no_webhook")

    def _checked(self, form: WebhookForm, webhook_id: str) -> tuple[str, tuple[Topic, ...]]:
        name = form.name.strip()
        if not name or not name.isprintable():
            raise BadInput("이름을 적어 주세요 / give it a name", code="bad_name")
        for other in self._webhooks.subscribers:
            if other.name == name and other.subscriber_id != webhook_id:
                raise Refused("같은 이름이 있습니다 / there is one of that name", code="webhook_exists")
        if strange := set(form.topics) - set(TOPICS):
            raise BadInput(f"그런 사건은 없습니다: {min(strange)} / there is no such topic", code="bad_topic")
        topics = tuple(topic for topic in TOPICS if topic in form.topics)
        if not topics:
            raise BadInput("알릴 것을 하나 이상 고르세요 / choose what it is told of", code="no_topic")
        self._webhooks.addresses.require(form.url)
        return name, topics

    async def _put(self, one: Subscriber) -> None:
        await self._store.put_subscriber(one)
        await self._webhooks.load()

    async def _seen(self, one: Subscriber, counts: Mapping[DeliveryState, int]) -> WebhookSeen:
        waiting = counts.get("waiting", 0)
        first = await self._store.next_delivery(one.subscriber_id) if waiting else None
        rotating = one.old_until if one.old_until is not None and one.old_until > self._clock() else None
        return WebhookSeen(
            id=one.subscriber_id,
            name=one.name,
            url=one.url,
            topics=one.topics,
            words=one.words,
            paused=one.paused,
            rotating_until=rotating if one.old_sealed else None,
            waiting=waiting,
            dead=counts.get("dead", 0),
            delivered=counts.get("delivered", 0),
            dropped=one.dropped,
            failing=first.fault if first is not None else "",
            by=one.by,
            made=one.made,
        )

    async def _note(self, who: str, deed: Deed, one: Subscriber, detail: str, address: str) -> None:
        subject = f"webhook:{one.subscriber_id}"
        await self._audit.note(
            Note(who=who, deed=deed, thing="settings", subject=subject, detail=f"{one.name}: {detail}", address=address)
        )


def _delivery_seen(delivery: Delivery) -> DeliverySeen:
    return DeliverySeen(
        id=delivery.delivery_id,
        number=delivery.number,
        topic=delivery.topic,
        contact_id=delivery.contact_id,
        state=delivery.state,
        tries=delivery.tries,
        status=delivery.status,
        fault=delivery.fault,
        made=delivery.made,
        next_at=delivery.next_at if delivery.state == "waiting" else None,
        done=delivery.done,
    )


def _in_short(one: Subscriber) -> str:
    """Without what may be secret in an address: its path and query."""
    where = "/".join(one.url.split("/", 3)[:3])
    return f"{where} {','.join(one.topics)}{' +words' if one.words else ''}{' paused' if one.paused else ''}"


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
