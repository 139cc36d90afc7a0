"""A whole node without speech: no decode workers, no samplers. For tests of everything that is not heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from stt.contract import Heard


class NoWorkers:
    """A decode pool that hears nothing."""

    language = "ko"

    def __init__(self, *_: Any, **__: Any) -> None: ...

    async def __aenter__(self) -> NoWorkers:
        return self

    async def __aexit__(self, *exc: object) -> None: ...

    def state(self) -> Any:
        raise AssertionError("nobody asks in these tests")


async def deaf(frames: AsyncIterator[Any], *_: Any, **__: Any) -> AsyncIterator[Heard]:
    """What a call's listener hears: nothing."""
    async for _frame in frames:
        pass
    nothing: tuple[Heard, ...] = ()
    for heard in nothing:
        yield heard


def hush(patch: pytest.MonkeyPatch) -> None:
    """Nodes of this test have no speech."""
    patch.setattr("stt.pools.DecodePool", NoWorkers)
    patch.setattr("stt.pools.Pools._check_memory", lambda _self: None)
    patch.setattr("server.app.listen", deaf)
    patch.setattr("server.app.Sampler.run", lambda _self: asyncio.sleep(0))
    patch.setattr("server.app.notice_deafness", lambda *_: asyncio.sleep(0))
