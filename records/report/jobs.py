"""Reports that are being made, one at a time for everybody: how far each is, and what came out. All in memory.

A report is made within seconds; whoever asked sees it grow, may stop it, and fetches it while it is kept.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Final, Literal

import msgspec

from core.errors import MinwonError, Refused
from core.log import get_logger
from core.store.ids import new_id
from records.report.composing import Step, Wanted

log = get_logger("records.report")

WAITING: Final = 8
"""Reports that may be asked for and not be done; a further one is refused."""
KEPT: Final = 8
"""Finished ones, each a few megabytes at most; the oldest goes first."""
Format = Literal["pdf", "xlsx", "html"]
KINDS: Final[Mapping[Format, str]] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
}
"""Media types."""
State = Literal["waiting", "running", "done", "failed", "stopped"]


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A report as a file."""

    name: str
    """As it is saved."""
    kind: str
    """Its media type."""
    body: bytes


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """How far a report is."""

    job_id: str
    """Under which it is asked for."""
    format: Format
    """What it becomes."""
    first: date
    """First day that it is about."""
    last: date
    """Last one."""
    state: State = "waiting"
    """Where it stands."""
    done: int = 0
    """Steps that are done."""
    of: int = 0
    """Steps in all, 0 = not known yet."""
    trouble: str = ""
    """Why it failed, in words."""
    name: str = ""
    """Of the file, once it is there."""


Make = Callable[[Wanted, Format, Step], Awaitable[Made]]


class Jobs:
    """Asked for, made, fetched."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._turn = asyncio.Semaphore(1)
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._owners: dict[str, str] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._made: dict[str, Made] = {}

    def ask(self, wanted: Wanted, format: Format, owner: str) -> Job:
        """Begin one. ``Refused`` ('busy') when too many wait."""
        if len(self._tasks) >= WAITING:
            raise Refused("만드는 보고서가 많습니다. 잠시 뒤에 하세요 / too many reports are being made", code="busy")
        job = Job(job_id=new_id(), format=format, first=wanted.first, last=wanted.last)
        self._jobs[job.job_id], self._owners[job.job_id] = job, owner
        task = asyncio.create_task(self._run(job.job_id, wanted), name=f"report {job.job_id}")
        self._tasks[job.job_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(job.job_id, None))
        self._forget()
        return job

    def job(self, job_id: str, owner: str) -> Job:
        """One of hers. ``Refused`` ('no_run') when it is not there (any more)."""
        if self._owners.get(job_id) != owner:
            raise Refused("그 보고서는 이제 없습니다. 다시 만드세요 / it is gone, make it again", code="no_run")
        return self._jobs[job_id]

    def stop(self, job_id: str, owner: str) -> Job:
        """Not wanted any more."""
        job = self.job(job_id, owner)
        if task := self._tasks.get(job_id):
            self._change(job_id, state="stopped")
            task.cancel()
        return self._jobs.get(job_id, job)

    def file(self, job_id: str, owner: str) -> Made:
        """What came out. ``Refused`` ('no_file') when nothing did."""
        self.job(job_id, owner)
        if job_id not in self._made:
            raise Refused("아직 만들어지지 않았습니다 / it is not made yet", code="no_file")
        return self._made[job_id]

    async def close(self) -> None:
        """Stop what runs."""
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _run(self, job_id: str, wanted: Wanted) -> None:
        async with self._turn:
            self._change(job_id, state="running")
            try:
                made = await self._make(
                    wanted, self._jobs[job_id].format, lambda done, of: self._change(job_id, done=done, of=of)
                )
            except MinwonError as fault:
                self._change(job_id, state="failed", trouble=str(fault))
            except Exception:
                log.exception("report.failed", job=job_id)
                self._change(job_id, state="failed", trouble="보고서를 만들지 못했습니다 / it could not be made")
            else:
                self._made[job_id] = made
                self._change(job_id, state="done", name=made.name)

    def _change(self, job_id: str, **changes: object) -> None:
        self._jobs[job_id] = msgspec.structs.replace(self._jobs[job_id], **changes)

    def _forget(self) -> None:
        over = [job_id for job_id, job in self._jobs.items() if job.state not in ("waiting", "running")]
        for job_id in over[: max(0, len(over) - KEPT)]:
            self._jobs.pop(job_id, None)
            self._owners.pop(job_id, None)
            self._made.pop(job_id, None)
