"""What was counted is counted still when words, records and contacts are gone (docs/rights.md): recomputing agrees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from core.config import StatisticsConfig
from core.store.contract import Store
from records.statistics.facts import Rules
from server.bench.simulated_contacts import SimulatedCity
from server.counting import Counter
from server.knowledge import sample_entries
from server.recomputing import in_words, recompute
from server.statistics_parts import rules_of
from tests.fakes.records import KEYS
from tests.fakes.rights_site import RightsSite

AGES: Final = (120, 75, 45, 10)
"""Days ago: past every term, past that of records, past that of words, past none."""
FIELDS: Final = ("offered", "answered", "abandoned", "texts")


async def sums(store: Store, days: tuple[int, int]) -> list[tuple[int, ...]]:
    today = datetime.now(UTC).date()
    first, last = (today - timedelta(days=days[0] + 2), today - timedelta(days=days[1] - 2))
    return [each.fields for each in await store.statistics.sums(FIELDS, first=first, last=last, grain="day")]


async def agrees(store: Store, rules: Rules) -> int:
    told = await recompute(store.statistics, rules, check=True)
    assert told.differing == 0, in_words(told)
    return told.contacts


async def test_counted_purged_and_recomputed_there_is_no_difference(tmp_path: Path) -> None:
    async with RightsSite(tmp_path) as site:
        store, purging = site.store, site.parts.purging
        purging.terms = replace(
            purging.terms, words_days=30, texts_days=30, records_days=60, facts_days=90, audit_days=1095
        )
        rules = replace(rules_of(StatisticsConfig(), KEYS), words=lambda text: tuple(text.split()))
        city = SimulatedCity(sample_entries(), 8, contacts_a_day=16, spoken=True)
        today = datetime.now(UTC).date()
        contacts = [one for age in AGES for one in city.contacts(today - timedelta(days=age), days=1)]
        for contact in contacts:
            await store.append(contact.events)
        assert await Counter(store.statistics, rules, every_s=1).catch_up()
        counted = await sums(store, (AGES[0], AGES[-1]))
        assert await agrees(store, rules) == len(contacts) >= 24

        report = await purging.purge(by="han")

        gone = {each.kind: each.gone for each in report.kinds}
        assert gone["words"] >= gone["records"] >= gone["facts"] > 0
        left = [contact.contact_id for contact in contacts if await store.events(contact.contact_id)]
        assert 0 < len(left) == len(contacts) - gone["facts"]
        said = [str(event) for name in left for event in await store.events(name)]
        numbers = {contact.number for contact in contacts[: gone["records"]]} - {""}
        assert numbers and not any(number in line for number in numbers for line in said)
        assert await agrees(store, rules) == len(left)
        assert await sums(store, (AGES[0], AGES[-1])) == counted
