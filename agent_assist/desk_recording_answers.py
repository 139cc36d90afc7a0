"""The desk's answers about recordings; the addresses are told in ``desk_recording``."""

from __future__ import annotations

from aiohttp import web

from agent_assist.desk_json import body
from agent_assist.desk_recording import DeskRecording, RecordingStep
from core.agent import Agent


class RecordingAnswers:
    """Joined in ``desk.py``."""

    def __init__(self, house: DeskRecording) -> None:
        self._house = house
        self.table = (("POST", "calls/{call_id}/recording", self.step),)

    async def step(self, request: web.Request, agent: Agent) -> None:
        wished = await body(request, RecordingStep, '{"step": "start"|"pause"|"resume"|"stop"}')
        await self._house.record(request.match_info["call_id"], agent, wished.step)
