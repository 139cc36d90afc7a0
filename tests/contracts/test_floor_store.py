"""What the room of agents must still know after a restart, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from core.store.contract import Store
from core.store.floor import AgentTime, AlertCare, KeptNote, OpenWrapUp

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
READY = AgentTime(day=20260302, agent_id="kim", state="ready", ms=1000)
LUNCH = AgentTime(day=20260302, agent_id="kim", state="away", reason="lunch", ms=500)


async def test_times_add_up_whoever_adds_them(store: Store) -> None:
    lee = replace(READY, agent_id="lee", day=20260303, ms=3 * 10**10)
    await asyncio.gather(*(store.floor.add_times([READY, LUNCH, lee]) for _ in range(3)), store.floor.add_times([]))
    assert await store.floor.times(first=20260302, last=20260302) == [
        replace(LUNCH, ms=1500),
        replace(READY, ms=3000),
    ]
    assert await store.floor.times(first=20260301, last=20260331, agents=["lee"]) == [replace(lee, ms=9 * 10**10)]
    assert await store.floor.times(first=20260301, last=20260331, agents=[]) == []


async def test_an_open_wrap_up_is_one_for_each_agent(store: Store) -> None:
    one = OpenWrapUp(agent_id="kim", contact_id="c1", since=T0, seen=T0)
    later = replace(one, seen=T0 + timedelta(seconds=30))
    await store.floor.put_wrap_ups([one, replace(one, agent_id="lee", contact_id="c2")])
    await store.floor.put_wrap_ups([later])
    await store.floor.put_wrap_ups([])
    await store.floor.drop_wrap_up("lee")
    assert await store.floor.wrap_ups() == [later]


async def test_notes_wait_without_a_persons_number(store: Store) -> None:
    note = KeptNote(note_id="n1", agent_id="kim", by="boss", by_name="최책임", text="850101-1234567 확인", at=T0)
    await store.floor.put_note(replace(note, note_id="n2", at=T0 + timedelta(1)))
    await store.floor.put_note(note)
    assert [(one.note_id, one.text) for one in await store.floor.notes()] == [
        ("n1", "******-******* 확인"),
        ("n2", "******-******* 확인"),
    ]
    await store.floor.drop_note("n1")
    assert [one.note_id for one in await store.floor.notes()] == ["n2"]


async def test_cares_are_kept_for_two_days(store: Store) -> None:
    care = AlertCare(alert="c1 a1", name="최책임", at=T0)
    await store.floor.put_care(care)
    await store.floor.put_care(replace(care, name="정책임"))
    assert await store.floor.cares() == [replace(care, name="정책임")]
    newer = AlertCare(alert="c2 a1", name="최책임", at=T0 + timedelta(days=3))
    await store.floor.put_care(newer)
    assert await store.floor.cares() == [newer]
    await store.floor.drop_care("c2 a1")
    assert await store.floor.cares() == []
