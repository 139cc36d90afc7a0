"""Imports, and how far each is."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.knowledge import ImportJob
from core.store.rows_knowledge import to_row
from core.store.schema_knowledge import import_jobs
from core.store.sql_shelf import KnowledgePart


class JobsPart(KnowledgePart):
    """See ``core.store.knowledge.KnowledgeStore``."""

    async def put_job(self, record: ImportJob) -> None:
        """Insert or replace."""
        await self._database.put(import_jobs, to_row(record), "job_id")

    async def job(self, digest: str) -> ImportJob | None:
        """The newest one with that digest."""
        query = sa.select(import_jobs).where(import_jobs.c.digest == digest)
        return await self._first(ImportJob, query.order_by(import_jobs.c.at.desc(), import_jobs.c.job_id.desc()))

    async def jobs(self, limit: int = 20) -> list[ImportJob]:
        """Newest first."""
        query = sa.select(import_jobs).order_by(import_jobs.c.at.desc(), import_jobs.c.job_id.desc())
        return await self._records(ImportJob, query.limit(limit))
