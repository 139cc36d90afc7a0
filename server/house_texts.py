"""The desk's view of text messages: ``agent_assist.desk_texts.DeskTexts`` over ``channels.sending``."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from agent_assist.assistant import Assistant
from agent_assist.desk_text import text_of
from agent_assist.desk_texts import (
    NumberWish,
    OutboxMessage,
    OutboxPage,
    SenderOffered,
    TemplateOffered,
    TextAgain,
    TextLook,
    TextOffer,
    TextTaken,
    TextToSend,
)
from channels import senders
from channels.contract import Gateway, Message
from channels.fields import filled, unfilled
from channels.outbox import Outbox
from channels.sending import Wish, require_sure
from core.errors import BadInput, IllegalStep, Refused
from core.events import Event, NumberAsked, TextPurpose
from core.phone_numbers import is_mobile, normalised
from core.store.contract import Store
from core.store.entry import Entry
from core.store.messages import MessageRecord
from core.store.texting import BY_RULE, WaitingText
from server.calls import LiveCalls
from server.dispatcher import Dispatcher
from server.text_looks import look_at
from server.text_values import values_of
from server.texts_parts import TextsParts
from server.visual_ars import VisualArs
from server.written.contacts import WrittenContacts


class HouseTexts:
    """One object per node, shared by all desks."""

    def __init__(
        self,
        *,
        texts: TextsParts,
        written: WrittenContacts,
        ars: VisualArs,
        gateway: Gateway,
        store: Store,
        dispatcher: Dispatcher,
        calls: LiveCalls,
        assistant: Assistant,
        centre: str,
        supervises: Callable[[str], bool],
        receipt: Callable[[str], Awaitable[str]],
    ) -> None:
        """``supervises``: whether that agent may take back and send again what others sent. ``receipt``: the number
        under which a contact is found again, as it is shown."""
        self._texts = texts
        self._written_to = written
        self._ars = ars
        self._gateway = gateway
        self._store = store
        self._dispatcher = dispatcher
        self._calls = calls
        self._assistant = assistant
        self._centre_name = centre
        self._supervises = supervises
        self._receipt = receipt

    def text_look(self, text: str, subject: str = "") -> TextLook:
        """See ``DeskTexts``."""
        return look_at(text, subject)

    async def text_offer(self, call_id: str, agent_id: str, entry_id: str) -> TextOffer:
        """See ``DeskTexts``."""
        self._require_hers(call_id, agent_id)
        entry = self._entry(entry_id)
        department = entry.department if entry is not None else ""
        own = text_of(entry) if entry is not None else ""
        known_templates = await self._store.texting.templates()
        asked = any("접수번호" in unfilled(template.text) for template in known_templates)
        values = values_of(
            entry,
            await self._history(call_id),
            agent=self._name_of(agent_id),
            centre=self._centre_name,
            today=self._texts.clock().date(),
            text=own,
            receipt=await self._receipt(call_id) if asked else "",
        )
        templates = []
        for template in known_templates:
            if template.department in ("", department):
                text = filled(template.text, values)
                templates.append(
                    TemplateOffered(
                        template_id=template.template_id,
                        title=template.title,
                        text=text,
                        unfilled=tuple(unfilled(text)),
                    )
                )
        usual = self._texts.usual_sender
        ready = senders.usable(known := await self._store.texting.senders(), today := self._texts.clock().date())
        numbers = [SenderOffered(number=sender.number, name=sender.name) for sender in ready]
        if usual and usual not in {number.number for number in numbers}:
            numbers.insert(0, SenderOffered(number=usual, name=""))
        return TextOffer(
            text=own,
            sender=senders.chosen(known, today, department=department, queue=self._queue(call_id)) or usual,
            senders=tuple(numbers),
            templates=tuple(templates),
            undo_s=self._texts.undo_s,
        )

    async def send_text(self, call_id: str, agent_id: str, what: TextToSend) -> TextTaken:
        """See ``DeskTexts``."""
        self._require_hers(call_id, agent_id)
        number = self._number_of(call_id)
        if not number:
            raise Refused("this caller has no mobile number: ask for one", code="not_a_mobile")
        entry = self._entry(what.entry_id)
        wish = Wish(
            message_id=_id_of(agent_id, what.key),
            to=number,
            text=what.text,
            call_id=call_id,
            by=agent_id,
            sender=what.sender,
            department=entry.department if entry is not None else "",
            queue=self._queue(call_id),
            entry_id=what.entry_id,
            purpose=await self._purpose(what.template_id),
            subject=what.subject,
        )
        await self._texts.sending.send(wish, sure=require_sure(what.sure))
        return TextTaken(message_id=wish.message_id)

    async def take_back(self, message_id: str, agent_id: str) -> None:
        """See ``DeskTexts``."""
        waiting = self._texts.sending.waiting.get(message_id)
        if waiting is not None and not self._may(agent_id, waiting.by, waiting.call_id):
            raise Refused("a colleague sent this text", code="not_your_text")
        await self._texts.sending.take_back(message_id)

    async def text_again(self, message_id: str, agent_id: str, what: TextAgain) -> TextTaken:
        """See ``DeskTexts``."""
        record = await self._store.texting.message(message_id)
        if record is not None and not self._may(agent_id, record.by, record.call_id):
            raise Refused("a colleague sent this text", code="not_your_text")
        wish_id = _id_of(agent_id, what.key)
        await self._texts.sending.resend(message_id, wish_id, by=agent_id, sure=require_sure(what.sure))
        return TextTaken(message_id=wish_id)

    async def ask_number(self, call_id: str, agent_id: str, wish: NumberWish) -> None:
        """See ``DeskTexts``."""
        self._require_hers(call_id, agent_id)
        if wish.do == "number" and not is_mobile(normalised(wish.number)):
            raise BadInput("this is no mobile number: text messages reach 010, 011 and 016 to 019", code="not_a_mobile")
        flow = self._calls.flow(call_id)
        if flow is None:
            if wish.do != "number":
                raise Refused("this call is over: nobody is there to be asked", code="no_step")
            self._ars.give_number(call_id, number := normalised(wish.number))
            await self._calls.show(call_id, NumberAsked(state="confirmed", number=number))
            return
        if flow.call.way != "bridge" and wish.do == "ask":
            raise Refused("the exchange has this call, we only listen: ask by voice", code="only_listening")
        try:
            await flow.asking.do(wish.do, wish.number)
        except IllegalStep as fault:
            raise Refused("this is not possible now", code="no_step") from fault

    async def outbox(self, *, limit: int, before: datetime | None, agent_id: str, mine: bool) -> OutboxPage:
        """See ``DeskTexts``."""
        whole = {m.message_id: m for m in self._gateway.messages} if isinstance(self._gateway, Outbox) else {}
        rules = {f"{BY_RULE}{rule.rule_id}": rule.name for rule in await self._store.texting.rules()}
        found = [
            self._sent(record, whole.get(record.message_id), agent_id, rules)
            for record in await self._store.messages(limit=limit + 1, before=before, by=agent_id if mine else None)
        ]
        waits = [
            self._waits(text, agent_id, rules)
            for text in reversed(self._texts.sending.waiting.all)
            if before is None and (not mine or text.by == agent_id)
        ]
        return OutboxPage(
            sends=not isinstance(self._gateway, Outbox),
            messages=(*waits, *found[:limit]),
            more=len(found) > limit,
        )

    def _sent(
        self, record: MessageRecord, whole: Message | None, agent_id: str, rules: Mapping[str, str]
    ) -> OutboxMessage:
        return OutboxMessage(
            message_id=record.message_id,
            to=record.to,
            text=whole.text if whole is not None else record.text,
            links=whole.secrets if whole is not None else (),
            kind=record.kind,
            state=record.state,
            reason=record.reason,
            call_id=record.call_id,
            by=rules.get(record.by) or self._name_of(record.by),
            rule=record.by.startswith(BY_RULE),
            sender=record.sender,
            again=record.state == "failed" and not record.blanked and self._may(agent_id, record.by, record.call_id),
            at=record.at,
        )

    def _waits(self, text: WaitingText, agent_id: str, rules: Mapping[str, str]) -> OutboxMessage:
        return OutboxMessage(
            message_id=text.message_id,
            to=text.to,
            text=text.text,
            kind=text.kind,
            state="waiting",
            reason=text.why,
            call_id=text.call_id,
            by=rules.get(text.by) or self._name_of(text.by),
            rule=text.by.startswith(BY_RULE),
            sender=text.sender,
            due=text.due,
            back=self._may(agent_id, text.by, text.call_id),
            at=text.at,
        )

    def _may(self, agent_id: str, by: str, call_id: str) -> bool:
        """Whether she may take back or send again what ``by`` sent: her own, what belongs to the call on her desk, or
        anything where she supervises."""
        on_desk = bool(call_id) and self._dispatcher.roster.seen(agent_id).busy_call == call_id
        return by == agent_id or on_desk or self._supervises(agent_id)

    def _name_of(self, agent_id: str) -> str:
        return self._dispatcher.roster.agent(agent_id).name if self._dispatcher.knows(agent_id) else agent_id

    async def _purpose(self, template_id: str) -> TextPurpose:
        known = await self._store.texting.templates() if template_id else []
        return next((template.purpose for template in known if template.template_id == template_id), "")

    def _entry(self, entry_id: str) -> Entry | None:
        if not entry_id:
            return None
        entry = self._assistant.entry(entry_id)
        if entry is None:
            raise Refused("the entry is no longer in the database", code="no_entry")
        return entry

    def _number_of(self, call_id: str) -> str:
        """The mobile number that texts of this call, or answers of this written contact, go to."""
        if (written := self._written_to.standing(call_id)) is not None:
            return written.party.number if written.channel == "text" and is_mobile(written.party.number) else ""
        visit = self._ars.visits.of_call(call_id)
        return self._ars.mobile_of(visit, self._calls.caller(call_id), call_id)

    async def _history(self, call_id: str) -> list[Event]:
        if self._written_to.standing(call_id) is not None:
            return await self._written_to.history(call_id, 0)
        return await self._calls.history(call_id, 0)

    def _queue(self, call_id: str) -> str:
        if (written := self._written_to.standing(call_id)) is not None:
            return written.queue
        visit = self._ars.visits.of_call(call_id)
        return visit.state.menu.queue if visit is not None else ""

    def _require_hers(self, call_id: str, agent_id: str) -> None:
        if self._written_to.held(call_id, agent_id) is not None:
            return
        if not call_id or self._dispatcher.roster.seen(agent_id).busy_call != call_id:
            raise Refused("this is not your running call", code="not_your_call")


def _id_of(agent_id: str, key: str) -> str:
    """The message's id: the same key of the same agent is the same text, and no page can name another's."""
    return hashlib.sha256(f"{agent_id} {key}".encode()).hexdigest()[:16]
