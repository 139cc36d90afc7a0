"""The consultation database from the command line: ``minwon kb import|export|suggest`` and ``minwon db upgrade``."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from agent_assist.assistant import Assistant
from agent_assist.knowledge.columns import mapped
from agent_assist.knowledge.csv_import import read_csv
from agent_assist.knowledge.exporting import Format, exported, format_of
from agent_assist.knowledge.importing import (
    DuplicatePolicy,
    Importing,
    ImportOptions,
    ImportProgress,
    ImportReport,
    copy_in_words,
    digest_of,
    report_csv,
)
from agent_assist.knowledge.notes import no_row
from agent_assist.knowledge.tables import BYTES_LIMIT, open_table
from core.config import Config
from core.errors import BadInput, StoreFault
from core.events import Suggestion
from core.home import Home
from core.store.contract import Store
from core.store.entry import Entry
from core.store.sql_store import open_store

SAMPLE = "hanbit.csv"
"""The consultation database of the invented city, for the demo and for trying out."""
_SHOWN: Final = 40
"""Rows of each list that are printed; all of them go into ``--report``."""


class ImportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """How `kb import` was asked."""

    map: tuple[str, ...] = ()
    """'제목=title', see ``columns.mapped``."""
    sheet: str = ""
    encoding: str = ""
    duplicates: DuplicatePolicy = "report"
    dry_run: bool = False
    report: Path | None = None
    """Where every row that was left out, is to be looked at, or is a copy is written down."""


class ImportSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What `kb import` did, for scripts."""

    imported: int
    """Rows that are in the database now; ``unchanged`` among them."""
    rejected: tuple[dict[str, object], ...]
    remarks: tuple[dict[str, object], ...]
    ignored_columns: tuple[str, ...]
    dry_run: bool
    rows: int = 0
    """Of the file."""
    unchanged: int = 0
    """Said what the database said already: no new version."""
    duplicates: tuple[dict[str, object], ...] = ()
    """Entries that say the same as others: line, reason, the ids of both; ``alike`` 1.0 = word for word."""
    columns: dict[str, str] = {}
    """Column -> field."""
    file_remarks: tuple[str, ...] = ()
    resumed_at: int = 0
    """Rows that an earlier run, broken off, had imported."""
    stopped: bool = False
    """Broken off by Ctrl-C: the same command goes on."""


@asynccontextmanager
async def _store(config: Config, home: Home) -> AsyncIterator[Store]:
    store = await open_store(config.store.url, home)
    try:
        yield store
    finally:
        await store.close()


def sample_entries() -> tuple[Entry, ...]:
    """The shipped entries of the invented city."""
    return read_csv(files("agent_assist.knowledge").joinpath(SAMPLE).read_bytes()).entries


async def import_file(
    file: Path,
    config: Config,
    home: Home,
    *,
    request: ImportRequest | None = None,
    dry_run: bool = False,
    follow: Callable[[ImportProgress], None] = lambda progress: None,
) -> ImportSummary:
    """Put the file's entries into the store, batch by batch; ``follow`` is told after each.

    ``BadInput`` when it can't be used, ``StoreFault`` when the database can't: what was imported before stays, and the
    same call goes on from there. Ctrl-C ends it after the batch in hand.
    """
    how = request or ImportRequest(dry_run=dry_run)
    data = await asyncio.to_thread(_read, file)
    table = await asyncio.to_thread(open_table, file.name, data, sheet=how.sheet, encoding=how.encoding)
    mapping = mapped(table.header, how.map)
    mapping.needs_title()
    options = ImportOptions(
        source=file.name,
        digest=digest_of(data, mapping, sheet=how.sheet, encoding=how.encoding, duplicates=how.duplicates),
        duplicates=how.duplicates,
        dry_run=how.dry_run,
    )
    async with _store(config, home) as store:
        importing = Importing(table, mapping, store.knowledge, options, existing=await store.entries())
        try:
            with _stopped_by_interrupt(importing):
                async for progress in importing:
                    follow(progress)
        except StoreFault as fault:
            raise StoreFault(f"{fault} {_goes_on(importing.report.progress)}", code=fault.code) from fault
    report = importing.report
    if how.report is not None:
        await asyncio.to_thread(_write, how.report, report_csv(report))
    if report.progress.state == "done" and not report.progress.taken:
        raise no_row(report.rejected)
    return _summary(report, how.dry_run)


def _goes_on(progress: ImportProgress) -> str:
    return (
        f"{progress.done}행까지는 저장되었고, 같은 명령을 다시 주면 이어서 합니다. "
        f"/ {progress.done} rows are safe: the same command goes on from there."
    )


