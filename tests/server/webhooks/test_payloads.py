"""What receivers are told: ids and figures, words only where granted, never a number."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

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
from core.store.contacts import ContactRecord, Wording
from core.store.webhooks import TOPICS, Subscriber, Topic, topic_of
from server.webhooks.payloads import delivery_of, trial

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NUMBER = "01098765432"
SAID = "여권을 잃어버렸습니다"
RECORD = ContactRecord(
    contact_id="c1",
    at=T0,
    agent_id="kim",
    last4="5432",
    version=2,
    written=Wording(need=SAID, answer=SAID),
)
EVENTS: dict[Topic, Event] = {
    "contact.closed": CallEnded(call_id="c1", seq=9, at=T0, reason="caller_hung_up", duration_s=61.0, talk_s=50.0),
    "record.kept": RecordKept(call_id="c1", seq=10, at=T0, version=2, by="kim", category="여권"),
    "text.state": MessageSent(call_id="c1", seq=5, at=T0, message_id="m1", to=NUMBER, text=SAID, state="sent"),
    "alert.raised": AlertChanged(call_id="c1", seq=6, at=T0, alert_id="a1", kind="abuse", words=(SAID,)),
    "recording.kept": RecordingChanged(call_id="c1", seq=11, at=T0, state="kept", recording_id="rec-1"),
    "issue.rising": IssueChanged(at=T0, issue_id="i1", terms=(SAID,), calls=7, since=T0, quotes=(NUMBER,)),
}


def subscriber(subscriber_id: str = "s1", *, words: bool = False) -> Subscriber:
    return Subscriber(
        subscriber_id=subscriber_id, name="n", url="https://h/", topics=TOPICS, words=words, sealed=b"", by="b", made=T0
    )


@pytest.mark.parametrize("topic", TOPICS)
def test_ids_and_figures_without_words_or_numbers(topic: Topic) -> None:
    event = EVENTS[topic]
    assert topic_of(event) == (None if topic == "issue.rising" else topic)
    plain = delivery_of(event, topic, subscriber(), RECORD)
    told: dict[str, Any] = msgspec.json.decode(plain.body)
    assert told["type"] == topic and told["timestamp"] == "2026-03-02T09:00:00Z"
    assert SAID not in plain.body and NUMBER not in plain.body and "5432" not in plain.body
    granted = delivery_of(event, topic, subscriber(words=True), RECORD)
    assert NUMBER not in granted.body and "5432" not in granted.body
    assert (SAID in granted.body) is (topic in ("record.kept", "text.state", "alert.raised", "issue.rising"))


def test_the_same_event_is_the_same_id_for_one_receiver_and_another_for_another() -> None:
    event = EVENTS["record.kept"]
    one = delivery_of(event, "record.kept", subscriber(), RECORD).delivery_id
    assert delivery_of(event, "record.kept", subscriber(), None).delivery_id == one
    assert delivery_of(event, "record.kept", subscriber("s2"), RECORD).delivery_id != one
    later = msgspec.structs.replace(event, seq=11)
    assert delivery_of(later, "record.kept", subscriber(), RECORD).delivery_id != one


def test_words_of_another_version_are_not_told_with_it() -> None:
    newer = msgspec.structs.replace(RECORD, version=3)
    assert SAID not in delivery_of(EVENTS["record.kept"], "record.kept", subscriber(words=True), newer).body


def test_a_written_contact_and_a_trial() -> None:
    closed = ContactClosed(call_id="text-1", seq=4, at=T0, reason="timed_out", wait_s=12.0)
    told = msgspec.json.decode(delivery_of(closed, "contact.closed", subscriber(), None).body)
    assert told["data"] == {"contact_id": "text-1", "reason": "timed_out", "wait_s": 12.0}
    assert trial(subscriber(), "msg_1", T0).topic == "webhook.test"
