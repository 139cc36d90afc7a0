"""The purge: by itself once a day, or by ``minwon db purge``. Small steps, a pause between two: calls go first."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, tzinfo
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
from core.store.rights import Kind, Purged, PurgeReport, Step
from records.rights.terms import cutoffs, days_of, due, jumped
from server.recording.loose import files_without_row
from server.recording.shelf import RecordingShelf
from server.rights.held_pictures import HeldPictures

log = get_logger("server.rights.purge")

LINES: Final = 20
"""Lines in one transaction: some tens of milliseconds of a database."""
PAUSE_S: Final = 0.02
"""Between two transactions."""
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
Add = Callable[[Purged], Awaitable[None]]
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
        try:
            if not dry:
                await self._store.audit.note(Note(who=by, deed="deleted", thing="retention", subject=report.report_id))
            report = await self._all(report, told)
        except BaseException:
            await self._tell_stopped(report)
            raise
        report = replace(report, state="done", beat=self._clock())
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

    async def _all(self, report: PurgeReport, told: Told) -> PurgeReport:
        before = self.before()

        async def add(purged: Purged) -> None:
            nonlocal report
            others = tuple(each for each in report.kinds if each.kind != purged.kind)
            report = replace(report, kinds=(*others, purged), beat=self._clock())
            await self._store.rights.tell_run(report)
            told(report)

        await add(await self._audio(before["audio"], dry=report.dry))
        for step in STEPS:
            await add(await self._lines(step, before[step], dry=report.dry, add=add))
        if not report.dry:
            await self._facts_gone(before["facts"])
            today = self._clock().astimezone(self.zone).date()
            await add(await self._store.rights.purge_loose(before=before, today=today, key=self._key))
            await add(await self._pictures.purge(self._clock()))
            await add(await self._audit(before["audit"]))
            await self._store.rights.tidy()
        return report

    async def _facts_gone(self, before: datetime) -> None:
        """Rows of figures whose lines are gone, but those that are held."""
        today = self._clock().astimezone(self.zone).date()
        keeping, people = await self._store.rights.kept_facts(today)
        day = before.astimezone(self.zone).date()
        await self._store.statistics.forget(before=day, keeping=keeping, people=people)

    async def _lines(self, step: Step, before: datetime, *, dry: bool, add: Add) -> Purged:
        rights, today = self._store.rights, self._clock().astimezone(self.zone).date()
        purged = Purged(kind=step, before=before)
        if not dry:
            line = ""
            while True:
                batch = await rights.purge_again(step, key=self._key, today=today, limit=LINES, after=line)
                if not batch.seen:
                    break
                purged, line = _plus(purged, batch.gone, batch.held, batch.left), batch.line
                await asyncio.sleep(PAUSE_S)
            if self._clock().astimezone(self.zone).toordinal() % SWEEP_DAYS == 0:
                await rights.sweep_again(step)
        after: tuple[datetime, str] | None = None
        looked = 0
        while True:
            batch = await rights.purge_lines(
                step, before=before, key=self._key, today=today, limit=LINES, dry=dry, after=after
            )
            if not batch.seen or batch.at is None:
                return purged
            purged = _plus(purged, batch.gone, batch.held, batch.left)
            if dry:
                after = (batch.at, batch.line)
            looked += 1
            if looked % 25 == 0:
                await add(purged)
            await asyncio.sleep(PAUSE_S)

    async def _audio(self, before: datetime, *, dry: bool) -> Purged:
        today = self._clock().astimezone(self.zone).date()
        purged = Purged(kind="audio", before=before)
        after: Recording | None = None
        while some := await self._shelf.store.before(before, limit=LINES, after=after):
            after = some[-1]
            held = await self._store.rights.held([each.call_id for each in some], self._key, today)
            for recording in some:
                if recording.call_id in held:
                    purged = _plus(purged, 0, 1, 0)
                elif dry or await self._drop(recording):
                    purged = _plus(purged, 1, 0, 0, recording.size)
                else:
                    purged = _plus(purged, 0, 0, 1)
            await asyncio.sleep(PAUSE_S)
        if not dry:
            async for file in files_without_row(self._shelf):  # a node died between a row and its file
                purged = _plus(purged, 0, 0, 0, file.stat().st_size)
                file.unlink(missing_ok=True)
        return purged

    async def _drop(self, recording: Recording) -> bool:
        today = self._clock().astimezone(self.zone).date()

        async def unless_held(recording_id: str) -> bool:
            return await self._store.rights.drop_recording(recording_id, self._key, today)

        return await self._shelf.delete(recording.recording_id, unless_held)

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


def _plus(purged: Purged, gone: int, held: int, left: int, freed: int = 0) -> Purged:
    return replace(
        purged,
        gone=purged.gone + gone,
        held=purged.held + held,
        left=purged.left + left,
        freed=purged.freed + freed,
    )
