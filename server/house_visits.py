"""The desk's view of the caller's own screen and of callbacks: another part of ``server.house``."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from agent_assist.assistant import Assistant
from agent_assist.desk_texts import NumberShown
from agent_assist.desk_visits import (
    Callback,
    CallbackPage,
    Push,
    Pushable,
    Reach,
)
from agent_assist.knowledge.markdown import plain
from ars import pushes
from ars.inputs import Push as PushInput
from ars.model import JOIN, said
from ars.state import Stop
from ars.visit import Visit
from channels.number_asking import Asking
from core.errors import Refused
from core.pictures.shelf import Pictures
from core.store.callbacks import CallbackRecord
from core.store.contract import Store
from server.callbacks import Callbacks
from server.calls import LiveCalls
from server.dispatcher import Dispatcher
from server.visual_ars import VisualArs


class HouseVisits:
    """One object per node, shared by all desks."""

    def __init__(
        self,
        *,
        ars: VisualArs,
        callbacks: Callbacks,
        pictures: Pictures,
        store: Store,
        dispatcher: Dispatcher,
        calls: LiveCalls,
        assistant: Assistant,
        entry_address: str,
    ) -> None:
        """``entry_address``: where a page can be opened without a link, '' = not offered."""
        self._ars = ars
        self._callbacks = callbacks
        self._pictures = pictures
        self._store = store
        self._dispatcher = dispatcher
        self._calls = calls
        self._assistant = assistant
        self._entry_address = entry_address

    def reach(self, call_id: str, agent_id: str) -> Reach:
        """See ``DeskHouse``."""
        self._require_hers(call_id, agent_id)
        visit = self._ars.visits.of_call(call_id)
        flow = self._calls.flow(call_id)
        number = self._ars.mobile_of(visit, self._calls.caller(call_id), call_id)
        asking = flow.asking.asking if flow is not None else Asking()
        asked = NumberShown(state=asking.phase, number=asking.number, keyed=len(asking.digits))
        if visit is None:
            return Reach(mobile=bool(number), number=number, asked=asked)
        menu = visit.state.menu
        screens = [Pushable(kind="screen", id=i, title=said(menu.screens[i].title, "ko")) for i in menu.pushable]
        places = [Pushable(kind="place", id=i, title=said(p.name, "ko"), icon="map") for i, p in menu.places.items()]
        return Reach(
            mobile=bool(number),
            number=number,
            asked=asked,
            link=bool(number),
            entry=self._entry_address,
            read_typed=flow is not None and flow.aloud is not None and flow.aloud.on,
            screens=(*screens, *places),
        )

    async def push(self, call_id: str, agent_id: str, what: Push) -> None:
        """See ``DeskHouse``."""
        visit = self._visit(call_id, agent_id)
        if not visit.was_seen and what.id != JOIN:  # its keys bring a page to this call
            raise Refused("the caller has no page open: send the link first", code="no_page")
        if not visit.put(PushInput(self._stop(visit, what))):
            raise Refused("the caller's page is busy: try again", code="busy_page")

    def _stop(self, visit: Visit, what: Push) -> Stop:
        menu = visit.state.menu
        match what.kind:
            case "screen":
                if what.id != JOIN and what.id not in menu.pushable:
                    raise Refused("the menu has no such screen to push", code="no_such_screen")
                return Stop(id=what.id)
            case "place":
                if what.id not in menu.places:
                    raise Refused("the menu has no such place", code="no_such_place")
                return pushes.place(menu, what.id)
            case _:
                entry = self._assistant.entry(what.id)
                if entry is None:
                    raise Refused("the entry is no longer in the database", code="no_entry")
                read = replace(entry, body=plain(entry.body))
                stop = pushes.department(read) if what.kind == "contact" else pushes.card(read)
                if what.kind == "contact" and stop.contact is None:
                    raise Refused("this entry has no telephone number", code="no_contact")
                return stop

    async def send_link(self, call_id: str, agent_id: str) -> None:
        """See ``DeskHouse``."""
        visit = self._visit(call_id, agent_id)
        if not self._ars.number_of(visit):
            raise Refused("this caller has no mobile number", code="not_a_mobile")
        await visit.send_link(by=agent_id)

    async def set_read_typed(self, call_id: str, agent_id: str, on: bool) -> None:
        """See ``DeskHouse``."""
        self._require_hers(call_id, agent_id)
        flow = self._calls.flow(call_id)
        if flow is None:
            raise Refused("this call is over", code="not_your_call")
        if flow.aloud is None:
            raise Refused("this call has no menu", code="no_visit")
        flow.aloud.on = on

    async def photo(self, photo_id: str, *, preview: bool) -> Path | None:
        """See ``DeskHouse``."""
        path = self._pictures.path(photo_id, preview=preview)
        return path if path is not None and await asyncio.to_thread(path.is_file) else None

    async def callbacks(self, *, limit: int, before: datetime | None) -> CallbackPage:
        """See ``DeskHouse``."""
        records = await self._store.callbacks(limit=limit + 1, before=before)
        is_open = {record.callback_id for record in self._callbacks.open}
        closed = [self._callback(record, 0) for record in records if record.callback_id not in is_open]
        living = self._callbacks.open if before is None else []
        return CallbackPage(
            open=tuple(self._callback(record, place) for place, record in enumerate(living, 1)),
            closed=tuple(closed[:limit]),
            more=len(records) > limit,
        )

    async def callback_done(self, callback_id: str, agent_id: str) -> None:
        """See ``DeskHouse``."""
        await self._callbacks.done(callback_id, agent_id)

    async def callback_cancel(self, callback_id: str, agent_id: str) -> None:
        """See ``DeskHouse``."""
        await self._callbacks.cancel(callback_id, agent_id)

    def _callback(self, record: CallbackRecord, position: int) -> Callback:
        return Callback(
            callback_id=record.callback_id,
            number=record.number,
            since=record.since,
            state=record.state,
            position=position,
            tries=record.tries,
            next_at=record.next_at,
            agent=self._name(record.agent_id),
            call_id=record.call_id,
        )

    def _name(self, agent_id: str) -> str:
        return self._dispatcher.roster.agent(agent_id).name if self._dispatcher.knows(agent_id) else agent_id

    def _visit(self, call_id: str, agent_id: str) -> Visit:
        self._require_hers(call_id, agent_id)
        visit = self._ars.visits.of_call(call_id)
        if visit is None:
            raise Refused("this call has no menu", code="no_visit")
        return visit

    def _require_hers(self, call_id: str, agent_id: str) -> None:
        if not call_id or self._dispatcher.roster.seen(agent_id).busy_call != call_id:
            raise Refused("this is not your running call", code="not_your_call")
