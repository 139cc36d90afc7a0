"""Notes wait until they are seen, and do not pile up."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.bus.contract import Overflow
from core.bus.memory_bus import MemoryBus
from core.errors import Refused
from core.events import NoteSent
from core.home import Home
from core.store.contract import Store
from core.store.sql_store import open_store
from server.supervisor_notes import MOST, SupervisorNotes


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    opened: Store = await open_store("", home)
    yield opened
    await opened.close()


async def test_what_nobody_has_seen_outlives_the_node(store: Store) -> None:
    notes = SupervisorNotes(MemoryBus(), store.floor)
    await notes.send(["kim", "lee"], "천천히 하세요", by="boss", by_name="최책임")
    await notes.seen(notes.unseen("lee")[0].note_id, "lee")
    again = SupervisorNotes(MemoryBus(), store.floor)
    await again.open()
    (note,) = again.unseen("kim")
    assert (note, again.unseen("lee")) == (notes.unseen("kim")[0], ())


async def test_a_note_waits_until_it_is_seen_and_both_are_told(store: Store) -> None:
    bus = MemoryBus()
    notes = SupervisorNotes(bus, store.floor)
    async with bus.subscribe(name="test", limit=10, overflow=Overflow.CLOSE) as told:
        await notes.send(["kim", "lee"], "천천히 하세요", by="boss", by_name="최책임")
        (note,) = notes.unseen("kim")
        assert (note.agent_id, note.by, note.by_name, note.text) == ("kim", "boss", "최책임", "천천히 하세요")
        await notes.seen(note.note_id, "lee")
        assert len(notes.unseen("kim")) == 1, "another's note is not hers to see"
        await notes.seen(note.note_id, "kim")
        await notes.seen(note.note_id, "kim")
        assert notes.unseen("kim") == ()
        await bus.close()
        events = [event async for event in told]
    assert [(event.agent_id, event.seen) for event in events if isinstance(event, NoteSent)] == [
        ("kim", False),
        ("lee", False),
        ("kim", True),
    ]
    assert events[-1].text == "", "what was written is told once"  # type: ignore[attr-defined]


async def test_a_desk_that_reads_none_takes_no_more_and_nobody_gets_half(store: Store) -> None:
    notes = SupervisorNotes(MemoryBus(), store.floor)
    for _ in range(MOST):
        await notes.send(["kim"], "x", by="boss", by_name="")
    with pytest.raises(Refused, match="kim") as refusal:
        await notes.send(["lee", "kim"], "x", by="boss", by_name="")
    assert refusal.value.code == "too_many_notes"
    assert notes.unseen("lee") == ()
