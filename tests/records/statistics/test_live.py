"""This moment's figures: those of the statistics, a second earlier; whatever is counted when, and over midnight."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial
from itertools import chain

from core.store.statistics import FIELDS, ContactFacts
from records.statistics.facts import facts_of
from records.statistics.live import Live
from server.bench.simulated_contacts import SimulatedCity
from server.knowledge import sample_entries
from tests.records.statistics.lines import RULES, T0, call, lost

READ = partial(facts_of, rules=RULES)
TODAY = 20260302
UNKNOWN = {"again"}
"""What takes other contacts to tell."""


def summed(facts: list[ContactFacts], day: int = TODAY) -> dict[str, int]:
    return {name: sum(getattr(each, name) for each in facts if each.day == day) for name in FIELDS}


def without(sums: dict[str, int]) -> dict[str, int]:
    return {name: value for name, value in sums.items() if name not in UNKNOWN}


def test_live_is_what_the_cells_say_whenever_contacts_are_counted() -> None:
    dice = random.Random(4)
    contacts = list(SimulatedCity(sample_entries(), 4, contacts_a_day=250).contacts(date(2026, 3, 2), days=1))
    live = Live(RULES, target=0.8)
    counted: list[ContactFacts] = []
    waiting: list[ContactFacts] = []
    events = sorted(chain.from_iterable(c.events for c in contacts), key=lambda event: (event.at, event.seq))
    last = {contact.events[-1].call_id: contact for contact in contacts}
    for event in events:
        live.take(event)
        contact = last[event.call_id]
        if event is contact.events[-1]:
            facts = READ(contact.events)
            assert facts is not None
            waiting.append(facts)
        if waiting and dice.random() < 0.02:
            counted += waiting
            live.counted([each.contact_id for each in waiting], TODAY, summed(counted))
            waiting = []
    now = T0 + timedelta(hours=14)
    assert without(live.sums(now)) == without(summed(counted + waiting))
    figures = live.figures(now)
    assert figures.offered == summed(counted + waiting)["offered"]
    assert figures.waiting == 0
    assert figures.level_today is not None
    assert 0 < figures.level_today < 1


def test_who_waits_how_long_and_what_was_decided_within_half_an_hour() -> None:
    live = Live(RULES, target=0.8)
    for event in [*call("quick", wait=10), *call("slow", wait=50), *lost("lost", wait=100), *call("waits")[:2]]:
        live.take(event)
    now = T0 + timedelta(seconds=200)
    figures = live.figures(now)
    assert (figures.offered, figures.answered, figures.abandoned) == (4, 2, 1)
    assert (figures.waiting, figures.longest_wait_s) == (1, 195.0)
    assert figures.level_now == figures.level_today == 1 / 3
    assert (figures.asa_s, figures.target, figures.target_s) == (30.0, 0.8, 20)
    later = live.figures(now + timedelta(minutes=40))
    assert (later.level_now, later.level_today) == (None, 1 / 3)


def test_a_new_day_begins_at_nothing() -> None:
    live = Live(RULES, target=0.8)
    live.counted([], TODAY, {**dict.fromkeys(FIELDS, 0), "answered": 7})
    assert live.figures(T0).answered == 7
    tomorrow = live.figures(T0 + timedelta(days=1))
    assert (tomorrow.answered, tomorrow.asa_s, tomorrow.level_today) == (0, None, None)


def test_an_empty_house_has_figures_without_numbers() -> None:
    figures = Live(RULES, target=0.8).figures(T0)
    assert (figures.offered, figures.waiting, figures.longest_wait_s) == (0, 0, 0.0)
    assert (figures.level_now, figures.aht_s) == (None, None)


def test_what_comes_late_of_a_counted_contact_opens_it_no_second_time() -> None:
    events = call("c")
    live = Live(RULES, target=0.8)
    for event in events[:5]:
        live.take(event)
    live.counted(["c"], TODAY, {**dict.fromkeys(FIELDS, 0), "answered": 1})
    for event in events:
        live.take(event)
    assert live.figures(T0).answered == 1


def test_what_an_earlier_node_saw_is_taken_up() -> None:
    live = Live(RULES, target=0.8)
    live.resume(call("runs")[:4])
    facts = READ(call("over", wait=40))
    assert facts is not None
    live.remember([facts])
    figures = live.figures(T0 + timedelta(minutes=2))
    assert (figures.answered, figures.level_now) == (1, 0.5)
