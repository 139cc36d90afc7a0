"""The running house as the desk sees it: ``agent_assist.desk_house.DeskHouse`` over the dispatcher, calls and store.

What concerns the caller's own screen, messages and callbacks is in ``server.house_visits``; cards, alerts and issues
are in ``server.house_assist``; holding, passing on, supervising and telephones in ``server.house_calls``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from agent_assist.assistant import Assistant
from agent_assist.desk_house import ChosenState
from agent_assist.knowledge.attachments import Attachments
from channels.contract import Gateway
from core.agent import Agent
from core.bus.contract import Bus
from core.config import AgentConfig
from core.errors import Refused
from core.events import AgentStateChanged, Event, QueueChanged
from core.pictures.shelf import Pictures
from core.store.contract import Store
from server.auth import Auth
from server.callbacks import Callbacks
from server.calls import LiveCalls
from server.dispatcher import Dispatcher
from server.hot_desk import HotDesk
from server.house_assist import HouseAssist
from server.house_calls import HouseCalls
from server.house_visits import HouseVisits
from server.knowing import Knowing
from server.languages import Languages
from server.targets import Targets
from server.visual_ars import VisualArs


class House(HouseVisits, HouseAssist, HouseCalls):
    """One object per node, shared by all desks."""

    def __init__(
        self,
        *,
        centre: str,
        wrap_up_s: float,
        bus: Bus,
        store: Store,
        dispatcher: Dispatcher,
        calls: LiveCalls,
        assistant: Assistant,
        knowing: Knowing,
        attachments: Attachments,
        auth: Auth,
        agents: Sequence[AgentConfig],
        ars: VisualArs,
        callbacks: Callbacks,
        pictures: Pictures,
        gateway: Gateway,
        targets: Targets,
        hot_desk: HotDesk,
        languages: Languages,
        entry_address: str = "",
    ) -> None:
        HouseAssist.__init__(self, calls=calls, assistant=assistant, knowing=knowing, attachments=attachments)
        HouseCalls.__init__(
            self,
            calls=calls,
            dispatcher=dispatcher,
            targets=targets,
            hot_desk=hot_desk,
            auth=auth,
            languages=languages,
        )
        HouseVisits.__init__(
            self,
            ars=ars,
            callbacks=callbacks,
            pictures=pictures,
            gateway=gateway,
            store=store,
            dispatcher=dispatcher,
            calls=calls,
            assistant=assistant,
            entry_address=entry_address,
        )
        self.centre = centre
        self.wrap_up_s = wrap_up_s
        self.bus = bus
        self.store = store
        self._auth = auth
        self._agents = {agent.id: agent for agent in agents}

    def who(self, request: web.Request) -> Agent | None:
        """The signed-in agent, or None."""
        agent_id = self._auth.who(request)
        if agent_id is None:
            return None
        agent = self._agents[agent_id]
        return Agent(
            id=agent.id,
            name=agent.name,
            extension=self._dispatcher.roster.agent(agent_id).extension,
            roles=agent.roles,
            department=agent.department,
        )

    def names(self) -> Mapping[str, str]:
        """Sign-in name -> name, of everybody."""
        return {agent.id: agent.name for agent in self._agents.values()}

    def state_of(self, agent_id: str) -> AgentStateChanged:
        """Her state now."""
        return self._dispatcher.roster.seen(agent_id)

    async def set_state(self, agent_id: str, state: ChosenState) -> None:
        """She chose; ``Refused`` while a call needs her."""
        await self._dispatcher.wish(agent_id, state)

    async def hang_up(self, call_id: str, agent_id: str) -> None:
        """End her call; ``Refused`` when it is not hers or is over, or when the exchange has it and we only listen."""
        flow = self._hers(call_id, agent_id)
        if flow.call.way != "bridge":
            raise Refused("the exchange has this call, we only listen: hang up by the phone", code="only_listening")
        await flow.hang_up()

    def queue(self) -> QueueChanged:
        """How many callers wait."""
        return self._dispatcher.queue()

    async def history(self, call_id: str, after: int) -> list[Event]:
        """All that was published of a call and lasts."""
        return await self._calls.history(call_id, after)
