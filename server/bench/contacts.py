"""Search over a city's records, and what it costs to write one: on SQLite and PostgreSQL, beside plain LIKE.

The records are a simulated city's (``server.bench.simulated_contacts``), drafted as the node drafts them. Questions are
what people type: words of the records and parts of words, frequent and rare ones, the last four digits of a number,
filters of each kind, alone and together, and some that find nothing. Each is asked as the page asks: the newest fifty
with all that a line shows. Plain LIKE asks a sample of the same questions, of the same table, without the index.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from msgspec.structs import replace

from core.config.records import RecordsConfig
from core.dispositions import dispositions
from core.person_key import PersonKeys
from core.site_key import KEY_BYTES
from core.store.contact_terms import words_of
from core.store.contacts import ContactQuery, ContactRecord
from core.store.sql_store import SqlStore, open_store
from records.learning.lessons import Lessons
from records.record.assembled import assembled
from records.record.course import number
from server.bench.figures import Figure, Report, percentile, spread
from server.bench.postgres import USUAL, PostgresServer
from server.bench.simulated_contacts import SimulatedCity
from server.bench.stage import Stage
from server.knowledge import sample_entries

CONTACTS = 1_000_000
A_DAY: Final = 2740
"""A million in a year."""
FIRST: Final = date(2025, 3, 1)
QUESTIONS: Final = 400
PLAIN: Final = 24
"""Questions that plain LIKE is asked: it takes its time."""
CONFIRMED: Final = 300
SEARCH_S: Final = 0.2
CONFIRM_S: Final = 0.1
_DISTRICTS: Final = ("중앙동", "평화동", "신흥동", "한빛동", "송천동", "효자동")
_WORDS: Final = (
    *("무단투기", "주차", "여권", "재발급", "쓰레기", "전입", "신고", "수도", "요금", "보조금", "납부", "폐기물"),
    *("불편", "비용", "대리인", "처리", "서류", "복지", "도로", "가로등", "소음", "버스", "등본", "증명"),
)


async def measure(stage: Stage) -> Report:
    """Both databases, one after the other."""
    figures: list[Figure] = []
    stage.tell("SQLite")
    store = await open_store("", stage.fresh_home())
    try:
        figures += await _of(store, "SQLite", stage)
    finally:
        await store.close()
    async with _postgresql(stage) as store:
        figures += await _of(store, "PostgreSQL", stage)
    return Report(
        figures=tuple(figures),
        notes=(
            f"{CONTACTS:,} records of a simulated city; {QUESTIONS} questions, the newest 50 of each; "
            f"plain LIKE: {PLAIN} of them on the same rows without the index",
        ),
    )


def records(count: int) -> Iterator[ContactRecord]:
    """A simulated city's records, oldest first."""
    city = SimulatedCity(sample_entries(), 8, contacts_a_day=A_DAY)
    keys = PersonKeys(b"b" * KEY_BYTES)
    known, lessons = dispositions(RecordsConfig().results), Lessons()
    for contact in islice(city.contacts(FIRST, days=10_000), count):
        yield assembled(
            contact.events,
            person=keys.key(number(contact.events)),
            known=known,
            lessons=lessons,
            words=lambda _text: (),
            district=lambda text: next((each for each in _DISTRICTS if each in text), ""),
        )


@asynccontextmanager
async def _postgresql(stage: Stage) -> AsyncIterator[SqlStore]:
    stage.tell("PostgreSQL")
    server = await asyncio.to_thread(PostgresServer, USUAL)
    try:
        await asyncio.to_thread(server.start)
        store = await open_store(server.new_database(), stage.fresh_home())
        try:
            yield store
        finally:
            await store.close()
    finally:
        await asyncio.to_thread(server.remove)


async def _of(store: SqlStore, name: str, stage: Stage) -> list[Figure]:
    stage.tell(f"{name}: {CONTACTS:,} records")
    began = time.perf_counter()
    await store.contacts.load(records(CONTACTS))
    loaded = time.perf_counter() - began
    await store.contacts.tidy()
    stage.tell(f"{name}: search")
    asked = questions()
    times = [await _timed(store, each) for each in asked]
    plain = [await _timed(store, each, plain=True) for each in asked[:PLAIN]]
    same = [times[place] for place in range(PLAIN)]
    stage.tell(f"{name}: confirming")
    confirmed = await _confirm(store)
    return [
        *spread(f"{name}, search", times, bound=SEARCH_S),
        Figure(name=f"{name}, the slowest search", value=max(times), unit="s"),
        Figure(name=f"{name}, the same questions by index, p95", value=percentile(same, 0.95), unit="s"),
        Figure(name=f"{name}, the same questions by plain LIKE, p95", value=percentile(plain, 0.95), unit="s"),
        *spread(f"{name}, confirming a record", confirmed, bound=CONFIRM_S),
        Figure(name=f"{name}, records written a second", value=CONTACTS / loaded, unit="1/s"),
    ]


def questions() -> list[ContactQuery]:
    """What people ask, the same every time."""
    dice = random.Random(8)
    entries = sample_entries()
    found: list[ContactQuery] = []
    for _ in range(QUESTIONS):
        words = words_of(dice.choice(_WORDS)) if dice.random() < 0.75 else ()
        if dice.random() < 0.3:
            title = "".join(words_of(dice.choice(entries).title))
            start = dice.randrange(max(1, len(title) - 3))
            words = (*words, title[start : start + dice.randint(2, 4)])
        entry = dice.choice(entries)
        more: dict[str, Any] = {
            "last4": f"{dice.randrange(10_000):04}" if dice.random() < 0.2 else "",
            "agent_id": f"agent{dice.randrange(1, 300):03}" if dice.random() < 0.15 else "",
            "category": entry.category.split(">")[0] if dice.random() < 0.15 else "",
            "department": entry.department if dice.random() < 0.1 else "",
            "district": dice.choice(_DISTRICTS) if dice.random() < 0.1 else "",
            "result": dice.choice(("answered", "text_sent", "abandoned")) if dice.random() < 0.2 else "",
        }
        found.append(ContactQuery(words=words, **more))
    return found


async def _timed(store: SqlStore, query: ContactQuery, *, plain: bool = False) -> float:
    began = time.perf_counter()
    await (store.contacts.find_plainly(query) if plain else store.contacts.find(query))
    return time.perf_counter() - began


async def _confirm(store: SqlStore) -> Sequence[float]:
    times = []
    last = FIRST + timedelta(days=3650)
    for draft in records(CONFIRMED):
        fresh = await store.contacts.draft(_as_new(draft, last))
        began = time.perf_counter()
        await store.contacts.keep(fresh.contact_id, fresh.written, based_on=0, by="bench", at=fresh.at)
        times.append(time.perf_counter() - began)
    return times


def _as_new(record: ContactRecord, day: date) -> ContactRecord:
    return replace(record, contact_id=f"new-{record.contact_id}", at=record.at + (day - FIRST))
