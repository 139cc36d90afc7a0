"""The desk's answers about the consultation database: search, entries and their files, what she did with a card.

What she did is the house's to log; a file that was opened is logged here.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from agent_assist.desk_assist import ReportEntry, Shelves, UseCard
from agent_assist.desk_body import shown
from agent_assist.desk_house import DeskHouse
from agent_assist.desk_json import body, fault
from agent_assist.desk_messages import FoundCards, ReadEntry
from core.agent import Agent
from core.log import get_logger
from core.store.entry import Entry

log = get_logger("agent_assist.desk")

RESULTS: Final = 10
LONGEST_QUERY: Final = 100
LONGEST_SHELF: Final = 400
_FILE_HEADERS: Final = {
    "Content-Type": "application/octet-stream",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class CardAnswers:
    """See the module; the addresses are in ``desk.py``."""

    def __init__(self, house: DeskHouse) -> None:
        self._house = house

    async def search(self, request: web.Request, _agent: Agent) -> FoundCards:
        query = request.query.get("q", "").strip()[:LONGEST_QUERY]
        category = request.query.get("category", "")[:LONGEST_SHELF]
        department = request.query.get("department", "")[:LONGEST_SHELF]
        if not (query or category or department):
            return FoundCards(())
        # In a thread: a large database takes some tens of milliseconds a key, which no call shall notice.
        found = await asyncio.to_thread(self._house.search, query, RESULTS, category=category, department=department)
        return FoundCards(found)

    async def shelves(self, _request: web.Request, _agent: Agent) -> Shelves:
        return self._house.shelves()

    async def entry(self, request: web.Request, _agent: Agent) -> Any:
        entry = self._entry(request)
        if entry is None:
            return fault(404, "no_entry", "the entry is no longer in the database")
        fields = {name: getattr(entry, name) for name in entry.__struct_fields__}
        return ReadEntry(**fields, shown=shown(entry.body))

    async def attachment(self, request: web.Request, agent: Agent) -> web.StreamResponse:
        entry, file_id = self._entry(request), request.match_info["attachment_id"]
        # Only a file that the entry has: an id alone opens nothing.
        file = next((file for file in entry.attachments if file.id == file_id), None) if entry else None
        path = await self._house.attachment(file.id) if file is not None else None
        if file is None or path is None:
            return fault(404, "no_attachment", "this file is no longer kept")
        log.info("desk.attachment_opened", agent=agent.id, entry=request.match_info["entry_id"], attachment=file_id)
        name = quote(file.name, safe="")
        return web.FileResponse(
            path, headers={**_FILE_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        )

    async def used(self, request: web.Request, agent: Agent) -> None:
        use = await body(request, UseCard, '{"entry_id": "...", "deed": "accepted"}')
        await self._house.card_used(request.match_info["call_id"], agent.id, use)

    async def wrong(self, request: web.Request, agent: Agent) -> None:
        report = await body(request, ReportEntry, '{"note": "...", "version": 3, "call_id": "..."}')
        await self._house.report_entry(agent.id, request.match_info["entry_id"], report)

    def _entry(self, request: web.Request) -> Entry | None:
        return self._house.entry(request.match_info["entry_id"])
