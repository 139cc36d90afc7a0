"""The import wizard: a file comes in, its columns are chosen, its rows are looked at, then it runs; and exports."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

import msgspec
from aiohttp import web

from agent_assist.admin.entries import LONGEST_NAME, chunks
from agent_assist.admin.house import AdminHouse
from agent_assist.admin.import_runs import ImportRun, Reading, RunStarted
from agent_assist.knowledge.exporting import Format, exported
from agent_assist.knowledge.importing import DuplicatePolicy, ImportReport, report_csv
from agent_assist.knowledge.previewing import Preview
from core.agent import Agent
from core.errors import BadInput
from core.log import get_logger
from core.store.knowledge import ImportJob
from core.web.door import one_of, sent, text

log = get_logger("agent_assist.admin")

FORMATS: Final[dict[str, str]] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
NOTES: Final = 200
"""Lines of a report that the page shows; the CSV has all."""


class Uploaded(msgspec.Struct, frozen=True, kw_only=True):
    """A file has come in, and what it seems to hold."""

    upload_id: str
    """Under which it is kept."""
    name: str
    size: int
    """Bytes."""
    preview: Preview
    """Its first rows."""


class HowToRead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an uploaded file is to be read."""

    sheet: Annotated[str, msgspec.Meta(max_length=200)] = ""
    """'' = the first one with rows."""
    encoding: Annotated[str, msgspec.Meta(max_length=40)] = ""
    """'' = found out."""
    fields: Annotated[tuple[str, ...], msgspec.Meta(max_length=500)] = ()
    """One field for every column, '' = not used; none at all = guessed."""


class HowToImport(HowToRead, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """... and what is to be done with its rows."""

    duplicates: DuplicatePolicy = "report"
    """What is done with copies."""
    dry_run: bool = True
    """Only say what would be."""


class ShortReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report as far as a page shows it."""

    report: ImportReport
    """With the first lines of each list."""
    rejected: int
    """Of all."""
    remarks: int
    """Of all."""
    duplicates: int
    """Of all, with those that are not in ``report``."""


class ImportAnswers:
    """The addresses of imports and exports."""

    def __init__(self, house: AdminHouse) -> None:
        self._house = house

    async def upload(self, request: web.Request, agent: Agent) -> Uploaded:
        name = text(request, "name")
        if not 1 <= len(name) <= LONGEST_NAME:
            raise BadInput(f"파일 이름은 1~{LONGEST_NAME}자입니다 / a file name has 1 to {LONGEST_NAME} characters")
        runs = self._house.imports
        upload = await runs.take(name, chunks(request), agent.id)
        log.info("admin.uploaded", agent=agent.id, upload=upload.upload_id, size=upload.size)
        try:
            preview = await runs.preview(upload.upload_id, Reading())
        except BaseException:
            await runs.forget(upload.upload_id)  # a file that nobody can read is not kept
            raise
        return Uploaded(upload_id=upload.upload_id, name=upload.name, size=upload.size, preview=preview)

    async def preview(self, request: web.Request, _agent: Agent) -> Preview:
        given = await sent(request, HowToRead)
        reading = Reading(sheet=given.sheet, encoding=given.encoding, fields=given.fields)
        return await self._house.imports.preview(request.match_info["upload_id"], reading)

    async def start(self, request: web.Request, agent: Agent) -> RunStarted:
        given = await sent(request, HowToImport)
        reading = Reading(sheet=given.sheet, encoding=given.encoding, fields=given.fields)
        started = await self._house.imports.start(
            request.match_info["upload_id"], reading, duplicates=given.duplicates, dry_run=given.dry_run, by=agent.id
        )
        log.info("admin.import_started", agent=agent.id, run=started.run_id, dry_run=given.dry_run)
        return started

    async def run(self, request: web.Request, _agent: Agent) -> ImportRun:
        return self._house.imports.run(request.match_info["run_id"])

    async def stop(self, request: web.Request, agent: Agent) -> None:
        self._house.imports.stop(request.match_info["run_id"])
        log.info("admin.import_stopped", agent=agent.id, run=request.match_info["run_id"])

    async def report(self, request: web.Request, _agent: Agent) -> ShortReport:
        whole = self._house.imports.report(request.match_info["run_id"])
        short = msgspec.structs.replace(
            whole,
            rejected=whole.rejected[:NOTES],
            remarks=whole.remarks[:NOTES],
            duplicates=whole.duplicates[:NOTES],
        )
        return ShortReport(
            report=short,
            rejected=len(whole.rejected),
            remarks=len(whole.remarks),
            duplicates=len(whole.duplicates),
        )

    async def report_csv(self, request: web.Request, _agent: Agent) -> web.Response:
        report = self._house.imports.report(request.match_info["run_id"])
        return _saved(await asyncio.to_thread(report_csv, report), "text/csv", "import-report.csv")

    async def jobs(self, _request: web.Request, _agent: Agent) -> list[ImportJob]:
        return await self._house.knowledge.jobs()

    async def export(self, request: web.Request, agent: Agent) -> web.Response:
        kind: Format = one_of(request, "format", tuple(FORMATS)) or "csv"  # type: ignore[assignment]
        entries = await self._house.entries()
        body = await asyncio.to_thread(exported, entries, kind)
        log.info("admin.exported", agent=agent.id, entries=len(entries), format=kind)
        return _saved(body, FORMATS[kind], f"minwon-entries-{self._house.today().isoformat()}.{kind}")


def _saved(body: bytes, media_type: str, name: str) -> web.Response:
    """A file for the browser to save."""
    return web.Response(
        body=body,
        headers={
            "Content-Type": media_type,
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
