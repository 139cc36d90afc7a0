"""Who sits at which telephone. An agent signs in at any desk with its extension (``sip.phone``, ``sip.extensions``).

A telephone has one agent: who signs in where another sits takes it over, and she who sat there is set away and told;
a wrap-up of hers she finishes, without a telephone. While she talks there, the next one waits: the call stays with her
until it ends, with its record and its wrap-up, and the seat goes over at that moment. Agents with a telephone of their
own (``agents.uri``) have it when they name none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from core.config import AgentConfig, SipConfig
from core.errors import BadInput, Refused
from core.events import AgentState
from core.log import get_logger
from server.dispatcher import Dispatcher
from server.roster import Agent

log = get_logger("server.hot_desk")

SIGNED_OUT: Final = "signed_out"
"""Why she is away who has signed out."""
_IN_CALL: Final[frozenset[AgentState]] = frozenset({"offered", "talking"})


class HotDesk:
    """One per node, over the dispatcher's roster."""

    def __init__(self, dispatcher: Dispatcher, sip: SipConfig, agents: Iterable[AgentConfig]) -> None:
        self._dispatcher = dispatcher
        self._sip = sip
        self._homes = {agent.id: (agent.extension, agent.uri) for agent in agents}
        self._heirs: dict[str, str] = {}
        """Who sits at that extension once the call there is over."""
        dispatcher.on_phone_free = self._phone_free

    @property
    def offered(self) -> bool:
        """Whether agents may choose a telephone at all."""
        return bool(self._sip.phone)

    def extension(self, agent_id: str) -> str:
        """The telephone that she chose; '' = her own, or none."""
        agent = self._dispatcher.roster.agent(agent_id)
        return "" if (agent.extension, agent.uri) == self._homes[agent_id] else agent.extension

    def waits_for(self, agent_id: str) -> str:
        """The extension that she gets when the call there is over, '' = none."""
        return next((extension for extension, heir in self._heirs.items() if heir == agent_id), "")

    def may_sit(self, agent_id: str, extension: str) -> None:
        """``BadInput`` ('bad_extension') for what is no extension here; ``Refused``: 'no_hot_desk', 'busy_with_call'
        (she has a call), 'extension_busy' (a colleague waits already for the call there to end)."""
        agent = self._dispatcher.roster.agent(agent_id)
        wanted = self._telephone(agent_id, extension)
        if (agent.extension, agent.uri) == wanted:
            return
        if agent.state in _IN_CALL:
            raise Refused("possible once the call is over", code="busy_with_call")
        if (
            self._holder(wanted[0], agent_id, extension) is not None
            and self._heirs.get(extension, agent_id) != agent_id
        ):
            raise Refused("a colleague waits already for this telephone", code="extension_busy")

    async def sit(self, agent_id: str, extension: str) -> None:
        """She sits there from now on, or once the call there is over; '' = at her own telephone, if nobody else does.

        Raises as ``may_sit``.
        """
        self.may_sit(agent_id, extension)
        roster = self._dispatcher.roster
        agent = roster.agent(agent_id)
        if agent.leaving == SIGNED_OUT:
            agent.leaving = ""  # she is back
        wanted, uri = self._telephone(agent_id, extension)
        self._forget(agent_id)
        if (agent.extension, agent.uri) == (wanted, uri):
            return
        if self._holder(wanted, agent_id, extension) is not None:
            self._heirs[wanted] = agent_id
            await self._dispatcher.sit(agent_id, "", "")
            await self._dispatcher.leaves(agent_id, "seat_waits")
            log.info("seat.waits", agent=agent_id, extension=wanted)
            return
        other = roster.at(wanted)
        if other is not None and other.id != agent_id:
            if extension:
                await self._unseat(other, agent_id)
            else:
                wanted = uri = ""
        await self._dispatcher.sit(agent_id, wanted, uri)
        log.info("seat.chosen", agent=agent_id, extension=wanted)

    async def leave(self, agent_id: str) -> None:
        """She has signed out: no more calls, and the telephone is free; a call of hers goes on there until it ends."""
        self._forget(agent_id)
        await self._dispatcher.leaves(agent_id, SIGNED_OUT)
        if self._dispatcher.roster.agent(agent_id).state not in _IN_CALL:
            await self._dispatcher.sit(agent_id, *self._free_home(agent_id))

    async def move_home(self, agent: AgentConfig) -> None:
        """Her own telephone is another now; if she sits at it, she sits at the new one once no call needs the old."""
        there = self._dispatcher.roster.agent(agent.id)
        before, self._homes[agent.id] = self._homes.get(agent.id), (agent.extension, agent.uri)
        if (there.extension, there.uri) == before != self._homes[agent.id] and there.state not in _IN_CALL:
            await self.sit(agent.id, "")

    def resume(self, seats: Mapping[str, str]) -> None:
        """Where agents sat before the node restarted: extension by agent. What no longer fits is forgotten."""
        roster = self._dispatcher.roster
        for agent_id, extension in seats.items():
            fits = self.offered and self._dispatcher.knows(agent_id) and re.fullmatch(self._sip.extensions, extension)
            if fits and roster.at(extension) is None:
                roster.sit(agent_id, *self._telephone(agent_id, extension))

    async def _phone_free(self, agent_id: str) -> None:
        """No call needs her telephone any more: whoever waits for it has it; of one who has signed out it is free."""
        agent = self._dispatcher.roster.agent(agent_id)
        heir = self._heirs.pop(agent.extension, "")
        if heir:
            extension = agent.extension
            await self._unseat(agent, heir)
            await self._dispatcher.sit(heir, *self._telephone(heir, extension))
            if self._dispatcher.roster.agent(heir).state == "away":
                await self._dispatcher.send_away(heir, "seat_yours")
        elif agent.leaving == SIGNED_OUT and self.extension(agent_id):
            await self._dispatcher.sit(agent_id, *self._free_home(agent_id))

    async def _unseat(self, other: Agent, by: str) -> None:
        log.info("seat.taken", agent=other.id, by=by, extension=other.extension)
        await self._dispatcher.sit(other.id, "", "")
        await self._dispatcher.leaves(other.id, "extension_taken")

    def _holder(self, wanted: str, agent_id: str, extension: str) -> Agent | None:
        """Who talks at that telephone now, if it was asked for by its number."""
        other = self._dispatcher.roster.at(wanted) if extension else None
        return other if other is not None and other.id != agent_id and other.state in _IN_CALL else None

    def _free_home(self, agent_id: str) -> tuple[str, str]:
        home = self._homes[agent_id]
        there = self._dispatcher.roster.at(home[0])
        return home if there is None or there.id == agent_id else ("", "")

    def _forget(self, agent_id: str) -> None:
        self._heirs = {extension: heir for extension, heir in self._heirs.items() if heir != agent_id}

    def _telephone(self, agent_id: str, extension: str) -> tuple[str, str]:
        """The extension with its SIP address."""
        home = self._homes[agent_id]
        if not extension or (extension == home[0] and home[1]):
            return home
        if not self.offered:
            raise Refused("sip.phone is not set: agents have telephones of their own", code="no_hot_desk")
        if not re.fullmatch(self._sip.extensions, extension):
            raise BadInput("this is no extension of this house: see sip.extensions", code="bad_extension")
        return extension, self._sip.phone.replace("{extension}", extension)
