"""What a receiver is told of an event: ids and figures; words only where it was granted them. Never a number. Pure.

    {"type": "record.kept", "timestamp": "2026-11-27T01:02:03Z", "data": {"contact_id": "...", ...}}

The shape is that of https://www.standardwebhooks.com/. Fields may be added, none is taken away within /api/v1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from core.events import (
    AlertChanged,
    CallEnded,
    ContactClosed,
    Event,
    IssueChanged,
    MessageSent,
    RecordingChanged,
    RecordKept,
)
from core.store.contacts import ContactRecord
from core.store.webhooks import Delivery, Subscriber, Topic

TEST: Final = "webhook.test"
_encode = msgspec.json.Encoder().encode


def data_of(event: Event, record: ContactRecord | None, *, words: bool) -> dict[str, Any]:
    """The facts. ``record``: of its contact, as it stands; ``words``: also what was written."""
    facts: dict[str, Any] = {"contact_id": event.call_id} if event.call_id else {}
    written: dict[str, Any] = {}
    match event:
        case CallEnded():
            facts |= {"reason": event.reason, "duration_s": event.duration_s, "talk_s": event.talk_s, **_course(record)}
        case ContactClosed():
            facts |= {"reason": event.reason, "wait_s": event.wait_s, **_course(record)}
        case RecordKept():
            facts |= {
                "version": event.version,
                "by": event.by,
                "category": event.category,
                "department": event.department,
                "district": event.district,
                "result": event.result,
                "unasked": event.unasked,
            }
            # The record may have gone on since: its words are told with the version that they are of.
            if record is not None and record.version == event.version:
                written = {"need": record.written.need, "answer": record.written.answer}
        case MessageSent():
            facts |= {"text_id": event.message_id, "state": event.state, "kind": event.kind, "reason": event.reason}
            written = {"text": event.text}
        case AlertChanged():
            facts |= {"alert_id": event.alert_id, "kind": event.kind, "speaker": event.speaker}
            written = {"words": event.words}
        case RecordingChanged():
            facts |= {"recording_id": event.recording_id}
        case IssueChanged():
            facts |= {
                "issue_id": event.issue_id,
                "calls": event.calls,
                "usual": event.usual,
                "district": event.district,
                "since": event.since,
                "entry_id": event.entry_id,
            }
            written = {"terms": event.terms}
        case _:
            pass
    return facts | written if words else facts


def delivery_of(
    event: Event, topic: Topic, subscriber: Subscriber, record: ContactRecord | None = None, *, key: str = ""
) -> Delivery:
    """The message to one receiver. The same event gives the same id. ``key``: what tells an event without a contact
    from others."""
    known = key or f"{event.call_id}\0{event.seq}"
    digest = hashlib.sha256(f"{subscriber.subscriber_id}\0{topic}\0{known}".encode()).hexdigest()
    return Delivery(
        delivery_id=f"msg_{digest[:32]}",
        subscriber_id=subscriber.subscriber_id,
        topic=topic,
        contact_id=event.call_id,
        body=_body(topic, event.at, data_of(event, record, words=subscriber.words)),
        made=event.at,
        next_at=event.at,
    )


def trial(subscriber: Subscriber, delivery_id: str, at: datetime) -> Delivery:
    """A message that says nothing but that it comes from here."""
    return Delivery(
        delivery_id=delivery_id,
        subscriber_id=subscriber.subscriber_id,
        topic=TEST,
        body=_body(TEST, at, {"name": subscriber.name}),
        made=at,
        next_at=at,
    )


def _body(topic: str, at: datetime, data: Mapping[str, Any]) -> str:
    return _encode({"type": topic, "timestamp": at, "data": data}).decode()


def _course(record: ContactRecord | None) -> dict[str, Any]:
    if record is None:
        return {}
    return {"channel": record.channel, "agent_id": record.agent_id, "started": record.at, "wait_s": record.wait_s}