@contextmanager
def _stopped_by_interrupt(importing: Importing) -> Iterator[None]:
    """The first Ctrl-C lets the batch in hand end, the second one does not wait."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        importing.stop()
        loop.remove_signal_handler(signal.SIGINT)

    with suppress(RuntimeError, ValueError):  # not in the main thread: nobody presses anything there
        loop.add_signal_handler(signal.SIGINT, stop)
    try:
        yield
    finally:
        with suppress(RuntimeError, ValueError):
            loop.remove_signal_handler(signal.SIGINT)


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > BYTES_LIMIT:
            raise BadInput(
                f"{file.name}: 파일이 너무 큽니다(최대 {BYTES_LIMIT >> 20} MB). 나누어 주세요. "
                "/ The file is too large: split it."
            )
        return file.read_bytes()
    except OSError as fault:
        raise BadInput(
            f"{file}을(를) 읽을 수 없습니다({fault.strerror}). 경로를 확인해 주세요. "
            f"/ Cannot read {file} ({fault.strerror}): check the path."
        ) from fault


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as fault:
        raise BadInput(
            f"{file}에 쓸 수 없습니다({fault.strerror}). 경로와 디스크를 확인해 주세요. "
            f"/ Cannot write {file} ({fault.strerror}): check the path and the disk."
        ) from fault


def _summary(report: ImportReport, dry_run: bool) -> ImportSummary:
    progress = report.progress
    return ImportSummary(
        imported=progress.taken,
        rejected=_dicts(report.rejected),
        remarks=_dicts(report.remarks),
        ignored_columns=report.ignored_columns,
        dry_run=dry_run,
        rows=progress.rows,
        unchanged=progress.unchanged,
        duplicates=tuple({**msgspec.structs.asdict(pair), "reason": copy_in_words(pair)} for pair in report.duplicates),
        columns={column.name: column.field for column in report.mapping.columns if column.field},
        file_remarks=report.table_remarks,
        resumed_at=progress.resumed_at,
        stopped=progress.state == "stopped",
    )


def _dicts(records: Sequence[msgspec.Struct]) -> tuple[dict[str, object], ...]:
    return tuple(msgspec.structs.asdict(record) for record in records)


def in_words(summary: ImportSummary) -> str:
    """For people, Korean first."""
    verb = "가져올 수 있습니다 / can be imported" if summary.dry_run else "가져왔습니다 / imported"
    lines = [f"{summary.imported}건을 {verb}."]
    if summary.resumed_at:
        lines.append(
            f"지난번에 멈춘 {summary.resumed_at}행에서 이어서 했습니다 / went on from row {summary.resumed_at}"
        )
    if summary.unchanged:
        lines.append(f"바뀐 것이 없는 항목 / unchanged: {summary.unchanged}")
    lines += summary.file_remarks
    if summary.ignored_columns:
        lines.append(f"쓰지 않은 열 / columns not used: {', '.join(summary.ignored_columns)}")
    lists = (
        ("제외한 행 / rows left out", summary.rejected),
        ("확인할 행 / rows to look at", summary.remarks),
        ("같거나 비슷한 항목 / same or much alike", summary.duplicates),
    )
    for title, notes in lists:
        if notes:
            lines.append(f"{title}: {len(notes)}")
            lines += [f"  {note['line']}: {note['reason']}" for note in notes[:_SHOWN]]
        if len(notes) > _SHOWN:
            lines.append(f"  … 외 {len(notes) - _SHOWN}건은 --report FILE로 / the others with --report FILE")
    if summary.stopped:
        lines.append("멈췄습니다. 같은 명령을 다시 주면 이어서 합니다 / Stopped: the same command goes on from here")
    return "\n".join(lines)


@contextmanager
def progress_bar() -> Iterator[Callable[[ImportProgress], None]]:
    """Draws how far an import is on a terminal's stderr, with the time left; nothing where there is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("가져오는 중 / importing", total=None)

        def follow(progress: ImportProgress) -> None:
            bar.update(task, total=progress.rows, completed=progress.done)

        yield follow


async def export_file(file: Path | None, config: Config, home: Home, *, format: Format | None = None) -> int:
    """All entries into a file of that format, '' = by its extension, or as CSV to stdout; how many there are."""
    chosen: Format = format or (format_of(file.name) if file else "csv")
    async with _store(config, home) as store:
        entries = await store.entries()
    data = await asyncio.to_thread(exported, entries, chosen)
    if file is not None:
        await asyncio.to_thread(_write, file, data)
    elif chosen == "xlsx":
        raise BadInput("XLSX는 파일로만 내보냅니다. 파일 이름을 주세요. / XLSX needs a file: give its name.")
    else:
        sys.stdout.write(data.decode("utf-8-sig"))
    return len(entries)


async def suggester(config: Config, home: Home) -> Callable[[str], list[Suggestion]]:
    """What `kb suggest` asks: the assistant over the store's entries, or over the sample where there are none."""
    async with _store(config, home) as store:
        entries: Sequence[Entry] = await store.entries()
    if not entries:
        print("minwon: no entries yet (kb import): answering from the sample city 한빛시", file=sys.stderr)
        entries = sample_entries()
    assistant = Assistant(config.assist)
    assistant.reload(entries)
    return assistant.suggest


async def upgrade(config: Config, home: Home) -> str:
    """Open the store, which brings its schema to this version; says how many entries there are."""
    async with _store(config, home) as store:
        return f"the database is at this version's schema; {len(await store.entries())} entries"
