"""Calls that we only listen to: recording sessions and forks of calls that the exchange keeps. Whose are they?

Nobody is rung and nothing is said; who the agent is tells the source, by a number or a SIP address. She may be in any
state when it begins, and may even have two of them: her desk shows the one that began last. What our own calls have
done with her is never touched, for a recorder's fault must not reach a call that goes through us.

| she is                     | an observed call begins              | it ends                                         |
|----------------------------|--------------------------------------|-------------------------------------------------|
| away, ready, wrap_up       | talking, her desk shows it           | -                                               |
| talking, in observed calls | her desk shows the newer             | if shown: the one before, or wrap-up            |
| talking, in a call of ours | she stays in that                    | nothing                                         |
| offered                    | her phone rings for us: nothing      | nothing                                         |
"""

from __future__ import annotations

import asyncio

from core.events import CallJoined, Party
from core.log import get_logger
from server.dispatcher import Dispatcher
from server.line import Line
from server.roster import Agent
from telephony.contract import Call
from telephony.request import user_part

log = get_logger("server.observing")


class Observed:
    """The agents of all observed calls. One per node."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._calls: dict[str, list[str]] = {}
        """By agent, the newest last."""

    def agent_of(self, party: Party) -> Agent | None:
        """Who that is: the extension at which she sits now, or the user part of her phone's address."""
        number = party.number
        if not number:
            return None
        agents = list(self._dispatcher.roster)
        at_extension = (agent for agent in agents if agent.extension == number)
        by_phone = (agent for agent in agents if agent.uri and user_part(agent.uri) == number)
        return next(at_extension, None) or next(by_phone, None)

    async def takes(self, agent_id: str, call_id: str) -> None:
        """She talks in that call."""
        calls = self._calls.setdefault(agent_id, [])
        agent = self._dispatcher.roster.agent(agent_id)
        ours = agent.state == "offered" or (agent.state == "talking" and agent.call_id not in calls)
        calls.append(call_id)
        if not ours:
            await self._dispatcher.joined(agent_id, call_id)

    async def leaves(self, agent_id: str, call_id: str) -> None:
        """She does not talk in it any more."""
        calls = self._calls.get(agent_id, [])
        if call_id in calls:
            calls.remove(call_id)
        if not calls:
            self._calls.pop(agent_id, None)
        agent = self._dispatcher.roster.agent(agent_id)
        if agent.state != "talking" or agent.call_id != call_id:
            return
        if calls:
            await self._dispatcher.joined(agent_id, calls[-1])
        else:
            await self._dispatcher.released(agent_id)


class Observing:
    """One observed call: who its agent is, and who is next."""

    def __init__(self, call: Call, line: Line, observed: Observed) -> None:
        self._call = call
        self._line = line
        self._observed = observed
        self.agent_id = ""
        """'' = nobody whom we know."""
        self._said: CallJoined | None = None
        self._turn = asyncio.Lock()

    async def begins(self) -> None:
        """Both are heard from now on."""
        if not self._call.adopted_agent:
            await self.agent_is(self._call.agent)
        elif (agent := self._observed.agent_of(self._call.agent)) is not None:
            await self._takes(agent.id)

    async def agent_is(self, party: Party) -> None:
        """That one is on the agent's side from now on. Nothing happens when that was said already."""
        agent = self._observed.agent_of(party)
        if agent is not None:
            joined = CallJoined(agent_id=agent.id, agent_name=agent.name, extension=agent.extension or party.number)
        else:
            joined = CallJoined(agent_id="", agent_name=party.name, extension=party.number)
        async with self._turn:
            if self._said is not None and _same(self._said, joined):
                return
            self._said = joined
            if joined.agent_id != self.agent_id:
                await self.ends()
                await self._takes(joined.agent_id)
            await self._line.say(joined)
        log.info("call.observed", call_id=self._call.call_id, way=self._call.way, agent=joined.agent_id)

    async def ends(self) -> None:
        """The agent of now is out of it."""
        if self.agent_id:
            await self._observed.leaves(self.agent_id, self._call.call_id)
            self.agent_id = ""

    async def _takes(self, agent_id: str) -> None:
        self.agent_id = agent_id
        if agent_id:
            await self._observed.takes(agent_id, self._call.call_id)


def _same(one: CallJoined, other: CallJoined) -> bool:
    return (one.agent_id, one.agent_name, one.extension) == (other.agent_id, other.agent_name, other.extension)
