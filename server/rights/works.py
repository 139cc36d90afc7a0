"""Long work that a page asked for: it runs beside calls, tells how far it is, and goes on when she leaves the page."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from core.errors import MinwonError, Refused
from core.log import get_logger
from records.routes.rights_house import Work, WorkKind

log = get_logger("server.rights.works")

AT_ONCE: Final = 4
"""Works at a time; more are refused in words."""
KEPT_S: Final = 3600.0
"""How long what came of it is kept, with its file."""
Follow = Callable[[int, int], None]
Do = Callable[[Follow, Path], Awaitable[Any]]
"""Does it; is given whom to tell how far it is, and a file that it may write."""


class Works:
    """One per node."""

    def __init__(self, folder: Path) -> None:
        """``folder``: for files that are fetched; what an earlier node left there goes."""
        self._folder = folder
        self._works: dict[str, Work] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def open(self) -> None:
        """Make the folder, empty."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in self._folder.iterdir():
            file.unlink(missing_ok=True)

    async def close(self) -> None:
        """Break off what runs."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def begin(self, kind: WorkKind, by: str, do: Do) -> Work:
        """``Refused`` ('busy') when too many run."""
        if sum(work.state == "running" for work in self._works.values()) >= AT_ONCE:
            raise Refused(
                "다른 작업이 진행 중입니다: 잠시 후 다시 하세요 / other work is running: try again", code="busy"
            )
        work = Work(work_id=secrets.token_urlsafe(12), kind=kind, by=by)
        self._works[work.work_id] = work
        self._tasks[work.work_id] = asyncio.create_task(self._run(work.work_id, do), name=f"{kind} {work.work_id}")
        return work

    def work(self, work_id: str, by: str) -> Work:
        """``Refused`` ('not_found'): there is none, or it is somebody else's."""
        found = self._works.get(work_id)
        if found is None or found.by != by:
            raise Refused("그런 작업이 없습니다 / there is no such work", code="not_found")
        return found

    def file(self, work_id: str, by: str) -> Path:
        """What it wrote. ``Refused`` ('not_found')."""
        work = self.work(work_id, by)
        file = self._file(work.work_id)
        if work.state != "done" or not file.exists():
            raise Refused("파일이 없습니다: 다시 만드세요 / there is no file: make it again", code="not_found")
        return file

    def _file(self, work_id: str) -> Path:
        return self._folder / f"{work_id}.zip"

    async def _run(self, work_id: str, do: Do) -> None:
        def follow(done: int, of: int) -> None:
            self._works[work_id] = replace(self._works[work_id], done=done, of=of)

        try:
            result = await do(follow, self._file(work_id))
            told = msgspec.to_builtins(result)
            self._works[work_id] = replace(self._works[work_id], state="done", result=told)
        except MinwonError as fault:
            self._works[work_id] = replace(self._works[work_id], state="failed", fault=str(fault))
        except Exception as fault:
            log.exception("work.failed", work=work_id, error=type(fault).__name__)
            words = "작업이 실패했습니다: 담당자에게 알려 주세요 / it failed: tell an engineer"
            self._works[work_id] = replace(self._works[work_id], state="failed", fault=words)
        asyncio.get_running_loop().call_later(KEPT_S, self._forget, work_id)

    def _forget(self, work_id: str) -> None:
        self._works.pop(work_id, None)
        self._tasks.pop(work_id, None)
        self._file(work_id).unlink(missing_ok=True)
