"""Files that were uploaded to be imported, and imports that run. At most ``UPLOADS`` files, one import at a time.

A file lies in a folder of the home until its place is needed. An import that was broken off, by a person or by a
crash, goes on when the same file is imported in the same way: what was done stands in the store with its entries.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from agent_assist.knowledge.columns import Mapping, chosen, guess
from agent_assist.knowledge.importing import (
    DuplicatePolicy,
    Importing,
    ImportOptions,
    ImportProgress,
    ImportReport,
    digest_of,
)
from agent_assist.knowledge.previewing import Preview, preview
from agent_assist.knowledge.table import Table
from agent_assist.knowledge.tables import BYTES_LIMIT, open_table
from core.errors import BadInput, MinwonError, Refused
from core.log import get_logger
from core.store.entry import Entry
from core.store.knowledge import KnowledgeStore

log = get_logger("agent_assist.admin")

UPLOADS: Final = 4
"""Files kept; a further one takes the place of the oldest that is not being imported."""
RUNS: Final = 8
"""Finished imports whose reports are kept."""
PREVIEW_ROWS: Final = 20

RunState = Literal["running", "stopped", "done", "failed"]


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came in."""

    upload_id: str
    """Under which it is kept."""
    name: str
    size: int
    """Bytes."""
    by: str
    path: Path


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How it is read."""

    sheet: str = ""
    encoding: str = ""
    fields: tuple[str, ...] = ()
    """One for every column; none at all = guessed."""


class RunStarted(msgspec.Struct, frozen=True, kw_only=True):
    """An import has begun."""

    run_id: str
    """Under which it is asked for."""


class ImportRun(msgspec.Struct, frozen=True, kw_only=True):
    """How far an import is."""

    run_id: str
    """Under which it is asked for."""
    source: str
    """Name of the file."""
    dry_run: bool
    """Only say what would be."""
    state: RunState
    """How far it is."""
    progress: ImportProgress | None
    """None before the first batch."""
    seconds: float
    """Since it began."""
    seconds_left: float | None
    """None = nobody can say yet."""
    problem: str = ""
    """Why it failed, in words."""


class _Running:
    """One import."""

    def __init__(self, run_id: str, upload: Upload, importing: Importing, *, dry_run: bool, now: float) -> None:
        self.run_id = run_id
        self.upload = upload
        self.importing = importing
        self.dry_run = dry_run
        self.began = now
        self.ended: float | None = None
        self.progress: ImportProgress | None = None
        self.state: RunState = "running"
        self.problem = ""

    def seen(self, now: float) -> ImportRun:
        seconds = (self.ended if self.ended is not None else now) - self.began
        left = seconds_left(self.progress, seconds) if self.state == "running" else None
        return ImportRun(
            run_id=self.run_id,
            source=self.upload.name,
            dry_run=self.dry_run,
            state=self.state,
            progress=self.progress,
            seconds=round(seconds, 1),
            seconds_left=left,
            problem=self.problem,
        )


class ImportRuns:
    """All of a node. ``close`` waits for the batch in hand."""

    def __init__(
        self,
        folder: Path,
        store: KnowledgeStore,
        existing: Callable[[], Awaitable[Sequence[Entry]]],
        *,
        limit: int = BYTES_LIMIT,
    ) -> None:
        """``folder`` is ours alone: what lies there from before is deleted. ``existing``: the entries there are."""
        self.folder = folder
        self._store = store
        self._existing = existing
        self._limit = limit
        self._uploads: OrderedDict[str, Upload] = OrderedDict()
        self._table: tuple[tuple[str, str, str], Table] | None = None
        self._runs: OrderedDict[str, _Running] = OrderedDict()
        self._task: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._fresh = False

    async def take(self, name: str, chunks: AsyncIterable[bytes], by: str) -> Upload:
        """Keep a file. ``BadInput`` ('too_large', 'empty')."""
        upload_id = secrets.token_hex(8)
        path = self.folder / upload_id
        async with self._starting:
            await asyncio.to_thread(self._prepare)
        size = 0
        try:
            with await asyncio.to_thread(path.open, "xb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > self._limit:
                        raise BadInput(
                            f"파일이 너무 큽니다(최대 {self._limit >> 20} MB). 나누어 올리세요 / too large: split it",
                            code="too_large",
                        )
                    await asyncio.to_thread(file.write, chunk)
            if size == 0:
                raise BadInput("빈 파일입니다 / the file is empty", code="empty")
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        upload = Upload(upload_id=upload_id, name=name, size=size, by=by, path=path)
        self._uploads[upload_id] = upload
        for old in [one for one in self._uploads if not self._in_use(one)][: max(len(self._uploads) - UPLOADS, 0)]:
            await self.forget(old)
        return upload

    async def forget(self, upload_id: str) -> None:
        """Delete an uploaded file."""
        upload = self._uploads.pop(upload_id, None)
        if upload is not None:
            await asyncio.to_thread(upload.path.unlink, missing_ok=True)
        if self._table is not None and self._table[0][0] == upload_id:
            self._table = None

    async def preview(self, upload_id: str, reading: Reading) -> Preview:
        """Its first rows as they would be taken. ``BadInput`` in words when it can't be read."""
        table = await self._open(self._upload(upload_id), reading)
        return await asyncio.to_thread(preview, table, _mapping(table, reading), PREVIEW_ROWS)

    async def start(
        self, upload_id: str, reading: Reading, *, duplicates: DuplicatePolicy, dry_run: bool, by: str
    ) -> RunStarted:
        """Begin. ``Refused`` ('import_running') while another one runs."""
        async with self._starting:
            if self._task is not None and not self._task.done():
                raise Refused(
                    "다른 가져오기가 진행 중입니다. 끝난 뒤에 하세요 / another import is running", code="import_running"
                )
            upload = self._upload(upload_id)
            table = await self._open(upload, reading)
            mapping = _mapping(table, reading)
            mapping.needs_title()
            data = await asyncio.to_thread(upload.path.read_bytes)
            digest = await asyncio.to_thread(
                digest_of, data, mapping, sheet=reading.sheet, encoding=reading.encoding, duplicates=duplicates
            )
            options = ImportOptions(source=upload.name, digest=digest, duplicates=duplicates, dry_run=dry_run, by=by)
            importing = Importing(table, mapping, self._store, options, existing=await self._existing())
            running = _Running(secrets.token_hex(8), upload, importing, dry_run=dry_run, now=_now())
            self._runs[running.run_id] = running
            while len(self._runs) > RUNS:
                self._runs.popitem(last=False)
            self._task = asyncio.create_task(self._carry_out(running), name="import")
        return RunStarted(run_id=running.run_id)

    def run(self, run_id: str) -> ImportRun:
        """How far it is. ``Refused`` ('no_run')."""
        return self._running(run_id).seen(_now())

    def stop(self, run_id: str) -> None:
        """After the batch in hand."""
        self._running(run_id).importing.stop()

    def report(self, run_id: str) -> ImportReport:
        """So far; whole when it is over."""
        return self._running(run_id).importing.report

    async def close(self) -> None:
        """Stop after the batch in hand."""
        for running in self._runs.values():
            running.importing.stop()
        if self._task is not None:
            await self._task

    async def _carry_out(self, running: _Running) -> None:
        try:
            async for progress in running.importing:
                running.progress = progress
                running.state = progress.state
        except MinwonError as trouble:
            running.state, running.problem = "failed", str(trouble)
            log.error("admin.import_failed", run=running.run_id, code=trouble.code, reason=str(trouble))
        except Exception as fault:  # a bug of ours: the page must not wait for ever
            running.state = "failed"
            running.problem = (
                "알 수 없는 오류입니다. 시스템 담당자에게 알려 주세요 / an error of the program: tell the engineer"
            )
            log.error("admin.import_failed", run=running.run_id, code="bug", reason=repr(fault))
        finally:
            running.ended = _now()
            if running.state == "running":
                running.state = "stopped"
        log.info("admin.import_over", run=running.run_id, state=running.state)

    def _in_use(self, upload_id: str) -> bool:
        return any(one.upload.upload_id == upload_id and one.state == "running" for one in self._runs.values())

    def _upload(self, upload_id: str) -> Upload:
        if (upload := self._uploads.get(upload_id)) is None:
            raise Refused("올린 파일이 이제 없습니다. 다시 올리세요 / upload the file again", code="no_upload")
        return upload

    def _running(self, run_id: str) -> _Running:
        if (running := self._runs.get(run_id)) is None:
            raise Refused("그런 가져오기가 없습니다 / there is no such import", code="no_run")
        return running

    async def _open(self, upload: Upload, reading: Reading) -> Table:
        """The file as a table; the one that was read last is kept, for columns are chosen many times."""
        key = (upload.upload_id, reading.sheet, reading.encoding)
        if self._table is None or self._table[0] != key:
            data = await asyncio.to_thread(upload.path.read_bytes)
            table = await asyncio.to_thread(
                open_table, upload.name, data, sheet=reading.sheet, encoding=reading.encoding
            )
            self._table = (key, table)
        return self._table[1]

    def _prepare(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._fresh:  # what a node before has left: nobody knows its id any more
            self._fresh = True
            for file in self.folder.iterdir():
                file.unlink(missing_ok=True)


def seconds_left(progress: ImportProgress | None, seconds: float) -> float | None:
    """By the rate so far; rows that an earlier run had done took no time."""
    if progress is None or progress.done <= progress.resumed_at:
        return None
    return round((progress.rows - progress.done) * seconds / (progress.done - progress.resumed_at), 1)


def _mapping(table: Table, reading: Reading) -> Mapping:
    return chosen(table.header, reading.fields) if reading.fields else guess(table.header)


def _now() -> float:
    return asyncio.get_running_loop().time()
