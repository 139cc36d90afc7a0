"""The consultation database from the command line: ``minwon kb import|export|suggest`` and ``minwon db upgrade``."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

import msgspec

from agent_assist.assistant import Assistant
from agent_assist.knowledge.csv_import import ImportReport, read_csv
from core.config import Config
from core.errors import BadInput
from core.events import Suggestion
from core.home import Home
from core.store.contract import Entry, Store
from core.store.sql_store import open_store

SAMPLE = "hanbit.csv"
"""The consultation database of the invented city, for the demo and for trying out."""
COLUMNS = ("번호", "제목", "분류", "부서", "담당자", "대직자", "전화", "절차", "본문", "키워드", "문자", "수정일")


class ImportSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What `kb import` did, for scripts."""

    imported: int
    rejected: tuple[dict[str, object], ...]
    remarks: tuple[dict[str, object], ...]
    ignored_columns: tuple[str, ...]
    dry_run: bool


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


async def import_file(file: Path, config: Config, home: Home, *, dry_run: bool) -> ImportSummary:
    """Read the file and put its entries into the store, all or none. ``BadInput`` when it can't be used."""
    report = read_csv(_read(file))
    if not dry_run:
        async with _store(config, home) as store:
            await store.put_entries(report.entries)
    return _summary(report, dry_run)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise BadInput(f"cannot read {file} ({fault.strerror}): check the path") from fault


def _write(file: Path, table: str) -> None:
    try:
        file.write_text(table, "utf-8-sig", newline="")
    except OSError as fault:
        raise BadInput(f"cannot write {file} ({fault.strerror}): check the path and the disk") from fault


def _summary(report: ImportReport, dry_run: bool) -> ImportSummary:
    return ImportSummary(
        imported=len(report.entries),
        rejected=tuple(msgspec.structs.asdict(note) for note in report.rejected),
        remarks=tuple(msgspec.structs.asdict(note) for note in report.remarks),
        ignored_columns=report.ignored_columns,
        dry_run=dry_run,
    )


def in_words(summary: ImportSummary) -> str:
    """For people, Korean first."""
    verb = "가져올 수 있습니다 / can be imported" if summary.dry_run else "가져왔습니다 / imported"
    lines = [f"{summary.imported}건을 {verb}."]
    if summary.ignored_columns:
        lines.append(f"쓰지 않은 열 / columns not used: {', '.join(summary.ignored_columns)}")
    lists = (("제외한 행 / rows left out", summary.rejected), ("확인할 행 / rows to look at", summary.remarks))
    for title, notes in lists:
        if notes:
            lines.append(f"{title}: {len(notes)}")
            lines += [f"  {note['line']}: {note['reason']}" for note in notes]
    return "\n".join(lines)


async def export_file(file: Path | None, config: Config, home: Home) -> None:
    """All entries as CSV with a byte-order mark, so that a spreadsheet reads the Korean."""
    async with _store(config, home) as store:
        table = as_csv(await store.entries())
    if file is None:
        sys.stdout.write(table)
    else:
        _write(file, table)


def as_csv(entries: Sequence[Entry]) -> str:
    """The table that `kb import` reads back to the same entries."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows(_row(entry) for entry in entries)
    return text.getvalue()


def _row(entry: Entry) -> tuple[str, ...]:
    return (
        entry.id,
        entry.title,
        entry.category,
        entry.department,
        entry.person,
        entry.deputy,
        entry.phone,
        " / ".join(entry.procedure),
        entry.body,
        ";".join(entry.keywords),
        entry.message,
        entry.updated.isoformat() if entry.updated else "",
    )


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
