"""What every page's WebSocket has in common: it ends the moment its sign-in does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from aiohttp import web

SIGN_IN_OVER: Final = 4401
"""Close code: sign in again."""


@asynccontextmanager
async def closing_when_over(socket: web.WebSocketResponse, over: asyncio.Event) -> AsyncIterator[None]:
    """Within it the socket is closed with ``SIGN_IN_OVER`` as soon as ``over`` is set: she signed out elsewhere, her
    session was revoked, or it had its time."""

    async def watch() -> None:
        await over.wait()
        with suppress(ConnectionError):
            await socket.close(code=SIGN_IN_OVER, drain=False)

    watching = asyncio.create_task(watch(), name="until signed out")
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
