"""Counting beside the calls: what ended is counted a moment later, also after a database that was away; recomputing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date
from functools import partial

import msgspec
import pytest
import sqlalchemy as sa

from core.errors import StoreFault
from core.home import Home
from core.store.engine import WRITES, sync_engine
from core.store.sql_store import SqlStore, open_store
from core.store.statistics import Counted, Read
from records.statistics.facts import facts_of
from server import counting
from server.counting import Counter
from server.recomputing import Progress, in_words, recompute
from tests.records.statistics.lines import RULES, call, lost

MONDAY = date(2026, 3, 2)


@pytest.fixture
async def store(home: Home) -> AsyncIterator[SqlStore]:
    opened = await open_store("", home)
    yield opened
    await opened.close()


async def answered(store: SqlStore) -> int:
    return sum(each.fields[0] for each in await store.statistics.sums(("answered",), first=MONDAY, last=MONDAY))


async def test_what_ends_is_counted_and_told(store: SqlStore) -> None:
    told: list[Counted] = []
    something = asyncio.Event()

    async def tell(counted: Counted) -> None:
        told.append(counted)
        something.set()

    counter = Counter(store.statistics, RULES, every_s=0.01, told=tell)
    running = asyncio.create_task(counter.run())
    try:
        await store.append([*call("a"), *lost("b")])
        await asyncio.wait_for(something.wait(), 10)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert sorted(told[0].over) == ["a", "b"]
    assert told[0].days == {20260302}
    assert await answered(store) == 1


async def test_a_database_that_is_away_is_waited_for(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "AGAIN_S", 0.01)

    class Away:
        def __init__(self) -> None:
            self.tries = 0

        async def count(self, read: Read, kinds: Sequence[str], *, limit: int = 200) -> Counted:
            self.tries += 1
            if self.tries < 3:
                raise StoreFault("the database is away")
            return await store.statistics.count(read, kinds, limit=limit)

    away = Away()
    await store.append(call("a"))
    counted = asyncio.Event()

    async def tell(_counted: Counted) -> None:
        counted.set()

    running = asyncio.create_task(Counter(away, RULES, every_s=0.01, told=tell).run())  # type: ignore[arg-type]
    try:
        await asyncio.wait_for(counted.wait(), 10)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert await answered(store) == 1
    assert away.tries >= 3


async def test_recomputing_finds_mends_and_then_agrees(store: SqlStore, home: Home) -> None:
    for number in range(3):
        await store.append(call(f"c{number}"))
    await Counter(store.statistics, RULES, every_s=1).catch_up()
    steps: list[Progress] = []
    clean = await recompute(store.statistics, RULES, check=True, follow=steps.append)
    assert (clean.contacts, clean.days, clean.months, clean.differing) == (3, 1, 1, 0)
    assert [(step.step, step.done) for step in steps] == [("facts", 3), ("days", 1), ("months", 1)]
    assert in_words(clean) == "3 contacts, 1 days, 1 months: everything agrees"
    engine = sync_engine(sa.make_url(f"sqlite:///{home.database}"))
    with engine.execution_options(**WRITES).begin() as connection:
        connection.execute(sa.text("UPDATE statistics_facts SET talk_ms = 1 WHERE contact_id = 'c1'"))
        connection.execute(sa.text("DELETE FROM statistics_cells WHERE grain = 3"))
    engine.dispose()
    checked = await recompute(store.statistics, RULES, check=True)
    assert checked.differing > 1
    assert not checked.mended
    assert "c1: talk_ms is kept as 1, computed 120000" in in_words(checked)
    mended = await recompute(store.statistics, RULES, check=False)
    assert mended.mended
    assert (await recompute(store.statistics, RULES, check=True)).differing == 0


async def test_other_rules_change_what_was_counted(store: SqlStore) -> None:
    await store.append(call("c", wait=30))
    await Counter(store.statistics, RULES, every_s=1).catch_up()
    patient = msgspec.structs.replace(RULES, target_s=60)
    told = await recompute(store.statistics, patient, check=False)
    assert {each.field for each in told.differences} == {"level_in"}
    facts = partial(facts_of, rules=patient)(call("c", wait=30))
    assert facts is not None
    assert await store.statistics.contacts(first=MONDAY, last=MONDAY, having=("level_in",)) == [facts]
