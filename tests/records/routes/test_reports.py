"""Reports over HTTP: made as jobs, as workbooks and pages; schedules; open data; who may, and what is noted."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from core.store.reports import ReportSchedule
from core.store.sql_store import SqlStore
from records.report.composing import Step, Wanted
from records.report.jobs import Format, Jobs, Made
from records.routes.reports import report_routes
from records.routes.route import RecordsRoute
from records.routes.statistics import statistics_routes
from records.statistics.facts import facts_of
from records.statistics.tally import KINDS
from server.reports.making import Making
from server.reports.printing import Printer
from tests.fakes.records_site import RecordsSite
from tests.records.routes.test_statistics import House
from tests.records.statistics.lines import RULES, T0, call, lost

NOW = datetime(2026, 4, 2, 3, 0, tzinfo=UTC)
MARCH = "first=2026-03-01&last=2026-03-31"
LONG = "한빛시 시민소통담당관실 민원서비스혁신팀 외국인주민지원및다문화가족정책담당 현장상담반"


KINDS_OF_CALLS = [("교통>주차", LONG)] * 7 + [("세금", "세무과")] * 8 + [("=1+1", "=SUM(A1)")]


class Reports:
    """See ``records.routes.reports.ReportsHouse``."""

    prints = False
    mails = True
    domains = ("hanbit.go.kr",)
    centre = "한빛시 민원콜센터"
    zone = RULES.zone

    def __init__(self, store: SqlStore, house: House) -> None:
        self.reports, self.statistics, self.audit = store.reports, store.statistics, house
        self.making = Making(store.statistics, Printer(""), zone=self.zone, centre=self.centre, clock=self.clock)
        self.go = asyncio.Event()
        self.go.set()
        self.jobs = Jobs(self.held)
        self.trials: list[ReportSchedule] = []

    async def held(self, wanted: Wanted, format: Format, step: Step) -> Made:
        step(1, 9)
        await self.go.wait()
        return await self.making(wanted, format, step)

    def clock(self) -> datetime:
        return NOW

    def today(self) -> date:
        return date(2026, 4, 2)

    async def made(self, wanted: Wanted, format: Format) -> Made:
        return await self.making(wanted, format)

    async def trial(self, schedule: ReportSchedule) -> tuple[str, ...]:
        self.trials.append(schedule)
        return ()


class Site(RecordsSite):
    """With statistics of March: seven of one department, eight of another, one of a third."""

    def tables(self) -> tuple[tuple[RecordsRoute, ...], ...]:
        self.house = House(self.store)
        self.reports = Reports(self.store, self.house)
        return (statistics_routes(self.house), report_routes(self.reports, self.house))


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with Site(tmp_path) as site:
        lines = [
            call(f"c{n}", agent="agent", at=T0 + timedelta(hours=n), category=category, department=department,
                 number=f"0100000{n:04}")
            for n, (category, department) in enumerate(KINDS_OF_CALLS)
        ]  # fmt: skip
        lines.append(lost("lost", at=T0))
        await site.store.append([event for line in lines for event in line])
        await site.store.statistics.count(partial(facts_of, rules=RULES), KINDS)
        yield site
        await site.reports.jobs.close()


async def finished(site: Site, job: dict[str, Any]) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while job["state"] in ("waiting", "running"):
            await asyncio.sleep(0.02)
            job = await site.get(f"reports/jobs/{job['job_id']}", by="supervisor")
    return job


async def test_a_workbook_has_numbers_korean_heads_and_the_formulas(site: Site) -> None:
    order = {"first": "2026-03-01", "last": "2026-03-31", "format": "xlsx", "reason": "월례 보고"}
    job = await finished(site, await site.post("reports/jobs", order, by="supervisor"))
    assert (job["state"], job["done"], job["name"]) == ("done", job["of"] - 1, "상담통계_2026-03-01_2026-03-31.xlsx")
    book = load_workbook(io.BytesIO(await site.get(f"reports/jobs/{job['job_id']}/file", by="supervisor")))
    assert book.sheetnames[0] == "주요 지표"
    assert book.sheetnames[-1] == "계산식"
    sheet = book["부서별"]
    head = [cell.value for cell in sheet[2]]
    assert head[:4] == ["부서", "상담 요청(건)", "응답(건)", "서비스 레벨(%)"]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=3)}
    assert rows["세무과"][1].value == 8
    assert rows["세무과"][3].number_format == "0.0%"
    assert 0 <= rows["세무과"][3].value <= 1
    assert rows["=SUM(A1)"][0].data_type == "s"
    assert LONG in rows
    assert rows["합계"][1].value == 17
    assert site.house.notes[-1].reason == "월례 보고"


async def test_the_page_is_in_official_form_and_loads_nothing(site: Site) -> None:
    page = (await site.get(f"reports/page?{MARCH}", by="supervisor")).decode()
    for part in ("결", "1. 개요", "2. 총괄", "가. 요약", "1) 상담 요청은 17건", "나. 주요 지표", "붙임", "끝."):
        assert part in page
    assert LONG in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "김하늘" not in page
    async with site.client.get(f"/records/api/reports/page?{MARCH}", headers={"X-Agent": "supervisor"}) as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


async def test_a_report_over_an_empty_day_is_carried_through(site: Site) -> None:
    page = (await site.get("reports/page?first=2020-01-01&last=2020-01-01", by="supervisor")).decode()
    assert "접수된 상담이 없음" in page
    assert "해당 없음." in page
    order = {"first": "2020-01-01", "last": "2020-01-01", "format": "xlsx"}
    assert (await finished(site, await site.post("reports/jobs", order, by="supervisor")))["state"] == "done"


async def test_without_chromium_a_pdf_fails_in_words(site: Site) -> None:
    order = {"first": "2026-03-01", "last": "2026-03-31", "format": "pdf"}
    job = await finished(site, await site.post("reports/jobs", order, by="supervisor"))
    assert job["state"] == "failed"
    assert "Chromium" in job["trouble"]
    assert (await site.ask("GET", f"reports/jobs/{job['job_id']}/file", by="supervisor"))[0] == 404


async def test_a_job_is_stopped_is_its_askers_alone_and_not_too_many_wait(site: Site) -> None:
    site.reports.go.clear()
    order = {"first": "2026-03-01", "last": "2026-03-02", "format": "html"}
    jobs = [await site.post("reports/jobs", order, by="supervisor") for _ in range(8)]
    assert (await site.ask("POST", "reports/jobs", order, by="supervisor"))[1]["code"] == "busy"
    assert (await site.ask("GET", f"reports/jobs/{jobs[0]['job_id']}", by="admin"))[0] == 404
    stopped = await site.post(f"reports/jobs/{jobs[0]['job_id']}/stop", by="supervisor")
    assert stopped["state"] == "stopped"
    site.reports.go.set()
    assert (await finished(site, await site.get(f"reports/jobs/{jobs[7]['job_id']}", by="supervisor")))[
        "state"
    ] == "done"


async def test_what_the_statistics_page_shows_as_a_workbook(site: Site) -> None:
    table = await site.get(f"reports/table.xlsx?measures=offered,asa&{MARCH}&by=agent", by="supervisor")
    sheet = load_workbook(io.BytesIO(table))["통계"]
    assert [cell.value for cell in sheet[2]] == ["구분", "상담 요청(건)", "평균 응답 시간(분:초)"]
    assert sheet["A3"].value == "김하늘"
    assert sheet["C3"].number_format == "[m]:ss"


async def test_open_data_hide_small_cells_and_those_that_would_give_them_away(site: Site) -> None:
    archive = zipfile.ZipFile(io.BytesIO(await site.get(f"reports/open-data.zip?{MARCH}", by="supervisor")))
    text = archive.read("counselling-contacts.csv").decode("utf-8-sig")
    lines = [line.split(",") for line in text.splitlines()]
    departments = {line[2]: line[3:] for line in lines if line[1] == "부서"}
    assert ["2026-03", "전체", "합계", "17", "N"] in lines
    assert departments["'=SUM(A1)"] == ["", "Y"]
    assert departments["세무과"] == ["8", "N"]
    assert departments[LONG] == ["", "Y"]  # with it, and the unknown one, the small one could be reckoned
    assert "agent" not in text and "김하늘" not in text
    assert archive.read("counselling-contacts-cp949.csv").decode("cp949").startswith("기준연월")
    told = json.loads(archive.read("metadata.json"))
    assert told["행수"] == len(lines) - 1
    assert "open data" in site.house.notes[-1].detail


async def test_open_data_are_of_whole_months_that_are_over(site: Site) -> None:
    for first, last in (("2026-03-02", "2026-03-31"), ("2026-04-01", "2026-04-30"), ("2020-01-01", "2026-03-31")):
        path = f"reports/open-data.zip?first={first}&last={last}"
        assert (await site.ask("GET", path, by="supervisor"))[0] == 400
    assert (await site.ask("GET", "reports/open-data.zip", by="supervisor"))[0] == 400


SCHEDULE = {"title": "월간", "every": "month", "hour": 8, "formats": ["pdf"], "to": ["team@hanbit.go.kr"]}


async def test_a_schedule_is_written_tried_and_deleted(site: Site) -> None:
    kept = await site.post("reports/schedules", SCHEDULE, by="supervisor")
    desk = await site.get("reports", by="supervisor")
    assert desk["schedules"][0]["schedule"] == kept
    assert desk["schedules"][0]["next"].startswith("2026-05-01T08:00:00")
    off = {**SCHEDULE, "schedule_id": kept["schedule_id"], "active": False}
    await site.post("reports/schedules", off, by="supervisor")
    assert (await site.get("reports", by="supervisor"))["schedules"][0]["next"] is None
    one = {"schedule_id": kept["schedule_id"]}
    assert await site.post("reports/schedules/trial", one, by="supervisor") == {
        "to": ["team@hanbit.go.kr"],
        "refused": [],
    }
    assert len(site.reports.trials) == 1
    await site.post("reports/schedules/drop", one, by="supervisor")
    assert (await site.ask("POST", "reports/schedules/drop", one, by="supervisor"))[0] == 404
    assert [note.deed for note in site.house.notes if note.subject] == [
        "changed",
        "changed",
        "exported",
        "deleted",
        "deleted",
    ]


async def test_a_wrong_schedule_is_refused(site: Site) -> None:
    wrong: list[dict[str, Any]] = [
        {"to": ["a@gmail.com"]},
        {"to": []},
        {"hour": 24},
        {"every": "hour"},
        {"formats": []},
    ]
    for each in (*wrong, {"schedule_id": "x"}, {"title": ""}):
        status, _ = await site.ask("POST", "reports/schedules", {**SCHEDULE, **each}, by="supervisor")
        assert status in (400, 404), each
    assert (await site.get("reports", by="supervisor"))["schedules"] == []


async def test_reports_are_the_supervisors(site: Site) -> None:
    for path in ("reports", f"reports/page?{MARCH}", f"reports/table.xlsx?{MARCH}", f"reports/open-data.zip?{MARCH}"):
        assert (await site.ask("GET", path, by="agent"))[0] == 403
        assert (await site.ask("GET", path, by=""))[0] == 401
