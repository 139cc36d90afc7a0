"""The purge: by itself once a day, or by ``minwon db purge``. Small steps, a pause between two: calls go first."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from core.audit import Note
from core.audit_seal import AuditSeal
from core.config import RetentionConfig
from core.errors import MinwonError, Refused
from core.events import now
from core.log import get_logger
from core.store.contract import Store
from core.store.recordings import Recording
from core.store.rights import Kind, Purged, PurgeReport, RightsStore, Step
from records.rights.terms import cutoffs, days_of, due, jumped
from server.recording.loose import files_without_row
from server.recording.shelf import RecordingShelf
from server.rights.held_pictures import HeldPictures

log = get_logger("server.rights.purge")

LINES: Final = 20
"""Lines in one transaction: some tens of milliseconds of a database."""
PAUSE_S: Final = 0.02
"""Between two transactions."""
TOLD_EVERY: Final = 25
"""Transactions, until it is told again how far it is."""
PATIENCE_S: Final = 600.0
"""A purge that has said nothing for so long has died with its node."""
SETTLE_S: Final = 60.0
"""A node that has just started has other things to do."""
STOP_S: Final = 3.0
"""So long a purge that was stopped tries to say so: the node waits for it."""
LOOK_S: Final = 300.0
"""How often it is looked whether today's purge is due."""
SWEEP_DAYS: Final = 30
"""So often everything old is gone through again: what was said late of old contacts is found."""
STEPS: Final[tuple[Step, ...]] = ("words", "texts", "records", "facts")
Told = Callable[[PurgeReport], None]


