"""Reports that are sent by themselves: the store's contract, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec

from core.store.contract import Store
from core.store.reports import ReportSchedule, ReportSending

T0 = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
DAILY = ReportSchedule(
    schedule_id="d", title="일일 보고", every="day", hour=8, to=("team@hanbit.go.kr", "chief@hanbit.go.kr"), at=T0
)
MAKING = ReportSending(schedule_id="d", due=T0, state="making", tries=1, next_at=T0 + timedelta(minutes=10), at=T0)


async def test_schedules_come_back_as_they_were(store: Store) -> None:
    other = msgspec.structs.replace(DAILY, schedule_id="m", title="가나다", every="month", formats=("xlsx",), to=())
    await store.reports.put_schedule(DAILY)
    await store.reports.put_schedule(other)
    assert await store.reports.schedules() == [other, DAILY]
    changed = msgspec.structs.replace(DAILY, active=False, hour=0)
    await store.reports.put_schedule(changed)
    assert await store.reports.schedules() == [other, changed]
    assert await store.reports.drop_schedule("m")
    assert not await store.reports.drop_schedule("m")


async def test_of_many_who_claim_one_has_it(store: Store) -> None:
    claims = await asyncio.gather(*(store.reports.claim(MAKING, known=None) for _ in range(5)))
    assert sum(claims) == 1
    handing = msgspec.structs.replace(MAKING, state="handing", at=T0 + timedelta(seconds=3))
    steps = await asyncio.gather(*(store.reports.claim(handing, known=MAKING) for _ in range(3)))
    assert sum(steps) == 1
    assert not await store.reports.claim(MAKING, known=MAKING)
    assert await store.reports.open_sendings() == [handing]
    assert await store.reports.last_due(["d", "x"]) == {"d": T0}


async def test_what_is_over_is_not_open_and_is_forgotten_by_age(store: Store) -> None:
    sent = msgspec.structs.replace(MAKING, state="sent", next_at=None, to=DAILY.to)
    later = msgspec.structs.replace(MAKING, due=T0 + timedelta(days=1))
    assert await store.reports.claim(sent, known=None)
    assert await store.reports.claim(later, known=None)
    assert await store.reports.open_sendings() == [later]
    assert await store.reports.sendings() == [later, sent]
    assert await store.reports.forget(before=T0 + timedelta(days=9)) == 1
    assert await store.reports.sendings() == [later]
