"""The statistics' contract, on SQLite and on a real PostgreSQL: counted once whatever comes in which order, sums that
are those of the facts, who came again, what retention leaves."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.events import CallEnded, Event, RatingGiven, RecordKept
from core.home import Home, open_home
from core.store.engine import WRITES, sync_engine
from core.store.entry import Entry
from core.store.sql_store import SqlStore, open_store
from core.store.statistics import DIMENSIONS, FIELDS, ContactFacts, Dimension, Grain, Where
from core.store.statistics_cells import month_of, values_of
from core.store.statistics_chain import with_again
from records.statistics.facts import facts_of
from records.statistics.tally import KINDS
from server.bench.simulated_contacts import SimulatedCity
from server.knowledge import sample_entries
from tests.records.statistics.lines import RULES, T0, call, line, lost

MONDAY = date(2026, 3, 2)
READ = partial(facts_of, rules=RULES)
DAY = timedelta(days=1)


@cache
def entries() -> tuple[Entry, ...]:
    return sample_entries()


async def count_all(store: SqlStore) -> int:
    """Until nothing is due; how many facts changed."""
    changed = 0
    while (counted := await store.statistics.count(READ, KINDS, limit=20)).lines:
        changed += counted.changed
    return changed


async def assert_whole(store: SqlStore, lines: Sequence[Sequence[Event]]) -> None:
    """What is kept is what follows from these lines; cells of all grains are the sums of the facts."""
    told = [facts for events in lines if (facts := READ(sorted(events, key=lambda e: e.seq))) is not None]
    wanted = with_again(told)
    days = await store.statistics.days()
    kept = {
        facts.contact_id: facts
        for facts in await store.statistics.contacts(
            first=MONDAY - 400 * DAY, last=MONDAY + 400 * DAY, having=("contacts", "calls_back"), limit=10_000
        )
    }
    assert kept == {name: facts for name, facts in wanted.items() if facts.contacts or facts.calls_back}
    assert await store.statistics.differences(READ, KINDS, [events[0].call_id for events in lines if events]) == []
    for day in days:
        assert await store.statistics.check_day(day) == []
    for month in {month_of(day) for day in days}:
        assert await store.statistics.check_month(month) == []


def summed(facts: Sequence[ContactFacts], fields: Sequence[str]) -> tuple[int, ...]:
    return tuple(sum(getattr(each, name) for each in facts) for name in fields)


# Counted once.


async def test_a_contact_counts_when_it_is_over_and_changes_when_its_line_grows(store: SqlStore) -> None:
    events = call("c", (300, RatingGiven(score=5, way="menu")))
    await store.append(events[:4])
    assert (await store.statistics.count(READ, KINDS)).lines == ()
    await store.append(events[4:5])
    assert await count_all(store) == 1
    (sums,) = await store.statistics.sums(("answered", "recorded", "rated"), first=MONDAY, last=MONDAY)
    assert sums.fields == (1, 0, 0)
    await store.append(events[5:])
    await store.append(events)
    assert await count_all(store) == 1
    (sums,) = await store.statistics.sums(("answered", "recorded", "rated"), first=MONDAY, last=MONDAY)
    assert sums.fields == (1, 1, 1)
    await assert_whole(store, [events])


async def test_a_corrected_category_moves_the_contact_to_other_cells(store: SqlStore) -> None:
    corrected = RecordKept(version=2, by="haneul", category="세금>재산세", department="세무과")
    events = call("c", (500, corrected))
    await store.append(events[:-1])
    await count_all(store)
    await store.append(events[-1:])
    await count_all(store)
    by_category = await store.statistics.sums(("answered",), first=MONDAY, last=MONDAY, by="category", under=None)
    assert [(each.value, each.fields) for each in by_category] == [("세금", (1,)), ("세금>재산세", (1,))]
    await assert_whole(store, [events])


async def test_what_was_noted_anew_while_it_was_read_is_left_for_the_next_time(store: SqlStore) -> None:
    events = call("c")
    await store.append(events[:5])
    counting = store.statistics._counting
    marks = await counting.due(10)
    told = await counting.read(READ, KINDS, marks)
    await store.append(events[5:])  # meanwhile
    assert (await counting.write(marks, told)).lines == ()
    assert await count_all(store) == 1
    await assert_whole(store, [events])


async def test_two_that_count_at_once_count_once(store: SqlStore, store_url: str, home: Home) -> None:
    lines = [call(f"c{number}", at=T0 + timedelta(minutes=number)) for number in range(30)]
    await store.append([event for events in lines for event in events])
    other = await open_store(store_url, home)
    try:
        await asyncio.gather(count_all(store), count_all(other))
    finally:
        await other.close()
    await assert_whole(store, lines)


async def test_calls_of_before_are_due_after_the_upgrade(store: SqlStore, store_url: str) -> None:
    events = call("c")
    await store.append(events)
    engine = sync_engine(sa.make_url(store_url))
    with engine.execution_options(**WRITES).begin() as connection:
        connection.execute(sa.text("DELETE FROM statistics_due"))
        connection.execute(
            sa.text(
                "INSERT INTO statistics_due (contact_id, mark) SELECT call_id, last_seq FROM calls "
                "WHERE ended IS NOT NULL"
            )
        )
    engine.dispose()
    assert await count_all(store) == 1


@settings(max_examples=6)
@given(seed=st.integers(0, 2**32))
def test_random_orders_late_events_restarts_and_double_delivery_count_the_same(seed: int) -> None:
    """Live is what is recomputed: whatever the journal, the nodes and the network do to the order of things."""
    dice = random.Random(seed)
    lines: list[list[Event]] = [
        list(contact.events)
        for contact in SimulatedCity(entries(), dice.randrange(100), contacts_a_day=8).contacts(MONDAY, days=2)
    ]
    # One person with one question, again and again: the chain that a late or corrected contact re-links.
    for number in range(dice.randint(2, 5)):
        at = T0 + timedelta(days=dice.choice((0, 1, 5, 7, 8)), minutes=number)
        kept = RecordKept(version=2, by="haneul", category=dice.choice(("교통>주차", "세금")))
        lines.append(call(f"again-{number}", *([(999.0, kept)] if dice.random() < 0.5 else []), at=at))
    lines.append(lost("lost"))
    pieces = []
    for events in lines:
        cut = sorted(dice.sample(range(len(events) + 1), min(2, len(events))))
        parts = [events[: cut[0]], events[cut[0] : cut[-1]], events[cut[-1] :]]
        pieces += [part for part in parts if part]
        if dice.random() < 0.3:
            pieces.append(dice.choice([part for part in parts if part]))
    dice.shuffle(pieces)

    async def run(home: Home) -> None:
        store = await open_store("", home)
        try:
            for piece in pieces:
                await store.append(piece)
                if dice.random() < 0.1:
                    await store.statistics.count(READ, KINDS, limit=dice.randint(1, 20))
                if dice.random() < 0.02:
                    await store.close()
                    store = await open_store("", home)
            await count_all(store)
            await assert_whole(store, lines)
        finally:
            await store.close()

    with TemporaryDirectory() as folder:
        asyncio.run(run(open_home(Path(folder) / "home")))


# Who came again.


async def test_who_comes_again_within_seven_days_was_not_helped_at_first(store: SqlStore) -> None:
    week = timedelta(days=7)
    first = call("first")
    at_the_limit = call("limit", at=T0 + week)
    too_late = call("late", at=T0 + 2 * week + timedelta(seconds=1))
    about_other = call("other", at=T0 + DAY, category="세금")
    somebody_else = call("else", at=T0 + DAY, number="01000009999")
    withheld = [call(f"w{number}", at=T0 + number * DAY, number="") for number in range(2)]
    lines = [too_late, about_other, at_the_limit, somebody_else, *withheld, first]
    for events in lines:
        await store.append(events)
        await count_all(store)
    kept = await store.statistics.contacts(first=MONDAY, last=MONDAY + 30 * DAY, having=("contacts",))
    assert {facts.contact_id for facts in kept if facts.again} == {"first"}
    assert {facts.contact_id for facts in kept if facts.settled} == {"first", "limit", "late", "other", "else"}
    unhelped = await store.statistics.contacts(first=MONDAY, last=MONDAY, having=("settled", "-again"))
    assert [facts.contact_id for facts in unhelped] == []
    corrected = RecordKept(version=2, by="haneul", category="세금")
    await store.append(line("limit", *[(0, CallEnded(reason="failed"))] * 6, (900, corrected))[-1:])
    await count_all(store)
    (sums,) = await store.statistics.sums(("again",), first=MONDAY, last=MONDAY) or [None]  # type: ignore[list-item]
    assert sums is None or sums.fields == (0,)


# Sums.


async def test_sums_from_cells_and_from_facts_are_those_of_the_contacts(store: SqlStore) -> None:
    city = SimulatedCity(entries(), 5, contacts_a_day=60)
    lines = [list(contact.events) for contact in city.contacts(date(2026, 2, 26), days=8)]
    await store.append([event for events in lines for event in events])
    await count_all(store)
    facts = list(with_again([f for events in lines if (f := READ(events)) is not None]).values())
    fields = ("contacts", "answered", "wait_ms", "talk_ms", "again", "level_in")
    first, last = date(2026, 2, 27), date(2026, 3, 4)
    inside = [f for f in facts if 20260227 <= f.day <= 20260304]

    async def check(grain: Grain, by: Dimension | None, where: Where) -> None:
        wanted: dict[tuple[int, str], list[ContactFacts]] = defaultdict(list)
        for each in inside:
            if all(any(v in values_of(each, d) for v in values) for d, values in where.items()):
                bucket = {
                    "": 0,
                    "hour": each.day * 100 + each.slot,
                    "clock": each.slot // 2,
                    "day": each.day,
                    "month": each.day // 100,
                }[grain]
                for value in values_of(each, by)[:1] if by else ("",):
                    wanted[bucket, value].append(each)
        sums = await store.statistics.sums(fields, first=first, last=last, grain=grain, by=by, where=where)
        told = {(each.bucket, each.value): each.fields for each in sums}
        assert told == {k: total for k, v in wanted.items() if any(total := summed(v, fields))}, (grain, by, where)

    grains: tuple[Grain, ...] = ("", "hour", "clock", "day", "month")
    for grain in grains:
        await check(grain, None, {})
        await check(grain, None, {"category": ["교통", "교통>버스", "세금"]})
        for by in DIMENSIONS:
            await check(grain, by, {})
        await check(grain, "category", {"department": ["주차관리과", "세무과"]})
        await check(grain, "department", {"category": ["민원서류"]})
        await check(grain, "district", {"agent": ["agent-001", "agent-002", "nobody"]})
        await check(grain, "category", {"channel": ["text"], "language": ["ko"]})


async def test_one_agents_categories_of_months_are_those_of_the_contacts(store: SqlStore) -> None:
    lines = [
        call(f"c{number}", at=T0 + days * DAY, agent=agent, category=category)
        for number, (days, agent, category) in enumerate(
            [
                (-40, "haneul", "교통>주차"),  # in January, behind the first day asked for
                (-33, "haneul", "교통"),
                (-20, "haneul", "교통>주차>단속"),
                (-15, "bada", "교통>주차"),
                (-5, "haneul", "세금"),
                (0, "haneul", "교통>버스"),
            ]
        )
    ]
    await store.append([event for events in lines for event in events])
    await count_all(store)
    await assert_whole(store, lines)
    ask = partial(store.statistics.sums, ("answered", "talk_ms"), first=MONDAY - 35 * DAY, last=MONDAY + 3 * DAY)
    hers: Where = {"agent": ["haneul"]}

    async def check() -> None:
        for under in ("", "교통", "교통>주차", None):
            for grain in ("", "month"):
                told = await ask(grain=grain, by="category", under=under, where=hers)
                assert told == await ask(grain=grain, by="category", under=under, where=hers, plain=True) != []
        for category in ("교통", "교통>주차", "세금"):
            told = await ask(by="agent", where={"category": [category]})
            assert told == await ask(by="agent", where={"category": [category]}, plain=True) != []

    await check()
    await store.statistics.rebuild_month(202602)
    await check()
    before = await ask(by="category", where=hers)
    await store.statistics.forget(before=MONDAY - 10 * DAY)
    assert await store.statistics.check_month(202602) == [], "what was forgotten is not held against the month"
    await store.statistics.rebuild_month(202602)
    (lost,) = [one.fields for one in before if one.value == "교통"]
    (left,) = [one.fields for one in await ask(by="category", where=hers) if one.value == "교통"]
    assert lost[0] - left[0] == 1, "of the day in January, which is summed from its facts"


async def test_a_category_is_opened_level_by_level(store: SqlStore) -> None:
    lines = [
        call("a", category="교통>주차>단속"),
        call("b", category="교통>주차", at=T0 + DAY),
        call("c", category="교통", at=T0 + 2 * DAY),
        call("d", category="", at=T0 + 3 * DAY),
        call("e", category="교통안전", at=T0 + 4 * DAY),
    ]
    await store.append([event for events in lines for event in events])
    await count_all(store)

    async def under(node: str | None, where: Where | None = None) -> dict[str, int]:
        sums = await store.statistics.sums(
            ("answered",), first=MONDAY, last=MONDAY + 6 * DAY, by="category", under=node, where=where
        )
        return {each.value: each.fields[0] for each in sums}

    for where in (None, {"channel": ["call"]}, {"channel": ["call"], "language": ["ko"]}):
        assert await under("", where) == {"": 1, "교통": 3, "교통안전": 1}  # type: ignore[arg-type]
        assert await under("교통", where) == {"교통": 1, "교통>주차": 2}  # type: ignore[arg-type]
        assert await under("교통>주차", where) == {"교통>주차": 1, "교통>주차>단속": 1}  # type: ignore[arg-type]
    assert await under(None) == {"": 1, "교통": 3, "교통>주차": 2, "교통>주차>단속": 1, "교통안전": 1}


async def test_a_crossing_without_cells_is_refused_for_long_spans(store: SqlStore) -> None:
    crossed: Where = {"channel": ["call"], "district": ["중앙동"]}
    ask = partial(store.statistics.sums, ("answered",), first=MONDAY, by="queue", where=crossed)
    assert await ask(last=MONDAY + 30 * DAY) == []
    with pytest.raises(Refused, match="31 days"):
        await ask(last=MONDAY + 31 * DAY)
    one_agent: Where = {**crossed, "agent": ["haneul"]}
    assert await ask(last=MONDAY + 400 * DAY, where=one_agent) == []


async def test_an_empty_day_has_no_sums(store: SqlStore) -> None:
    assert await store.statistics.sums(("answered",), first=MONDAY, last=MONDAY) == []
    assert await store.statistics.days() == []
    assert await store.statistics.check_day(20260302) == []


async def test_contacts_are_paged_newest_first(store: SqlStore) -> None:
    lines = [call(f"c{number}", at=T0 + timedelta(minutes=number // 2)) for number in range(9)]
    await store.append([event for events in lines for event in events])
    await count_all(store)
    seen: list[str] = []
    after = None
    while page := await store.statistics.contacts(
        first=MONDAY, last=MONDAY, having=("answered",), slots=(18,), after=after, limit=4
    ):
        seen += [facts.contact_id for facts in page]
        after = page[-1].day, page[-1].started, page[-1].contact_id
    assert seen == [f"c{number}" for number in reversed(range(9))]
    assert await store.statistics.contacts(first=MONDAY, last=MONDAY, having=("answered",), slots=(19,)) == []
    assert await store.statistics.contacts(first=MONDAY, last=MONDAY, having=("answered",), days=(20260301,)) == []


async def test_words_are_counted_by_contacts(store: SqlStore) -> None:
    city = SimulatedCity(entries(), 5, contacts_a_day=20, spoken=True)
    lines = [list(contact.events) for contact in city.contacts(MONDAY, days=1)]
    await store.append([event for events in lines for event in events])
    await count_all(store)
    wanted: dict[str, int] = defaultdict(int)
    for events in lines:
        facts = READ(events)
        for word in facts.words if facts is not None else ():
            wanted[word] += 1
    told = await store.statistics.words(first=MONDAY, last=MONDAY, least=2)
    assert told == {word: many for word, many in wanted.items() if many >= 2}


# Repair, and what retention leaves.


async def test_spoilt_cells_and_facts_are_found_and_mended(store: SqlStore, store_url: str) -> None:
    lines = [call(f"c{number}", at=T0 + timedelta(hours=number)) for number in range(5)]
    await store.append([event for events in lines for event in events])
    await count_all(store)
    engine = sync_engine(sa.make_url(store_url))
    with engine.execution_options(**WRITES).begin() as connection:
        connection.execute(sa.text("UPDATE statistics_cells SET answered = answered + 1 WHERE grain > 1"))
        connection.execute(sa.text("UPDATE statistics_facts SET talk_ms = 7 WHERE contact_id = 'c1'"))
        connection.execute(sa.text("DELETE FROM statistics_words"))
    engine.dispose()
    ids = [events[0].call_id for events in lines]
    (difference,) = await store.statistics.differences(READ, KINDS, ids)
    assert (difference.what, difference.field, difference.kept, difference.computed) == ("c1", "talk_ms", "7", "120000")
    assert {d.field for d in await store.statistics.check_day(20260302)} == {"answered", "talk_ms"}
    await store.statistics.recount(READ, KINDS, ids)
    await store.statistics.rebuild_day(20260302)
    await store.statistics.rebuild_month(202603)
    await assert_whole(store, lines)


async def test_facts_that_are_forgotten_leave_their_sums_and_count_no_second_time(store: SqlStore) -> None:
    old, new = call("old", (400, RatingGiven(score=1, way="menu"))), call("new", at=T0 + DAY)
    await store.append(old[:-1] + new)
    await count_all(store)
    assert await store.statistics.forget(before=MONDAY + DAY) == 1
    await store.append(old[-1:])
    counted = await store.statistics.count(READ, KINDS)
    assert (counted.lines, counted.changed, counted.late) == (("old",), 0, 1)
    sums = await store.statistics.sums(("answered", "rated"), first=MONDAY, last=MONDAY + DAY, grain="day")
    assert [(each.bucket, each.fields) for each in sums] == [(20260302, (1, 0)), (20260303, (1, 0))]


async def test_a_forgotten_person_is_in_no_fact_and_the_figures_stay(store: SqlStore) -> None:
    lines = [call("a"), call("b", at=T0 + DAY), call("c", at=T0 + 2 * DAY, number="01000007777")]
    await store.append([event for events in lines for event in events])
    await count_all(store)
    before = await store.statistics.sums(FIELDS, first=MONDAY, last=MONDAY + 5 * DAY)
    assert await store.statistics.forget_person("key-01000001234") == 2
    await store.append(call("d", at=T0 + 3 * DAY, number="01000007777"))
    await count_all(store)
    kept = await store.statistics.contacts(first=MONDAY, last=MONDAY + 5 * DAY, having=("contacts",))
    assert {facts.contact_id: facts.person for facts in kept} == {
        "a": "",
        "b": "",
        "c": "key-01000007777",
        "d": "key-01000007777",
    }
    assert {facts.contact_id for facts in kept if facts.again} == {"a", "c"}
    assert before[0].fields[FIELDS.index("answered")] == 3


async def test_what_began_lately_is_told_in_its_order(store: SqlStore) -> None:
    lines = [call(f"c{number}", at=T0 + timedelta(minutes=number)) for number in range(4)]
    await store.append([event for events in lines for event in events])
    await count_all(store)
    told = await store.statistics.began_since(T0 + timedelta(minutes=2))
    assert [facts.contact_id for facts in told] == ["c2", "c3"]
    assert await store.statistics.values("agent") == ["haneul"]
