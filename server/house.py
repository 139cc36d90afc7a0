"""The running house as the desk sees it: ``agent_assist.desk_house.DeskHouse`` over the dispatcher, calls and store.

What concerns the caller's own screen and callbacks is in ``server.house_visits``, texts in ``server.house_texts``,
written contacts in ``server.house_threads``; cards, alerts and issues are in ``server.house_assist``; holding, passing
on and telephones in ``server.house_calls``; recordings in ``server.house_recording``, counselling records in
``server.house_record``, what supervisors write in ``server.house_notes``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from aiohttp import web

from agent_assist.assistant import Assistant
from agent_assist.desk_state import ChosenState
from agent_assist.desk_visits import Reach
from agent_assist.knowledge.attachments import Attachments
from channels.contract import Gateway
from core.agent import Agent
from core.bus.contract import Bus
from core.config import RecordingConfig
from core.errors import Refused
from core.events import AgentStateChanged, Event, QueueChanged
from core.pictures.shelf import Pictures
from core.store.contract import Store
from server.callbacks import Callbacks
from server.calls import LiveCalls
from server.dispatcher import Dispatcher
from server.hot_desk import HotDesk
from server.house_assist import HouseAssist
from server.house_calls import HouseCalls
from server.house_notes import HouseNotes
from server.house_record import HouseRecord
from server.house_recording import HouseRecording
from server.house_texts import HouseTexts
from server.house_threads import HouseThreads
from server.house_visits import HouseVisits
from server.keeping.desk_of_records import DeskOfRecords
from server.knowing import Knowing
from server.languages import Languages
from server.sights import sights
from server.signing_in.auth import Auth
from server.supervisor_notes import SupervisorNotes
from server.targets import Targets
from server.texts_parts import TextsParts
from server.visual_ars import VisualArs
from server.written_parts import WrittenParts


class House(HouseTexts, HouseThreads, HouseVisits, HouseAssist, HouseCalls, HouseNotes, HouseRecord, HouseRecording):
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
        ars: VisualArs,
        callbacks: Callbacks,
        pictures: Pictures,
        gateway: Gateway,
        texts: TextsParts,
        written: WrittenParts,
        targets: Targets,
        hot_desk: HotDesk,
        languages: Languages,
        supervisor_notes: SupervisorNotes,
        records: DeskOfRecords,
        recording: RecordingConfig,
        away_reasons: Sequence[str] = (),
        entry_address: str = "",
    ) -> None:
        HouseAssist.__init__(
            self,
            calls=calls,
            written=written.contacts,
            assistant=assistant,
            knowing=knowing,
            attachments=attachments,
        )
        HouseThreads.__init__(
            self,
            written=written,
            store=store,
            dispatcher=dispatcher,
            audit=store.audit,
            person_key=records.person_key,
        )
        HouseCalls.__init__(
            self,
            calls=calls,
            targets=targets,
            hot_desk=hot_desk,
            auth=auth,
            languages=languages,
        )
        HouseRecording.__init__(self, calls=calls, recording=recording)
        HouseNotes.__init__(self, supervisor_notes=supervisor_notes, away_reasons=away_reasons)
        HouseRecord.__init__(self, records=records, dispatcher=dispatcher)
        HouseVisits.__init__(
            self,
            ars=ars,
            callbacks=callbacks,
            pictures=pictures,
            store=store,
            dispatcher=dispatcher,
            calls=calls,
            assistant=assistant,
            entry_address=entry_address,
        )
        HouseTexts.__init__(
            self,
            texts=texts,
            written=written.contacts,
            ars=ars,
            gateway=gateway,
            store=store,
            dispatcher=dispatcher,
            calls=calls,
            assistant=assistant,
            centre=centre,
            supervises=self._supervises,
            receipt=records.keeping.receipt,
        )
        self.centre = centre
        self.wrap_up_s = wrap_up_s
        self.bus = bus
        self.store = store
        self.sights = sights(store)
        self._auth = auth

    def who(self, request: web.Request) -> Agent | None:
        """The signed-in agent, or None."""
        agent_id = self._auth.who(request)
        if agent_id is None:
            return None
        there = self._dispatcher.knows(agent_id)  # an account that was made this very moment may not be, yet
        extension = self._dispatcher.roster.agent(agent_id).extension if there else ""
        return self._auth.directory.agent(agent_id, extension)

    def over(self, request: web.Request) -> asyncio.Event:
        """See ``DeskHouse``."""
        return self._auth.over(request)

    def _supervises(self, agent_id: str) -> bool:
        """Whether she may do to others' texts what they may."""
        known = self._auth.directory.agent(agent_id, "")
        return known is not None and known.may("supervisor")

    def names(self) -> Mapping[str, str]:
        """Sign-in name -> name, of everybody."""
        return self._auth.directory.names()

    def state_of(self, agent_id: str) -> AgentStateChanged:
        """Her state now."""
        return self._dispatcher.roster.seen(agent_id)

    async def set_state(self, agent_id: str, state: ChosenState, reason: str = "") -> None:
        """She chose; ``Refused`` while a call needs her, ``BadInput`` for a reason that is not offered."""
        self.check_reason(state, reason)
        await self._dispatcher.wish(agent_id, state, reason=reason)

    async def hang_up(self, call_id: str, agent_id: str) -> None:
        """End her call; ``Refused`` when it is not hers or is over, or when the exchange has it and we only listen."""
        flow = self._hers(call_id, agent_id)
        if flow.call.way != "bridge":
            raise Refused("the exchange has this call, we only listen: hang up by the phone", code="only_listening")
        await flow.hang_up()

    def queue(self) -> QueueChanged:
        """How many callers wait."""
        return self._dispatcher.queue()

    def reach(self, call_id: str, agent_id: str) -> Reach:
        """See ``DeskHouse``; who writes is reached by the number that she writes from."""
        if self._written_contacts.held(call_id, agent_id) is not None:
            number = self._number_of(call_id)
            return Reach(mobile=bool(number), number=number)
        return super().reach(call_id, agent_id)

    async def history(self, call_id: str, after: int) -> list[Event]:
        """All that was published of a call or of a written contact and lasts."""
        if self._written_contacts.standing(call_id) is not None:
            return await self._written_contacts.history(call_id, after)
        return await self._calls.history(call_id, after)
