"""A second message centre: the server of the library smpp34 (tokio), session and coding not of ours."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Self

import smpp34

from tests.sip.sipp import free_port


class Smpp34Centre:
    """Takes every text, and sends a receipt of each as text and parameters."""

    def __init__(self) -> None:
        self.port = free_port()
        self._server = smpp34.Server("127.0.0.1", self.port, system_id="other")
        self._sessions: dict[str, smpp34.Esme] = {}
        self._taken: list[smpp34.SubmitSmEvent] = []
        self._task: asyncio.Task[None] | None = None
        self._receipts: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._server.start()
        self._task = asyncio.create_task(self._serve())
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._task is not None
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await asyncio.gather(*self._receipts)
        await self._server.stop()

    def texts(self) -> list[str]:
        """What citizens read; long ones in parts with a user data header."""
        found: list[str] = []
        parts: dict[bytes, dict[int, bytes]] = {}
        for taken in self._taken:
            body = taken.short_message
            if not taken.esm_class & 0x40:
                found.append(body.decode("cp949"))
                continue
            mine = parts.setdefault(body[:4], {})
            mine[body[5]] = body[6:]  # in whatever order they come, as telephones take them
            if len(mine) == body[4]:
                found.append(b"".join(mine[each] for each in sorted(mine)).decode("cp949"))
                del parts[body[:4]]
        return found

    async def _serve(self) -> None:
        while True:
            event = await self._server.next()
            if isinstance(event, smpp34.Esme):
                self._sessions[event.session_id] = event
            elif isinstance(event, smpp34.SubmitSmEvent):
                self._taken.append(event)
                message_id = f"{len(self._taken):06d}"
                event.accept(message_id)
                self._receipts.add(asyncio.create_task(self._receipt(event, message_id)))

    async def _receipt(self, taken: smpp34.SubmitSmEvent, message_id: str) -> None:
        with suppress(smpp34.SmppError):  # it said goodbye before its receipt came
            await self._sessions[taken.session_id].deliver_sm(
                taken.source_addr,
                f"id:{message_id} sub:001 dlvrd:001 stat:DELIVRD err:000 Text:".encode(),
                source_addr=taken.destination_addr,
                esm_class=0x04,
            )
