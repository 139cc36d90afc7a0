"""The desk's view of recordings: ``agent_assist.desk_recording.DeskRecording`` over the running calls."""

from __future__ import annotations

from agent_assist.desk_recording import RecordingRule, Step
from core.agent import Agent
from core.config import RecordingConfig
from core.errors import Refused
from core.log import get_logger
from server.calls import LiveCalls

log = get_logger("server.house_recording")


class HouseRecording:
    """One object per node, shared by all desks."""

    def __init__(self, *, calls: LiveCalls, recording: RecordingConfig) -> None:
        self._recorded_calls = calls
        self.recording_rule = RecordingRule(start=recording.start, pause=recording.pause)
        """See ``DeskRecording``."""

    async def record(self, call_id: str, agent: Agent, step: Step) -> None:
        """See ``DeskRecording``."""
        flow = self._recorded_calls.flow(call_id)
        supervisor = agent.may("supervisor")
        if flow is None or (flow.agent_id != agent.id and not supervisor):
            raise Refused("this is not your running call", code="not_your_call")
        await flow.record(step, agent.id, supervisor=supervisor and flow.agent_id != agent.id)
        log.info("recording.wished", call_id=call_id, agent=agent.id, step=step)
