"""Waiting for what another process or thread will bring about, with a bound."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

STEP_S = 0.02


async def until(condition: Callable[[], bool], within_s: float = 10.0) -> None:
    """Return as soon as it holds; ``TimeoutError`` when it never does. For what has no event to wait on."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(STEP_S)
