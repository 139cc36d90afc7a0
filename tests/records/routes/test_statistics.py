"""Statistics over HTTP: figures and the contacts behind them, tables, who sees whose, what is noted, bad questions."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from core.audit import Note
from core.store.sql_store import SqlStore
from records.routes.route import RecordsRoute
from records.routes.statistics import statistics_routes
from records.statistics.facts import facts_of
from records.statistics.live import Live, LiveFigures
from records.statistics.tally import KINDS
from tests.fakes.records_site import RecordsSite
from tests.records.statistics.lines import RULES, T0, call, lost


class House:
    """See ``records.routes.statistics.StatisticsHouse``."""

    def __init__(self, store: SqlStore) -> None:
        self.statistics = store.statistics
        self.audit = self
        self.zone = RULES.zone
        self.notes: list[Note] = []

    async def note(self, note: Note) -> None:
        self.notes.append(note)

    def today(self) -> date:
        return date(2026, 3, 4)

    def names(self) -> Mapping[str, str]:
        return {"agent": "김하늘", "second": "=이바다"}

    def live(self) -> LiveFigures:
        return Live(RULES, target=0.8).figures(T0)


class Site(RecordsSite):
    """With statistics of three days."""

    def tables(self) -> tuple[tuple[RecordsRoute, ...], ...]:
        self.house = House(self.store)
        return (statistics_routes(self.house),)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site(tmp_path) as site:
        day = timedelta(days=1)
        lines = [
            call("a", agent="agent", wait=10),
            call("b", agent="second", wait=40, at=T0 + timedelta(minutes=5), number="01000000002"),
            call("c", agent="agent", at=T0 + day, category="세금", department="세무과", number="01000000003"),
            lost("d", at=T0 + day),
            call("e", agent="agent", at=T0 - 7 * day, number="01000000004"),
        ]
        await site.store.append([event for line in lines for event in line])
        await site.store.statistics.count(partial(facts_of, rules=RULES), KINDS)
        yield site


SPAN = "first=2026-03-02&last=2026-03-03"


async def test_figures_by_day_compared_with_last_week(site: Site) -> None:
    told = await site.get(
        f"statistics/query?measures=answered,service_level,asa&{SPAN}&cut=day&compare=week", by="supervisor"
    )
    assert [(line["bucket"], line["figures"][0]["value"]) for line in told["lines"]] == [
        ("2026-03-02", 2.0),
        ("2026-03-03", 1.0),
    ]
    assert told["lines"][0]["figures"][1] == {"value": 50.0, "numerator": 1, "denominator": 2}
    assert told["lines"][0]["before"][0]["value"] == 1.0
    assert told["lines"][1]["before"][2]["value"] is None
    assert told["total"]["figures"][0]["value"] == 3.0
    assert told["compared"] == {"first": "2026-02-23", "last": "2026-02-24"}
    assert told["measures"][1]["formula_ko"]


async def test_every_figure_opens_its_contacts(site: Site) -> None:
    ask = f"statistics/contacts?{SPAN}&measure=service_level"
    upper = await site.get(ask, by="supervisor")
    lower = await site.get(f"{ask}&part=denominator&bucket=2026-03-02", by="supervisor")
    assert [each["contact_id"] for each in upper["contacts"]] == ["c", "a"]
    assert [each["contact_id"] for each in lower["contacts"]] == ["b", "a"]
    assert {each["person"] for each in upper["contacts"]} == {""}
    first = await site.get(f"{ask}&part=denominator&limit=3", by="supervisor")
    rest = await site.get(f"{ask}&part=denominator&limit=3&after={quote(first['next'])}", by="supervisor")
    assert [each["contact_id"] for page in (first, rest) for each in page["contacts"]] == ["d", "c", "b", "a"]
    assert rest["next"] == ""


async def test_a_supervisor_of_a_team_sees_her_agents_and_the_house(site: Site) -> None:
    ask = f"statistics/query?measures=answered&{SPAN}"
    assert (await site.get(ask, by="lead"))["total"]["figures"][0]["value"] == 3.0, "no agent can be told apart"
    by_agent = await site.get(f"{ask}&by=agent", by="lead")
    assert {line["value"] for line in by_agent["lines"] if line["figures"][0]["value"]} == {"agent"}
    status, fault = await site.ask("GET", f"{ask}&agent=second", by="lead")
    assert (status, fault["code"]) == (403, "not_allowed")
    behind = await site.get(f"statistics/contacts?{SPAN}&measure=answered", by="lead")
    assert [each["contact_id"] for each in behind["contacts"]] == ["c", "a"]
    assert (await site.get("statistics/values?dimension=agent", by="lead"))["values"].count("second") == 0


async def test_an_agent_sees_her_own_and_nobody_elses(site: Site) -> None:
    ask = f"statistics/query?measures=answered&{SPAN}"
    hers = await site.get(f"{ask}&by=agent", by="agent")
    assert [(line["value"], line["figures"][0]["value"]) for line in hers["lines"]] == [("", 2.0)]
    status, fault = await site.ask("GET", f"{ask}&agent=second", by="agent")
    assert (status, fault["code"]) == (403, "not_allowed")
    behind = await site.get(f"statistics/contacts?{SPAN}&measure=answered", by="agent")
    assert {each["agent"] for each in behind["contacts"]} == {"agent"}
    assert (await site.get("statistics/values?dimension=agent", by="agent"))["values"] == ["agent"]
    assert (await site.ask("GET", "statistics/rising", by="agent"))[0] == 403
    assert (await site.ask("GET", ask, by=""))[0] == 401
    everybody = await site.get(f"{ask}&by=agent", by="supervisor")
    assert [line["value"] for line in everybody["lines"]] == ["agent", "second"]
    assert everybody["labels"]["agent"] == "김하늘"


async def test_who_looked_at_agents_contacts_and_tables_is_noted(site: Site) -> None:
    await site.get(f"statistics/query?measures=answered&{SPAN}", by="supervisor")
    assert site.house.notes == []
    await site.get(f"statistics/query?measures=answered&{SPAN}&by=agent", by="supervisor")
    await site.get(f"statistics/query.csv?measures=answered&{SPAN}", by="supervisor")
    await site.get(f"statistics/contacts?measure=answered&{SPAN}", by="supervisor")
    assert [(note.who, note.deed, note.thing) for note in site.house.notes] == [
        ("supervisor", "saw", "statistics"),
        ("supervisor", "exported", "statistics"),
        ("supervisor", "searched", "statistics"),
    ]


async def test_a_table_opens_in_a_spreadsheet_and_runs_nothing_there(site: Site) -> None:
    body = await site.get(f"statistics/query.csv?measures=asa&{SPAN}&by=agent", by="supervisor")
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert rows[0] == ["구간", "값", "평균 응답 시간", "평균 응답 시간 ÷↑", "평균 응답 시간 ÷↓"]
    assert rows[1:] == [
        ["", "김하늘", "10.0", "20000", "2"],
        ["", "'=이바다", "40.0", "40000", "1"],
        ["합계", "", "20.0", "60000", "3"],
    ]


async def test_an_empty_day_is_carried_through(site: Site) -> None:
    told = await site.get("statistics/query?measures=answered,asa&first=2026-01-01&last=2026-01-01&cut=clock")
    assert len(told["lines"]) == 24
    assert told["total"]["figures"] == [
        {"value": 0.0, "numerator": 0, "denominator": 0},
        {"value": None, "numerator": 0, "denominator": 0},
    ]
    by = await site.get("statistics/query?measures=answered&first=2026-01-01&last=2026-01-01&by=department")
    assert by["lines"] == []
    assert (await site.get("statistics/rising", by="supervisor"))["enough"] is False


async def test_provisional_days_and_others_in_one_line(site: Site) -> None:
    told = await site.get(f"statistics/query?measures=answered,fcr&{SPAN}&by=department&most=1", by="supervisor")
    assert told["provisional_from"] == "2026-02-25"
    assert [(line["value"], line["figures"][0]["value"]) for line in told["lines"]] == [("주차관리과", 2.0), ("*", 1.0)]


@pytest.mark.parametrize(
    "wrong",
    [
        "query?measures=happiness",
        "query?measures=",
        "query?measures=answered&cut=minute",
        "query?measures=answered&by=weather",
        "query?measures=answered&first=yesterday",
        "query?measures=answered&first=2026-03-04&last=2026-03-03",
        "contacts?measure=answered&bucket=soon",
        "contacts?measure=answered&after=x",
        "values",
        "rising?first=2020-01-01&last=2026-03-01",
    ],
)
async def test_bad_questions_are_refused_in_words(site: Site, wrong: str) -> None:
    status, fault = await site.ask("GET", f"statistics/{wrong}", by="supervisor")
    assert status == 400, fault
    assert " / " in fault["message"]


async def test_what_can_be_asked_and_how_it_stands_now(site: Site) -> None:
    assert {each["id"] for each in (await site.get("statistics/measures"))["measures"]} >= {"fcr", "aht", "containment"}
    assert (await site.get("statistics/live"))["waiting"] == 0
    assert "세무과" in (await site.get("statistics/values?dimension=department"))["values"]
