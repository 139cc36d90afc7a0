"""Bench ``month``: a simulated month's contacts, counted three ways, which must agree in every number.

Live: each day's events go through the store, and what ended is counted by difference as the node does it. Recomputed:
all lines are read again, and their facts are added up. By hand: SQL over the events (``month_by_hand``). Every field
that figures are made of is compared: of the whole month, of each day, each category and each agent. Beside them stand
the figures that the wall would show at the end of the last day.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from core.config import StatisticsConfig
from core.home import Home
from core.person_key import PersonKeys
from core.site_key import KEY_BYTES
from core.store.sql_store import SqlStore, open_store
from core.store.statistics import FIELDS, ContactFacts, Dimension, day_number, day_of
from core.store.statistics_chain import with_again
from records.statistics.facts import Rules, facts_of, no_words
from records.statistics.live import Live
from records.statistics.measures import MEASURES, fields_of, total
from records.statistics.tally import KINDS
from server.bench import month_by_hand
from server.bench.figures import Figure, Report
from server.bench.simulated_contacts import SimulatedCity, SimulatedContact
from server.bench.stage import Stage
from server.counting import Counter
from server.knowledge import sample_entries
from server.statistics_parts import rules_of

CONTACTS_A_DAY: Final = 20_000
FIRST: Final = date(2026, 3, 1)
DAYS: Final = 31
HOLIDAYS: Final = (date(2026, 3, 1), date(2026, 3, 2))
EVENTS: Final = 4000
"""Events in one write."""
SHOWN: Final = 20
"""Differences that are told one by one."""
_READ_AT_ONCE: Final = 1000

Told = month_by_hand.Told


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    contacts: int
    numbers: int
    """Numbers that were compared, each three times."""
    differences: tuple[str, ...]
    """In words; none = all agree."""
    table: tuple[str, ...]
    """Figures of the month, three side by side."""
    seconds: Mapping[str, float]
    """How long each step took."""


async def measure(stage: Stage) -> Report:
    """600,000 contacts, SQLite."""
    city = SimulatedCity(sample_entries(), 8, contacts_a_day=CONTACTS_A_DAY, holidays=HOLIDAYS)
    told = await compare(city, FIRST, DAYS, stage.fresh_home(), stage.tell)
    return Report(
        figures=(
            Figure(name="contacts", value=told.contacts, unit=""),
            Figure(name="numbers that were compared", value=told.numbers, unit=""),
            Figure(name="numbers that differ", value=len(told.differences), unit="", bound=0),
            *(Figure(name=name, value=seconds, unit="s") for name, seconds in told.seconds.items()),
        ),
        notes=(*(f"DIFFERS: {each}" for each in told.differences[:SHOWN]), *told.table),
    )


async def compare(
    city: SimulatedCity, first: date, days: int, home: Home, tell: Callable[[str], None] = lambda _step: None
) -> Compared:
    """Simulate, count three ways, compare."""
    rules = _rules()
    store = await open_store("", home)
    seconds: dict[str, float] = defaultdict(float)
    try:
        contacts = 0
        counter = Counter(store.statistics, rules, every_s=1)
        live = Live(rules, target=0.8)
        by_day = _days(city.contacts(first, days=days))
        for at, day in enumerate(by_day, 1):
            tell(f"day {at} of {days}: storing")
            contacts += len(day)
            began = time.perf_counter()
            await _store(store, day)
            seconds["storing events"] += time.perf_counter() - began
            if at == days:
                for contact in day:
                    live.resume(contact.events)
            tell(f"day {at} of {days}: counting")
            began = time.perf_counter()
            await counter.catch_up()
            seconds["counting live"] += time.perf_counter() - began
        last = first + timedelta(days=days - 1)
        began = time.perf_counter()
        cells = {name: await _cells(store, name, first, last) for name in month_by_hand.BY}
        seconds["reading the cells"] = time.perf_counter() - began
        tell("recomputing")
        began = time.perf_counter()
        recomputed = _added(await _facts(store, rules, tell))
        seconds["recomputing"] = time.perf_counter() - began
        began = time.perf_counter()
        by_hand = await asyncio.to_thread(month_by_hand.counted, home.database, tell)
        seconds["SQL by hand"] = time.perf_counter() - began
    finally:
        await store.close()
    differences = [*_differences(cells, recomputed, by_hand), *_of_the_wall(live, last, cells["day"])]
    ways = cells, recomputed, by_hand
    numbers = sum(len(_values(ways, name, field)) for name in month_by_hand.BY for field in month_by_hand.FIELDS)
    return Compared(
        contacts=contacts,
        numbers=numbers,
        differences=tuple(differences),
        table=tuple(_table(cells["all"], recomputed["all"], by_hand["all"])),
        seconds=dict(seconds),
    )


def _rules() -> Rules:
    """The node's, without the words, which take long to find."""
    return msgspec.structs.replace(rules_of(StatisticsConfig(), PersonKeys(b"m" * KEY_BYTES)), words=no_words)


