"""Agents' time over HTTP: hers, or of whom she oversees; noted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from core.audit import Note
from core.store.floor import AgentTime
from core.store.sql_store import SqlStore
from records.routes.agent_time import agent_time_routes
from records.routes.route import RecordsRoute
from tests.fakes.records_site import RecordsSite


class House:
    """See ``records.routes.agent_time.AgentTimeHouse``."""

    def __init__(self, store: SqlStore) -> None:
        self.floor = store.floor
        self.audit = self
        self.notes: list[Note] = []

    async def note(self, note: Note) -> None:
        self.notes.append(note)

    def today(self) -> date:
        return date(2026, 3, 3)

    def names(self) -> Mapping[str, str]:
        return {"agent": "김하늘", "second": "이바다"}


class Site(RecordsSite):
    """With two agents' two days."""

    def tables(self) -> tuple[tuple[RecordsRoute, ...], ...]:
        self.house = House(self.store)
        return (agent_time_routes(self.house),)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site(tmp_path) as site:
        await site.store.floor.add_times(
            [
                AgentTime(day=20260302, agent_id="agent", state="ready", ms=3_600_000),
                AgentTime(day=20260303, agent_id="agent", state="talking", ms=1_800_000),
                AgentTime(day=20260303, agent_id="agent", state="away", reason="lunch", ms=600_000),
                AgentTime(day=20260303, agent_id="second", state="ready", ms=60_000),
            ]
        )
        yield site


SPAN = "statistics/agent-time?first=2026-03-02&last=2026-03-03"


async def test_a_supervisor_sees_all_and_it_is_noted(site: Site) -> None:
    told = await site.get(SPAN, by="supervisor")
    assert [(line["name"], line["occupancy"]) for line in told["lines"]] == [("김하늘", 33.33), ("이바다", 0.0)]
    assert told["lines"][0]["away"] == {"lunch": 600.0}
    assert told["total"]["staffed_s"] == 5460.0
    assert told["measures"][0]["formula_ko"]
    assert [note.detail for note in site.house.notes] == ["time of agents 2026-03-02 .. 2026-03-03"]
    by_day = await site.get(f"{SPAN}&cut=day&agent=agent", by="supervisor")
    assert [line["day"] for line in by_day["lines"]] == [20260302, 20260303]
    assert len((await site.get("statistics/agent-time", by="supervisor"))["lines"]) == 2, "today"


async def test_an_agent_sees_her_own_and_a_teams_supervisor_her_team(site: Site) -> None:
    for by in ("agent", "lead"):
        assert [line["agent"] for line in (await site.get(SPAN, by=by))["lines"]] == ["agent"]
        assert (await site.ask("GET", f"{SPAN}&agent=second", by=by))[1]["code"] == "not_allowed"
    assert (await site.ask("GET", SPAN, by="editor"))[0] == 403


async def test_too_many_days_are_refused_in_words(site: Site) -> None:
    for query in ("first=2024-01-01", "first=2025-12-01&cut=day", "first=2026-03-05&last=2026-03-04"):
        status, fault = await site.ask("GET", f"statistics/agent-time?{query}", by="supervisor")
        assert (status, fault.get("code")) == (400, "too_wide"), query
