"""The addresses of reports. Roles come from the table that enforces them."""

from __future__ import annotations

from typing import Any, Final, Literal, cast

from core.store.reports import ReportSchedule
from records.report.jobs import Job
from records.routes import reports as room
from records.routes.statistics import StatisticsHouse
from server.api.records_routes import office
from server.api.routes import Answer, Given
from server.api.statistics_routes import QUESTION

_NOBODY: Final = cast(room.ReportsHouse, None)  # the table alone is looked at, nobody asks
_ROLES: Final = {
    (route.method, route.path): route.roles for route in room.report_routes(_NOBODY, cast(StatisticsHouse, None))
}
_DAY: Final = {"type": "string", "format": "date"}
_DAYS: Final = (Given("first", "First local day.", _DAY), Given("last", "Last local day, included.", _DAY))
_GONE: Final = "The report is not there (any more), or is another one's (`no_run`)."
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _route(
    method: Literal["GET", "POST"], path: str, name: str, summary: str, answer: Answer | None, **more: Any
) -> Any:
    return office(method, path, name, summary, answer, _ROLES[method, path], **more)


REPORTS: Final = (
    _route(
        "GET",
        "reports",
        "Reports",
        "Schedules, and what became of each mail.",
        Answer("All.", room.ReportsNow),
    ),
    _route(
        "GET",
        "reports/page",
        "ReportPage",
        "A report as a page that prints: without scripts, loading nothing.",
        Answer("The page.", content="text/html"),
        query=(*_DAYS, Given("department", "Only of its contacts.")),
    ),
    _route(
        "POST",
        "reports/jobs",
        "AskForReport",
        "Begin to make a report; noted in the audit log.",
        Answer("How far it is.", Job),
        sends=room.ReportOrder,
        refused="Too many are being made (`busy`).",
    ),
    _route("GET", "reports/jobs/{job}", "ReportJob", "How far a report is.", Answer("So far.", Job), missing=_GONE),
    _route("POST", "reports/jobs/{job}/stop", "StopReport", "Stop making it.", Answer("So far.", Job), missing=_GONE),
    _route(
        "GET",
        "reports/jobs/{job}/file",
        "ReportFile",
        "The report that was made.",
        Answer("PDF, workbook or page.", content="application/octet-stream"),
        missing=f"{_GONE} Or it is not made yet (`no_file`).",
    ),
    _route(
        "GET",
        "reports/table.xlsx",
        "StatisticsWorkbook",
        "What `statistics/query` answers as a workbook, with the formulas; noted in the audit log.",
        Answer("Numbers are numbers.", content=_XLSX),
        query=QUESTION,
    ),
    _route(
        "GET",
        "reports/open-data.zip",
        "OpenData",
        "Contacts of whole months by department, category and the like; small cells suppressed; noted.",
        Answer("CSV in UTF-8 and CP949, and its description as JSON.", content="application/zip"),
        query=(*_DAYS, Given("reason", "What it is for.", {"type": "string", "maxLength": 200})),
    ),
    _route(
        "POST",
        "reports/schedules",
        "KeepReportSchedule",
        "Write a schedule of reports by mail.",
        Answer("As it is kept.", ReportSchedule),
        sends=room.NewReportSchedule,
        missing="There is no such schedule.",
    ),
    _route(
        "POST",
        "reports/schedules/drop",
        "DropReportSchedule",
        "Delete a schedule.",
        None,
        sends=room.WhichSchedule,
        missing="There is no such schedule.",
    ),
    _route(
        "POST",
        "reports/schedules/trial",
        "TryReportSchedule",
        "Send it now, beside the schedule.",
        Answer("To whom.", room.TrialSent),
        sends=room.WhichSchedule,
        missing="There is no such schedule.",
        refused="The mail server refuses it, or none is configured (`mail_refused`).",
    ),
)
