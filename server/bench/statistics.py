"""Bench ``statistics``: how fast a year of 7.3 million contacts opens, on SQLite and PostgreSQL.

Facts are drawn by chance from those of three simulated days and put into the database in bulk, without events; cells
are made from them as ``minwon statistics recompute`` makes them. Questions are those that pages ask of a year, each
compared with the year before where that makes it harder. Beside them the same sums by a plain GROUP BY over the facts.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from core.store.sql_store import SqlStore, open_store
from core.store.statistics import ContactFacts, day_number
from core.store.statistics_cells import month_of
from records.statistics.answering import answer
from records.statistics.buckets import grain_of
from records.statistics.facts import Rules, facts_of, local
from records.statistics.measures import fields_of
from records.statistics.question import Question, measure
from server.bench.figures import Figure, Report, percentile
from server.bench.postgres import USUAL, PostgresServer
from server.bench.simulated_contacts import SimulatedCity
from server.bench.stage import Stage
from server.knowledge import sample_entries

DAYS: Final = 365
A_DAY: Final = 20_000
LAST: Final = date(2026, 11, 26)
"""A Thursday: the year before ends in the middle of a week and a month."""
ASKED: Final = 9
"""Times that each question is asked; the first is the coldest."""
OPENS_S: Final = 0.5
SAMPLE_DAYS: Final = 3
_ZONE: Final = ZoneInfo("Asia/Seoul")
_HEADLINES: Final = ("contacts", "answered", "abandon_rate", "service_level", "asa", "aht", "fcr", "satisfaction")


def questions(last: date = LAST, days: int = DAYS) -> dict[str, Question]:
    """What pages ask of a year."""
    year = partial(Question, first=last - timedelta(days=days - 1), last=last, measures=_HEADLINES)
    return {
        "by month, with the year before": year(cut="month", compare="year"),
        "by week": year(cut="week"),
        "by day": year(cut="day"),
        "by hour of the day": year(cut="clock"),
        "by department": year(by="department"),
        "by category": year(by="category"),
        "by agent": year(by="agent"),
        "by month and department": year(cut="month", by="department", most=10),
        "one department, by category": year(by="category", where={"department": ("민원여권과",)}),
        "one category, by district": year(by="district", where={"category": ("환경·청소",)}),
        "one category, by month": year(cut="month", where={"category": ("교통",)}),
        "one agent, by month": year(cut="month", where={"agent": ("agent-007",)}),
        "one agent, by category": year(by="category", where={"agent": ("agent-007",)}),
    }


async def measure_year(stage: Stage, *, days: int = DAYS, a_day: int = A_DAY) -> Report:
    """Both databases, one after the other."""
    figures: list[Figure] = []
    store = await open_store("", stage.fresh_home())
    try:
        figures += await _of(store, "SQLite", stage, days, a_day)
    finally:
        await store.close()
    server = await asyncio.to_thread(PostgresServer, USUAL)
    try:
        await asyncio.to_thread(server.start)
        store = await open_store(server.new_database(), stage.fresh_home())
        try:
            figures += await _of(store, "PostgreSQL", stage, days, a_day)
        finally:
            await store.close()
    finally:
        await asyncio.to_thread(server.remove)
    return Report(
        figures=tuple(figures),
        notes=(
            f"{days * a_day:,} contacts of {days} days, 300 agents, 44 departments, 125 categories on two levels; "
            f"{len(questions())} questions of the whole span, each {ASKED} times",
            "opening: from the question to the finished answer, with all its lines",
        ),
    )


async def measure_all(stage: Stage) -> Report:
    """A whole year."""
    return await measure_year(stage)


async def _of(store: SqlStore, name: str, stage: Stage, days: int, a_day: int) -> list[Figure]:
    began = time.perf_counter()
    await fill(store, days, a_day, lambda step: stage.tell(f"{name}: {step}"))
    filled = time.perf_counter() - began
    times: list[float] = []
    slowest = ("", 0.0)
    for what, question in questions(days=days).items():
        stage.tell(f"{name}: {what}")
        for _ in range(ASKED):
            took = await _timed(partial(answer, store.statistics, question, zone=_ZONE, today=LAST))
            times.append(took)
            slowest = max(slowest, (what, took), key=lambda each: each[1])
    stage.tell(f"{name}: plain GROUP BY")
    plain = [await _timed(partial(_plain, store, question)) for question in questions(days=days).values()]
    return [
        Figure(name=f"{name}, a year opens, p50", value=percentile(times, 0.5), unit="s"),
        Figure(name=f"{name}, a year opens, p95", value=percentile(times, 0.95), unit="s", bound=OPENS_S),
        Figure(name=f"{name}, the slowest: {slowest[0]}", value=slowest[1], unit="s"),
        Figure(name=f"{name}, the same by plain GROUP BY over the facts, p50", value=percentile(plain, 0.5), unit="s"),
        Figure(name=f"{name}, the same by plain GROUP BY over the facts, p95", value=percentile(plain, 0.95), unit="s"),
        Figure(name=f"{name}, cells", value=await store.statistics.cells(), unit=""),
        Figure(name=f"{name}, facts and cells made", value=filled, unit="s"),
    ]


async def fill(store: SqlStore, days: int, a_day: int, tell: Callable[[str], None]) -> None:
    """Facts of that many days until ``LAST``, and their cells."""
    sample = list(_sample())
    dice = random.Random(8)
    for at in range(days):
        day = LAST - timedelta(days=days - 1 - at)
        if at % 10 == 0:
            tell(f"day {at + 1} of {days}")
        await store.statistics.load(list(_of_day(sample, day, a_day, dice)))
        await store.statistics.rebuild_day(day_number(day))
    for month in sorted({month_of(day_number(LAST - timedelta(days=at))) for at in range(days)}):
        tell(f"month {month}")
        await store.statistics.rebuild_month(month)
    await store.statistics.tidy()


def _sample() -> Iterator[ContactFacts]:
    rules = Rules(zone=_ZONE, target_s=20, written_target_s=600, short_s=5, key=lambda digits: f"{int(digits):032x}")
    for contact in SimulatedCity(sample_entries(), 8).contacts(LAST - timedelta(days=SAMPLE_DAYS), days=SAMPLE_DAYS):
        if (facts := facts_of(contact.events, rules)) is not None:
            yield facts


def _of_day(sample: Sequence[ContactFacts], day: date, a_day: int, dice: random.Random) -> Iterator[ContactFacts]:
    for at, facts in enumerate(dice.choices(sample, k=a_day)):
        began = datetime.combine(day, facts.started.astimezone(_ZONE).time(), _ZONE)
        local_day, slot = local(began, _ZONE)
        yield replace(facts, contact_id=f"{local_day}-{at:06}", started=began, day=local_day, slot=slot)


async def _timed(work: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def _plain(store: SqlStore, question: Question) -> None:
    """The same sums, straight from the facts."""
    await store.statistics.sums(
        fields_of([measure(name) for name in question.measures]),
        first=question.first,
        last=question.last,
        grain=grain_of(question.cut),
        by=question.by,
        where=question.where,
        plain=True,
    )
