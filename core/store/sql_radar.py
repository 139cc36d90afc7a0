"""What the issue radar saw, and how usual its terms are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from core.store.knowledge import IssueRecord, TermRate
from core.store.rows_knowledge import to_row
from core.store.schema_knowledge import issues, term_rates
from core.store.sql_shelf import KnowledgePart


class RadarPart(KnowledgePart):
    """See ``core.store.knowledge.KnowledgeStore``."""

    async def put_issue(self, record: IssueRecord) -> None:
        """Insert or replace."""
        await self._database.put(issues, to_row(record), "issue_id")

    async def issues(self, *, limit: int = 50, before: datetime | None = None) -> list[IssueRecord]:
        """Newest first by ``since``."""
        query = sa.select(issues).order_by(issues.c.since.desc(), issues.c.issue_id.desc()).limit(limit)
        if before is not None:
            query = query.where(issues.c.since < before)
        return await self._records(IssueRecord, query)

    async def put_rates(self, rates: Sequence[TermRate]) -> None:
        """Insert or replace by (term, district, slot)."""
        if not rates:
            return
        replace = self._database.upsert(term_rates, "term", "district", "slot")
        async with self._database.writing() as connection:
            await self._database.execute_all(connection, replace, [to_row(rate) for rate in rates])

    async def rates(self) -> list[TermRate]:
        """All."""
        rate = term_rates.c
        return await self._records(TermRate, sa.select(term_rates).order_by(rate.term, rate.district, rate.slot))