class Purging:
    """One per node."""

    def __init__(
        self,
        store: Store,
        terms: RetentionConfig,
        shelf: RecordingShelf,
        pictures: HeldPictures,
        seal: AuditSeal,
        *,
        key: Callable[[str], str],
        zone: tzinfo,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``key``: the person key of a number."""
        self.terms = terms
        self.zone = zone
        self._store = store
        self._shelf = shelf
        self._pictures = pictures
        self._seal = seal
        self._key = key
        self._clock = clock

    async def run(self) -> None:
        """A side task for as long as the node runs. What fails is told, and tried again."""
        await asyncio.sleep(SETTLE_S)
        while True:
            try:
                if self.terms.purge and await self._is_due():
                    await self.purge(by="minwon")
            except MinwonError as fault:
                log.error("purge.failed", code=fault.code, why=str(fault))
            await asyncio.sleep(LOOK_S)

    def before(self) -> Mapping[Kind, datetime]:
        """What has had its term by now."""
        return cutoffs(self.terms, self._pictures.days, self._clock(), self.zone)

    def days(self) -> Mapping[Kind, int]:
        """Terms."""
        return days_of(self.terms, self._pictures.days)

    async def purge(
        self, *, by: str, dry: bool = False, clock_is_right: bool = False, told: Told = lambda _report: None
    ) -> PurgeReport:
        """All kinds. ``Refused``: 'purge_running', 'clock'."""
        at = self._clock()
        newest = await self._store.audit.newest()
        if not clock_is_right and jumped(at, newest.at if newest is not None else None):
            raise Refused(
                "시계가 마지막 기록보다 45일 넘게 앞서 있습니다: 맞으면 minwon db purge --clock-is-right "
                "/ the clock is more than 45 days ahead of the newest note: if it is right, say --clock-is-right",
                code="clock",
            )
        report = PurgeReport(report_id=secrets.token_hex(8), begun=at, beat=at, state="running", by=by, dry=dry)
        if not await self._store.rights.begin_run(report, PATIENCE_S):
            raise Refused(
                "파기가 이미 진행 중입니다: 끝난 뒤 다시 하세요 / a purge is running: wait until it is over",
                code="purge_running",
            )
        run = _Run(report, self._store.rights, self._clock, told)
        try:
            if not dry:
                await self._store.audit.note(Note(who=by, deed="deleted", thing="retention", subject=report.report_id))
            await self._all(run)
        except BaseException:
            await self._tell_stopped(run.report)
            raise
        report = replace(run.report, state="done", beat=self._clock())
        await self._store.rights.tell_run(report)
        log.info("purge.done", report=report.report_id, dry=dry, **{each.kind: each.gone for each in report.kinds})
        return report

    async def _tell_stopped(self, report: PurgeReport) -> None:
        """What ended it goes on whether this can be told or not: a node that closes must not be held by a store that is
        locked or away. A report that says 'running' for ever is called broken off by the next purge."""
        try:
            async with asyncio.timeout(STOP_S):
                await self._store.rights.tell_run(replace(report, state="stopped", beat=self._clock()))
        except (MinwonError, TimeoutError) as fault:
            log.warning("purge.stop_not_told", report=report.report_id, why=str(fault))

    async def _all(self, run: _Run) -> None:
        before = self.before()
        await run.add(await self._audio(before["audio"], run))
        for step in STEPS:
            await run.add(await self._lines(step, before[step], run))
        if not run.report.dry:
            await self._facts_gone(before["facts"])
            await run.add(await self._store.rights.purge_loose(before=before, today=self._today(), key=self._key))
            await run.add(await self._pictures.purge(self._clock()))
            await run.add(await self._audit(before["audit"]))
            await self._store.rights.tidy()

    def _today(self) -> date:
        return self._clock().astimezone(self.zone).date()

    async def _facts_gone(self, before: datetime) -> None:
        """Rows of figures whose lines are gone, but those that are held."""
        keeping, people = await self._store.rights.kept_facts(self._today())
        day = before.astimezone(self.zone).date()
        await self._store.statistics.forget(before=day, keeping=keeping, people=people)

    async def _lines(self, step: Step, before: datetime, run: _Run) -> Purged:
        rights, today, dry = self._store.rights, self._today(), run.report.dry
        purged = Purged(kind=step, before=before)
        if not dry:
            line = ""
            while True:
                batch = await rights.purge_again(step, key=self._key, today=today, limit=LINES, after=line)
                if not batch.seen:
                    break
                purged, line = _plus(purged, batch.gone, batch.held, batch.left), batch.line
                await run.pause(purged)
            if self._today().toordinal() % SWEEP_DAYS == 0:
                await rights.sweep_again(step)
        after: tuple[datetime, str] | None = None
        while True:
            batch = await rights.purge_lines(
                step, before=before, key=self._key, today=today, limit=LINES, dry=dry, after=after
            )
            if not batch.seen or batch.at is None:
                return purged
            purged = _plus(purged, batch.gone, batch.held, batch.left)
            if dry:
                after = (batch.at, batch.line)
            await run.pause(purged)

    async def _audio(self, before: datetime, run: _Run) -> Purged:
        rights, today, dry = self._store.rights, self._today(), run.report.dry
        unless_held = partial(rights.drop_recording, key=self._key, today=today)
        purged = Purged(kind="audio", before=before)
        after: Recording | None = None
        while some := await self._shelf.store.before(before, limit=LINES, after=after):
            after = some[-1]
            held = await rights.held([each.call_id for each in some], self._key, today)
            for recording in some:
                if recording.call_id in held:
                    purged = _plus(purged, 0, 1, 0)
                elif dry or await self._shelf.delete(recording.recording_id, unless_held):
                    purged = _plus(purged, 1, 0, 0, recording.size)
                else:
                    purged = _plus(purged, 0, 0, 1)
            await run.pause(purged)
        if not dry:
            async for file in files_without_row(self._shelf):  # a node died between a row and its file
                purged = _plus(purged, 0, 0, 0, await asyncio.to_thread(_delete, file))
        return purged

    async def _audit(self, before: datetime) -> Purged:
        line = await self._store.audit.last_before(before)
        gone = 0
        if line is not None:
            gone = await self._store.audit.purge(self._seal.anchor(line.number, line.chain, self._clock()))
        return Purged(kind="audit", before=before, gone=gone)

    async def _is_due(self) -> bool:
        reports = [each for each in await self._store.rights.reports(limit=20) if not each.dry]
        over = [each.begun for each in reports if each.state in ("done", "running")]
        return due(self._clock(), max(over, default=None), self.terms.hour, self.zone)


class _Run:
    """A purge that goes on: what it has done, and who is told of it."""

    def __init__(self, report: PurgeReport, rights: RightsStore, clock: Callable[[], datetime], told: Told) -> None:
        self.report = report
        self._rights = rights
        self._clock = clock
        self._told = told
        self._steps = 0

    async def add(self, purged: Purged) -> None:
        """So far it is with this kind."""
        others = tuple(each for each in self.report.kinds if each.kind != purged.kind)
        self.report = replace(self.report, kinds=(*others, purged), beat=self._clock())
        await self._rights.tell_run(self.report)
        self._told(self.report)

    async def pause(self, purged: Purged) -> None:
        """Between two transactions; a long purge is heard of while it goes on."""
        self._steps += 1
        if self._steps % TOLD_EVERY == 0:
            await self.add(purged)
        await asyncio.sleep(PAUSE_S)


def _delete(file: Path) -> int:
    """Bytes that this gave back."""
    try:
        size = file.stat().st_size
        file.unlink()
    except FileNotFoundError:  # somebody else did
        return 0
    return size


def _plus(purged: Purged, gone: int, held: int, left: int, freed: int = 0) -> Purged:
    return replace(
        purged,
        gone=purged.gone + gone,
        held=purged.held + held,
        left=purged.left + left,
        freed=purged.freed + freed,
    )
