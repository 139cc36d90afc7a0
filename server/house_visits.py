"""The desk's view of the caller's own screen, messages and callbacks: the other half of ``server.house``."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from agent_assist.assistant import Assistant
from agent_assist.desk_visits import (
    Callback,
    CallbackPage,
    OutboxMessage,
    OutboxPage,
    Push,
    Pushable,
    Reach,
    TextSize,
)
from agent_assist.knowledge.markdown import plain
from ars import pushes
from ars.inputs import Push as PushInput
from ars.model import JOIN, said
from ars.state import Stop
from ars.visit import Visit
from channels.contract import Gateway
from channels.outbox import Outbox
from channels.sms_text import LMS_BYTES, byte_length, kind_of, writable
from core.errors import Refused
from core.pictures.shelf import Pictures
from core.store.contract import CallbackRecord, Store
from server.callbacks import Callbacks
from server.calls import LiveCalls
from server.dispatcher import Dispatcher
from server.visual_ars import VisualArs


def size_of(text: str) -> TextSize:
    """How long a message is as it would be sent. ``BadInput`` when it cannot be carried."""
    carried = writable(text)
    return TextSize(bytes=byte_length(carried), kind=kind_of(carried), limit=LMS_BYTES)


class HouseVisits:
    """One object per node, shared by all desks."""

    def __init__(
        self,
        *,
        ars: VisualArs,
        callbacks: Callbacks,
        pictures: Pictures,
        gateway: Gateway,
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
        self._gateway = gateway
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
        mobile = bool(self._ars.mobile_of(visit, flow.call.caller if flow else None))
        if visit is None:
            return Reach(mobile=mobile)
        menu = visit.state.menu
        screens = [Pushable(kind="screen", id=i, title=said(menu.screens[i].title, "ko")) for i in menu.pushable]
        places = [Pushable(kind="place", id=i, title=said(p.name, "ko"), icon="map") for i, p in menu.places.items()]
        return Reach(
            mobile=mobile,
            link=mobile,
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

    async def send_text(self, call_id: str, agent_id: str, text: str) -> None:
        """See ``DeskHouse``."""
        self._require_hers(call_id, agent_id)
        flow = self._calls.flow(call_id)
        number = self._ars.mobile_of(self._ars.visits.of_call(call_id), flow.call.caller if flow else None)
        if not number:
            raise Refused("this caller has no mobile number", code="not_a_mobile")
        self._ars.send(number, text, call_id=call_id, by=agent_id)

    def text_size(self, text: str) -> TextSize:
        """See ``DeskHouse``."""
        return size_of(text)

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

    async def outbox(self, *, limit: int, before: datetime | None, agent_id: str | None) -> OutboxPage:
        """See ``DeskHouse``."""
        whole = {m.message_id: m for m in self._gateway.messages} if isinstance(self._gateway, Outbox) else {}
        found = []
        for record in await self._store.messages(limit=limit + 1, before=before, by=agent_id):
            kept = whole.get(record.message_id)
            found.append(
                OutboxMessage(
                    message_id=record.message_id,
                    to=record.to,
                    text=kept.text if kept else record.text,
                    links=kept.secrets if kept else (),
                    kind=record.kind,
                    state=record.state,
                    reason=record.reason,
                    call_id=record.call_id,
                    by=self._name(record.by),
                    at=record.at,
                )
            )
        return OutboxPage(
            sends=not isinstance(self._gateway, Outbox), messages=tuple(found[:limit]), more=len(found) > limit
        )

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
