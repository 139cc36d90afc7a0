"""Notes wait until they are seen, and do not pile up."""

from __future__ import annotations

import pytest

from core.bus.contract import Overflow
from core.bus.memory_bus import MemoryBus
from core.errors import Refused
from core.events import NoteSent
from server.supervisor_notes import MOST, SupervisorNotes


async def test_a_note_waits_until_it_is_seen_and_both_are_told() -> None:
    bus = MemoryBus()
    notes = SupervisorNotes(bus)
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


async def test_a_desk_that_reads_none_takes_no_more_and_nobody_gets_half() -> None:
    notes = SupervisorNotes(MemoryBus())
    for _ in range(MOST):
        await notes.send(["kim"], "x", by="boss", by_name="")
    with pytest.raises(Refused, match="kim") as refusal:
        await notes.send(["lee", "kim"], "x", by="boss", by_name="")
    assert refusal.value.code == "too_many_notes"
    assert notes.unseen("lee") == ()
