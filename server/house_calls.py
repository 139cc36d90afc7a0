"""The desk's view of running calls: holding, passing on, where agents sit: part of ``server.house``."""

from __future__ import annotations

from collections.abc import Sequence

from agent_assist.desk_language import Spoken
from agent_assist.desk_transfers import PassOn, Target, Wish
from core.errors import Refused
from server.callflow import CallFlow
from server.calls import LiveCalls
from server.hot_desk import HotDesk
from server.languages import Languages
from server.signing_in.auth import Auth
from server.targets import Targets


class HouseCalls:
    """One object per node, shared by all desks."""

    def __init__(
        self,
        *,
        calls: LiveCalls,
        targets: Targets,
        hot_desk: HotDesk,
        auth: Auth,
        languages: Languages,
    ) -> None:
        self._running = calls
        self._targets = targets
        self._seats = hot_desk
        self._sessions = auth
        self._languages = languages

    def targets(self, query: str, agent_id: str, limit: int) -> Sequence[Target]:
        """See ``DeskHouse``."""
        return self._targets.find(query, agent_id, limit)

    async def hold(self, call_id: str, agent_id: str, on: bool) -> None:
        """See ``DeskHouse``."""
        await self._flow(call_id).passing.hold(on, agent_id)

    async def pass_on(self, call_id: str, agent_id: str, what: PassOn) -> None:
        """See ``DeskHouse``."""
        flow = self._flow(call_id)
        await flow.passing.pass_on(self._targets.third(what.kind, what.id), what.way, agent_id)

    async def transfer_step(self, call_id: str, agent_id: str, wish: Wish) -> None:
        """See ``DeskHouse``."""
        await self._flow(call_id).passing.step(wish, agent_id)

    def languages(self) -> Sequence[Spoken]:
        """See ``DeskHouse``."""
        return self._languages.offered()

    async def speaks(self, call_id: str, agent_id: str, language: str) -> None:
        """See ``DeskHouse``."""
        flow = self._flow(call_id)
        if flow.agent_id != agent_id:
            raise Refused("this is not your running call", code="not_your_call")
        await flow.language.choose(language)

    @property
    def hot_desk(self) -> bool:
        """See ``DeskHouse``."""
        return self._seats.offered

    async def sit(self, agent_id: str, extension: str) -> None:
        """See ``DeskHouse``."""
        await self._seats.sit(agent_id, extension)
        await self._sessions.keep_seat(agent_id)

    def _flow(self, call_id: str) -> CallFlow:
        flow = self._running.flow(call_id)
        if flow is None:
            raise Refused("this is not your running call", code="not_your_call")
        return flow
