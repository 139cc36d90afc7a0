"""What supervisors write to an agent, and why she is away: what the desk needs of the house, and its answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aiohttp import web

from core.agent import Agent
from core.events import NoteSent


class DeskNotes(Protocol):
    """What the desk needs of the house for them."""

    @property
    def away_reasons(self) -> Sequence[str]:
        """Why one may be away: codes of the catalogue or the city's own words; empty = nobody is asked."""

    def notes(self, agent_id: str) -> Sequence[NoteSent]:
        """Those to her that she has not seen yet, the oldest first; new ones come as events."""

    async def note_seen(self, note_id: str, agent_id: str) -> None:
        """She has seen it: the wall is told. One that is not there any more is as good as seen."""


class NoteAnswers:
    """The addresses are in ``desk.py``."""

    def __init__(self, house: DeskNotes) -> None:
        self._house = house

    async def seen(self, request: web.Request, agent: Agent) -> None:
        await self._house.note_seen(request.match_info["note_id"], agent.id)
