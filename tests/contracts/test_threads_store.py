"""Written contacts in the store, on SQLite and on a real PostgreSQL: drawn from events, never mistaken for calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.events import (
    CallStarted,
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    Event,
    MessageSent,
    Party,
    TextReceived,
    renumbered,
)
from core.store.contract import Store
from core.store.messages import MessageRecord
from core.store.written_projection import project_all_written

T0 = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def life(contact_id: str, minutes: float = 0, *, number: str = "01000001234", closed: bool = False) -> list[Event]:
    """Somebody wrote, was answered, and perhaps that was all."""
    begin = T0 + timedelta(minutes=minutes)
    events: list[Event] = [
        ContactOpened(channel="text", party=Party(number=number), to="0331200120", reply_to="c1", at=begin),
        TextReceived(text_id=f"{contact_id}-a", text="주민번호는 900101-1234567이에요", photos=("p1",), at=begin),
        ContactAssigned(agent_id="kim", agent_name="김하늘", at=begin + timedelta(seconds=5)),
        MessageSent(message_id=f"{contact_id}-m", to=number, text="네", by="kim", at=begin + timedelta(seconds=60)),
    ]
    if closed:
        events.append(ContactClosed(reason="answered", agent_id="kim", at=begin + timedelta(seconds=90)))
    return [renumbered(event, call_id=contact_id, seq=seq) for seq, event in enumerate(events, 1)]


async def test_written_contacts_are_drawn_from_events_and_are_no_calls(store: Store) -> None:
    events = life("text-1")
    await store.append(events)
    await store.append([CallStarted(call_id="c1", seq=1, caller=Party(number="01000001234"), at=T0)])
    kept = await store.threads.written("text-1")
    drawn = project_all_written(None, events)
    assert kept is not None and drawn is not None
    assert (kept.state, kept.agent_name, kept.reply_to, kept.photos) == ("answered", "김하늘", "c1", 1)
    assert kept.party == drawn.party and kept.first_answer == drawn.first_answer and kept.opened == T0
    assert [call.call_id for call in await store.calls()] == ["c1"]
    assert await store.call("text-1") is None
    assert [call.call_id for call in await store.open_calls()] == ["c1"]
    assert await store.threads.written("c1") is None
    assert len(await store.events("text-1")) == 4


async def test_an_answer_that_fails_is_owed_again(store: Store) -> None:
    failed = MessageSent(
        message_id="text-1-m", to="01000001234", text="네", by="kim", state="failed", at=T0 + timedelta(minutes=3)
    )
    await store.append([*life("text-1"), renumbered(failed, call_id="text-1", seq=5)])
    (kept,) = await store.threads.open_written()
    assert (kept.state, kept.undelivered, kept.owed_since) == ("assigned", True, T0 + timedelta(minutes=3))
    again = MessageSent(message_id="m2", to="01000001234", text="네", by="kim", at=T0 + timedelta(minutes=4))
    await store.append([renumbered(again, call_id="text-1", seq=6)])
    (kept,) = await store.threads.open_written()
    assert (kept.state, kept.undelivered, kept.owed_since) == ("answered", False, None)


async def test_no_personal_number_is_kept_in_the_list(store: Store) -> None:
    await store.append(life("text-1")[:2])
    kept = await store.threads.written("text-1")
    assert kept is not None and "1234567" not in kept.last_text and "******-*******" in kept.last_text


async def test_event_by_event_twice_and_late(store: Store) -> None:
    events = life("text-1", closed=True)
    for event in (*events[:2], *events[3:], events[2], *events):
        await store.append([event])
    kept = await store.threads.written("text-1")
    assert kept == project_all_written(None, await store.events("text-1"))
    assert kept is not None and (kept.state, kept.closed, kept.last_seq) == ("closed", "answered", 5)


async def test_a_text_that_has_come_is_known(store: Store) -> None:
    await store.append(life("text-1"))
    assert await store.threads.contact_of_text("text-1-a") == "text-1"
    assert await store.threads.contact_of_text("text-1-b") == ""


async def test_lists_and_pages(store: Store) -> None:
    for number in range(5):
        await store.append(life(f"text-{number}", number, closed=number < 4))
    await store.append(life("text-other", 9, number="01000009999"))
    threads = store.threads
    assert [written.contact_id for written in await threads.open_written()] == ["text-4", "text-other"]
    newest = await threads.closed_written(limit=2)
    assert [written.contact_id for written in newest] == ["text-3", "text-2"]
    older = await threads.closed_written(limit=9, before=newest[-1].last_at)
    assert [written.contact_id for written in older] == ["text-1", "text-0"]
    assert len(await threads.closed_written(agent_id="kim")) == 4
    assert await threads.closed_written(agent_id="lee") == []
    thread = await threads.thread("text", "01000001234", limit=3)
    assert [written.contact_id for written in thread] == ["text-4", "text-3", "text-2"]
    assert [w.contact_id for w in await threads.thread("text", "01000001234", before=thread[-1].opened)] == [
        "text-1",
        "text-0",
    ]
    assert await threads.thread("chat", "01000001234") == []


async def test_messages_are_found_by_their_number(store: Store) -> None:
    for number, to in enumerate(("01000001234", "01000009999", "01000001234")):
        await store.put_message(
            MessageRecord(message_id=f"m{number}", to=to, text="안내", at=T0 + timedelta(minutes=number))
        )
    assert [record.message_id for record in await store.messages(to="01000001234")] == ["m2", "m0"]
