"""What runs beside the calls of a node: one that dies takes the node's readiness with it, none vanishes unseen."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from core.log import get_logger

log = get_logger("server.app")


class SideTasks:
    """``died`` says, by name, which have ended by a fault."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self.died: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Begin one."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            self.died[task.get_name()] = "its task has died: see the log, restart the node"
            log.error("side_task.died", task=task.get_name(), error=type(fault).__name__, exc_info=fault)

    async def end(self) -> None:
        """Cancel all, and wait for them."""
        ending = list(self._tasks)
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
