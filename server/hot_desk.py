"""Who sits at which telephone. An agent signs in at any desk with its extension (``sip.phone``, ``sip.extensions``).

A telephone has one agent: who signs in where another sits takes it over, unless a call is there; she who sat there is
set away and told. Agents with a telephone of their own (``agents.uri``) have it when they name none.
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

log = get_logger("server.hot_desk")

_IN_CALL: Final[frozenset[AgentState]] = frozenset({"offered", "talking"})


class HotDesk:
    """One per node, over the dispatcher's roster."""

    def __init__(self, dispatcher: Dispatcher, sip: SipConfig, agents: Iterable[AgentConfig]) -> None:
        self._dispatcher = dispatcher
        self._sip = sip
        self._homes = {agent.id: (agent.extension, agent.uri) for agent in agents}

    @property
    def offered(self) -> bool:
        """Whether agents may choose a telephone at all."""
        return bool(self._sip.phone)

    def extension(self, agent_id: str) -> str:
        """The telephone that she chose; '' = her own, or none."""
        agent = self._dispatcher.roster.agent(agent_id)
        return "" if (agent.extension, agent.uri) == self._homes[agent_id] else agent.extension

    async def sit(self, agent_id: str, extension: str) -> None:
        """She sits there from now on; '' = at her own telephone, if nobody else does.

        ``BadInput`` ('bad_extension') for what is no extension here; ``Refused``: 'no_hot_desk', 'busy_with_call'
        (she has a call), 'extension_busy' (who sits there has one).
        """
        roster = self._dispatcher.roster
        agent = roster.agent(agent_id)
        wanted, uri = self._telephone(agent_id, extension)
        if (agent.extension, agent.uri) == (wanted, uri):
            return
        if agent.state in _IN_CALL:
            raise Refused("possible once the call is over", code="busy_with_call")
        other = roster.at(wanted)
        if other is not None and other.id != agent_id:
            if not extension:
                wanted = uri = ""
            elif other.state in _IN_CALL:
                raise Refused("a colleague talks at this telephone now", code="extension_busy")
            else:
                await self._dispatcher.sit(other.id, "", "")
                await self._dispatcher.send_away(other.id, "extension_taken")
                log.info("seat.taken", agent=other.id, by=agent_id, extension=extension)
        await self._dispatcher.sit(agent_id, wanted, uri)
        log.info("seat.chosen", agent=agent_id, extension=wanted)

    async def leave(self, agent_id: str) -> None:
        """She has signed out: the telephone is free, unless a call of hers is still there."""
        if self._dispatcher.roster.agent(agent_id).state not in _IN_CALL:
            await self.sit(agent_id, "")

    def resume(self, seats: Mapping[str, str]) -> None:
        """Where agents sat before the node restarted: extension by agent. What no longer fits is forgotten."""
        roster = self._dispatcher.roster
        for agent_id, extension in seats.items():
            if self.offered and re.fullmatch(self._sip.extensions, extension) and roster.at(extension) is None:
                roster.sit(agent_id, *self._telephone(agent_id, extension))

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
