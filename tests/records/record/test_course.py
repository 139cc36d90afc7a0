"""A record's course follows from the events, whatever the channel, also of half a line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.events import (
    CallEnded,
    CallJoined,
    CallQueued,
    CallStarted,
    CardUsed,
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    Event,
    FormSent,
    FormValue,
    LanguageChanged,
    MessageSent,
    Party,
    RecordDraft,
    RecordDrafted,
    ScreenShown,
    Suggested,
    Suggestion,
    TransferChanged,
)
from core.store.contacts import CardKept, ContactRecord, PassedOn
from records.record.course import course, is_over, number

T0 = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


CALL: list[Event] = [
    CallStarted(at=T0, caller=Party(number="+82 10-1234-5678"), called="120"),
    ScreenShown(at=at(2), visit_id="v", screen="main", title="처음"),
    ScreenShown(at=at(5), visit_id="v", screen="waste", title="폐기물"),
    ScreenShown(at=at(6), visit_id="v", screen="@wait", title="기다림"),
    FormSent(at=at(20), visit_id="v", screen="f", title="신고", values=(FormValue(field="a", label="b", value="c"),)),
    CallQueued(at=at(25), position=1),
    LanguageChanged(at=at(26), language="en", heard=True, by="menu"),
    CallJoined(at=at(40), agent_id="kim", agent_name="김하늘"),
    Suggested(at=at(50), suggestions=(Suggestion(id="7", title="무단투기", score=0.9, version=3),)),
    CardUsed(at=at(55), entry_id="7", deed="accepted"),
    MessageSent(at=at(60), message_id="m1", to="010", text="안내", by="kim", state="queued"),
    TransferChanged(at=at(70), transfer_id="t1", kind="consult", state="ringing", to="021", name="청소과"),
    TransferChanged(at=at(80), transfer_id="t1", kind="consult", state="done", to="021", name="청소과"),
    CallJoined(at=at(80), agent_id="", agent_name="청소과"),
    RecordDrafted(at=at(99), draft=RecordDraft(cards=("7",))),
    CallEnded(at=at(100), reason="caller_hung_up", duration_s=100, talk_s=60),
    MessageSent(at=at(120), message_id="m1", to="010", text="안내", by="kim", state="delivered"),
]


def test_a_call_is_told_from_its_events() -> None:
    found = ContactRecord(contact_id="c1", **course(CALL))
    assert (found.channel, found.at, found.ended, found.agent_name) == ("call", T0, at(100), "김하늘")
    assert (found.wait_s, found.talk_s, found.duration_s, found.language) == (40, 60, 100, "en")
    assert (found.path, found.last4) == (("처음", "폐기물"), "5678")
    assert found.forms[0].title == "신고"
    assert found.cards == (CardKept(entry_id="7", title="무단투기", version=3),)
    assert [(text.message_id, text.state) for text in found.texts] == [("m1", "delivered")]
    assert found.transfers == (PassedOn(name="청소과", kind="consult", state="done"),)
    assert number(CALL) == "01012345678"


def test_a_withheld_number_leaves_no_digits() -> None:
    hidden = [CallStarted(at=T0, caller=Party(number="01012345678", anonymous=True))]
    assert number(hidden) == ""
    assert course(hidden)["last4"] == ""


def test_a_written_contact_is_told_too() -> None:
    line: list[Event] = [
        ContactOpened(at=T0, channel="text", party=Party(number="01012345678"), language="vi"),
        ContactAssigned(at=at(10), agent_id="lee", agent_name="이바다"),
        ContactAssigned(at=at(500), agent_id=""),
        ContactClosed(at=at(600), reason="answered", wait_s=30),
    ]
    found = ContactRecord(contact_id="text-1", **course(line))
    assert (found.channel, found.agent_id, found.wait_s, found.duration_s, found.language) == (
        "text",
        "lee",
        30,
        600,
        "vi",
    )
    assert is_over(line)
    assert not is_over(line[:-1])


@given(st.lists(st.sampled_from(CALL), min_size=1, max_size=12))
def test_any_part_of_a_line_in_any_order_makes_a_record(events: list[Event]) -> None:
    found = ContactRecord(contact_id="c1", **course(events))
    assert found.wait_s >= 0
    assert course(events) == course(events)
