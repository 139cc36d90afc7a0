"""Time and rights in SQLite or PostgreSQL: legal holds, the purge and its reports, one person's data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from core.store.rights import Purged, PurgeReport
from core.store.schema_rights import reports
from core.store.sql_holds import LOCK
from core.store.sql_person import PersonPart


class SqlRights(PersonPart):
    """See ``core.store.rights.RightsStore``; ``SqlStore.rights`` is one."""

    async def begin_run(self, report: PurgeReport, patience_s: float) -> bool:
        """See ``RightsStore``."""
        async with self._database.writing(alone=LOCK) as connection:
            running = sa.select(reports).where(reports.c.state == "running")
            for other in [_report(row) for row in await connection.execute(running)]:
                if report.beat - other.beat < timedelta(seconds=patience_s):
                    return False
                await connection.execute(
                    self._database.upsert(reports, "report_id"), _row(replace(other, state="broken_off"))
                )
            await connection.execute(self._database.upsert(reports, "report_id"), _row(report))
            return True

    async def tell_run(self, report: PurgeReport) -> None:
        """See ``RightsStore``."""
        await self._database.put(reports, _row(report), "report_id")

    async def reports(self, *, limit: int = 100) -> list[PurgeReport]:
        """See ``RightsStore``."""
        query = sa.select(reports).order_by(reports.c.begun.desc(), reports.c.report_id.desc()).limit(limit)
        async with self._database.reading() as connection:
            return [_report(row) for row in await connection.execute(query)]


def _row(report: PurgeReport) -> dict[str, Any]:
    return msgspec.structs.asdict(report) | {"kinds": msgspec.json.encode(report.kinds).decode()}


def _report(row: Any) -> PurgeReport:
    values = dict(row._mapping)
    return PurgeReport(**values | {"kinds": msgspec.json.decode(values["kinds"], type=tuple[Purged, ...])})
