"""The agents whom one call binds while its caller is passed on: the one who lets go of her, the colleague who is asked.

References of those who are no agents of ours (departments) are passed in as they come: nothing happens to them.
"""

from __future__ import annotations

from server.dispatcher import Dispatcher
from server.roster import Agent
from telephony.contract import ConsultResult


class BoundAgents:
    """For one call."""

    def __init__(self, call_id: str, dispatcher: Dispatcher) -> None:
        self._call_id = call_id
        self._dispatcher = dispatcher

    def agent(self, agent_id: str) -> Agent | None:
        """Her record, None for who is no agent."""
        return self._dispatcher.roster.agent(agent_id) if self._dispatcher.knows(agent_id) else None

    async def offer(self, colleague: str) -> str:
        """Offer her the call; her phone's address. ``Refused`` ('colleague_busy') unless she is ready."""
        return (await self._dispatcher.offer(colleague, self._call_id)).uri

    async def talks(self, colleague: str) -> None:
        """She has answered the agent who asks her."""
        if (agent := self.agent(colleague)) is not None and agent.state != "talking":
            await self._dispatcher.joined(colleague, self._call_id)

    async def missed(self, colleague: str, result: ConsultResult) -> None:
        """As with any call: one whose phone does not answer is set away, or every caller would ring in vain."""
        if self.agent(colleague) is None:
            return
        if result in ("busy", "no_answer", "refused", "unreachable"):
            await self._dispatcher.missed(colleague, result)
        else:
            await self.free(colleague)

    async def free(self, colleague: str) -> None:
        """She is not needed any more."""
        agent = self.agent(colleague)
        if agent is None or agent.call_id != self._call_id:
            return
        if agent.state == "talking":
            await self._dispatcher.released(colleague)
        elif agent.state == "offered":
            await self._dispatcher.withdraw(colleague)

    async def out(self, agent_id: str) -> None:
        """She is out of the call, and her caller may still come back to her."""
        if self.agent(agent_id) is not None:
            await self._dispatcher.passed_on(agent_id)

    async def done(self, agent_id: str) -> None:
        """Her part is over for good: wrap-up."""
        if self.agent(agent_id) is not None:
            await self._dispatcher.released(agent_id)

    async def rests(self, agent_id: str) -> None:
        """The caller will not come back to her who is out."""
        if (agent := self.agent(agent_id)) is not None and agent.reason == "passing_on":
            await self._dispatcher.rests(agent_id, self._call_id)

    async def recall(self, agent_id: str) -> Agent | None:
        """Offer her the caller whom she passed on; None when she has gone or has another call."""
        if self.agent(agent_id) is None:
            return None
        return await self._dispatcher.recall(agent_id, self._call_id)