def _days(contacts: Iterator[SimulatedContact]) -> Iterator[list[SimulatedContact]]:
    day: list[SimulatedContact] = []
    for contact in contacts:
        if day and contact.began.date() != day[0].began.date():
            yield day
            day = []
        day.append(contact)
    if day:
        yield day


async def _store(store: SqlStore, contacts: Sequence[SimulatedContact]) -> None:
    events = (event for contact in contacts for event in contact.events)
    while batch := list(islice(events, EVENTS)):
        await store.append(batch)


async def _cells(store: SqlStore, by: str, first: date, last: date) -> Told:
    """As the pages read them."""
    told: Told = {field: {} for field in FIELDS}
    dimension: Dimension | None = "category" if by == "category" else "agent" if by == "agent" else None
    sums = await store.statistics.sums(
        FIELDS, first=first, last=last, grain="day" if by == "day" else "", by=dimension, under=None
    )
    for each in sums:
        value = day_of(each.bucket).isoformat() if by == "day" else each.value
        for field, amount in zip(FIELDS, each.fields, strict=True):
            told[field][value] = amount
    return _leaves(told) if by == "category" else told


def _leaves(told: Told) -> Told:
    """What lies on a node itself: its sum without those right under it."""
    return {
        field: {
            value: amount
            - sum(
                other
                for name, other in values.items()
                if name.startswith(f"{value}>") and name.count(">") == value.count(">") + 1
            )
            for value, amount in values.items()
        }
        for field, values in told.items()
    }


async def _facts(store: SqlStore, rules: Rules, tell: Callable[[str], None]) -> list[ContactFacts]:
    """Facts of all lines, drawn anew."""
    read = partial(facts_of, rules=rules)
    told: list[ContactFacts] = []
    after = ""
    while lines := await store.statistics.lines(after=after, limit=_READ_AT_ONCE):
        found = await store.statistics.told(read, KINDS, lines)
        told += [facts for facts in found.values() if facts is not None]
        after = lines[-1]
        tell(f"recomputing: {len(told):,}")
    return list(with_again(told).values())


def _added(facts: Sequence[ContactFacts]) -> dict[str, Told]:
    told: dict[str, Told] = {name: {field: defaultdict(int) for field in FIELDS} for name in month_by_hand.BY}
    for each in facts:
        where = {
            "all": "",
            "day": day_of(each.day).isoformat(),
            "category": each.category,
            "agent": each.agent,
        }
        for field in FIELDS:
            if amount := getattr(each, field):
                for name, value in where.items():
                    told[name][field][value] += amount
    return told


Ways = tuple[Mapping[str, Told], Mapping[str, Told], Mapping[str, Told]]


def _values(ways: Ways, name: str, field: str) -> list[str]:
    return sorted({value for way in ways for value, amount in way[name][field].items() if amount})


def _differences(*ways: Mapping[str, Told]) -> Iterator[str]:
    cells, recomputed, by_hand = ways
    for name in month_by_hand.BY:
        for field in month_by_hand.FIELDS:
            for value in _values((cells, recomputed, by_hand), name, field):
                numbers = [way[name][field].get(value, 0) for way in ways]
                if len(set(numbers)) > 1:
                    shown = f"{name} {value}".strip()
                    yield f"{field} of {shown}: live {numbers[0]}, recomputed {numbers[1]}, by hand {numbers[2]}"


def _of_the_wall(live: Live, last: date, by_day: Told) -> Iterator[str]:
    """What the wall shows at the end of the last day, of contacts that are not counted yet."""
    midnight = datetime.combine(last, datetime.max.time(), ZoneInfo("Asia/Seoul"))
    for field, amount in live.sums(midnight).items():
        counted = by_day[field].get(last.isoformat(), 0)
        if field != "again" and amount != counted:
            yield f"{field} of {day_number(last)}: on the wall {amount}, counted {counted}"


def _table(*ways: Told) -> Iterator[str]:
    """Every figure, three side by side."""
    for measure in MEASURES:
        needed = fields_of((measure,))
        if not month_by_hand.FIELDS.keys() >= set(needed):
            continue
        shown = []
        for way in ways:
            fields = {name: way[name].get("", 0) for name in needed}
            value = measure.value(total(measure.numerator, fields), total(measure.denominator, fields))
            shown.append("-" if value is None else f"{value:,.3f}".rstrip("0").rstrip("."))
        yield f"{measure.en} ({measure.unit}): live {shown[0]} | recomputed {shown[1]} | by hand {shown[2]}"
