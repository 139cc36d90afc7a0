"""The part of the consultation database's store that an import needs, in memory; it can be told to fail.

The real store has its contract's suite; this one exists to break at a batch of one's choice and to count what it gets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from core.errors import StoreFault
from core.store.knowledge import (
    Category,
    Department,
    EntryHead,
    EntryState,
    EntryVersion,
    ImportJob,
    Person,
)

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class ImportStore:
    """See ``core.store.knowledge.KnowledgeStore``."""

    def __init__(self) -> None:
        self.kept: dict[str, list[EntryVersion]] = {}
        self.batches: list[int] = []
        """Versions of each transaction."""
        self.jobs_kept: list[ImportJob] = []
        self.dies_at_batch = 0
        """The n-th transaction fails; 0 = none."""
        self._departments: dict[str, Department] = {}
        self._people: dict[str, Person] = {}
        self._categories: dict[str, Category] = {}

    async def add_versions(self, versions: Sequence[EntryVersion], *, job: ImportJob | None = None) -> None:
        if self.dies_at_batch and len(self.batches) + 1 == self.dies_at_batch:
            raise StoreFault("the disk is full")
        self.batches.append(len(versions))
        for version in versions:
            line = self.kept.setdefault(version.entry_id, [])
            line.append(msgspec.structs.replace(version, version=len(line) + 1))
        if job is not None:
            await self.put_job(job)

    async def chosen_versions(self, wanted: Mapping[str, int]) -> dict[str, EntryVersion]:
        found = {entry_id: await self.version(entry_id, number) for entry_id, number in wanted.items()}
        return {entry_id: version for entry_id, version in found.items() if version is not None}

    async def version(self, entry_id: str, number: int = 0) -> EntryVersion | None:
        line = self.kept.get(entry_id, [])
        return line[number - 1] if line else None

    async def heads(
        self, *, state: EntryState | None = None, after: str = "", limit: int = 50, **_: object
    ) -> list[EntryHead]:
        shown = [
            _head(line)
            for entry_id, line in sorted(self.kept.items())
            if entry_id > after and (line[-1].state == state if state else line[-1].state != "deleted")
        ]
        return shown[:limit]

    async def departments(self) -> list[Department]:
        return list(self._departments.values())

    async def people(self) -> list[Person]:
        return list(self._people.values())

    async def categories(self) -> list[Category]:
        return list(self._categories.values())

    async def add_records(self, records: Sequence[Department | Person | Category]) -> None:
        for record in records:
            match record:
                case Department():
                    self._departments[record.id] = record
                case Person():
                    self._people[record.id] = record
                case Category():
                    assert not record.parent_id or record.parent_id in self._categories
                    self._categories[record.id] = record

    async def put_job(self, record: ImportJob) -> None:
        self.jobs_kept = [job for job in self.jobs_kept if job.job_id != record.job_id] + [record]

    async def job(self, digest: str) -> ImportJob | None:
        return next((job for job in reversed(self.jobs_kept) if job.digest == digest), None)


def _head(line: Sequence[EntryVersion]) -> EntryHead:
    newest = line[-1]
    published = max((version.version for version in line if version.state == "published"), default=0)
    return EntryHead(
        entry_id=newest.entry_id,
        title=newest.title,
        category="",
        department_id=newest.department_id,
        department="",
        person="",
        state=newest.state,
        version=newest.version,
        published=0 if newest.state in ("deleted", "withdrawn") else published,
        expires=newest.expires,
        review_by=newest.review_by,
        updated=newest.updated,
        at=newest.at,
        by=newest.by,
    )
