"""The text messages of ``FakeHouse``: nothing is sent; what waits is taken back, what failed goes again, by hand."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime, timedelta

import msgspec

from agent_assist.desk_text import text_of
from agent_assist.desk_texts import (
    NumberShown,
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
from agent_assist.desk_visits import Reach
from channels.fields import unfilled
from channels.number_asking import Asking, Event, step
from core.errors import BadInput, IllegalStep, Refused
from core.events import Event as AnyEvent
from core.events import MessageSent, NumberAsked, TextState, now
from core.phone_numbers import is_mobile, normalised
from core.store.entry import Entry
from server.text_looks import look_at

SENDER = "0331200120"


class FakeTexts:
    """A part of ``FakeHouse``."""

    reached: Reach
    entries: dict[str, Entry]

    def __init__(self) -> None:
        self.sends = False
        self.messages: list[OutboxMessage] = []
        self.sent: list[TextToSend] = []
        """What she wished, each key once."""
        self.questions: list[str] = []
        """Asked before the next text goes."""
        self.templates: list[TemplateOffered] = []
        self.senders = [SenderOffered(number=SENDER, name="한빛시청 대표")]
        self.undo_s = 5.0
        self.asking = Asking()
        self.name = "김하늘"

    @abstractmethod
    async def say(self, call_id: str, event: AnyEvent) -> AnyEvent: ...

    @abstractmethod
    def _check(self, call_id: str) -> None: ...

    @abstractmethod
    def number_of(self, call_id: str) -> str: ...

    def text_look(self, text: str, subject: str = "") -> TextLook:
        return look_at(text, subject)

    async def text_offer(self, call_id: str, agent_id: str, entry_id: str) -> TextOffer:
        self._check(call_id)
        entry = self.entries.get(entry_id)
        templates = tuple(msgspec.structs.replace(one, unfilled=tuple(unfilled(one.text))) for one in self.templates)
        return TextOffer(
            text=text_of(entry) if entry is not None else "",
            sender=SENDER,
            senders=tuple(self.senders),
            templates=templates,
            undo_s=self.undo_s,
        )

    async def send_text(self, call_id: str, agent_id: str, what: TextToSend) -> TextTaken:
        self._check(call_id)
        if not self.reached.mobile:
            raise Refused("this is no mobile number", code="not_a_mobile")
        if wrong := look_at(what.text, what.subject).fault:
            raise BadInput("it cannot be sent", code=wrong)
        self._ask(what.sure)
        if what.key not in {one.key for one in self.sent}:
            self.sent.append(what)
            await self.message(call_id, what.key, what.text, "waiting", "undo", entry_id=what.entry_id)
        return TextTaken(message_id=what.key)

    def _ask(self, sure: tuple[str, ...]) -> None:
        if asked := [question for question in self.questions if question not in sure]:
            raise Refused("are you sure?", code=asked[0])

    async def take_back(self, message_id: str, agent_id: str) -> None:
        message = self._message(message_id)
        if message.state != "waiting":
            raise Refused("it is on its way", code="too_late")
        await self.message(message.call_id, message_id, message.text, "withdrawn")

    async def text_again(self, message_id: str, agent_id: str, what: TextAgain) -> TextTaken:
        self._ask(what.sure)
        message = self._message(message_id)
        await self.message(message.call_id, what.key, message.text, "waiting", "undo")
        return TextTaken(message_id=what.key)

    async def ask_number(self, call_id: str, agent_id: str, wish: NumberWish) -> None:
        self._check(call_id)
        if wish.do == "number" and not is_mobile(normalised(wish.number)):
            raise BadInput("no mobile", code="not_a_mobile")
        await self.number_step(call_id, wish.do, wish.number)

    async def number_step(self, call_id: str, event: Event, value: str = "") -> None:
        """Something happens to the number that is asked for: a key of the caller's, a word."""
        try:
            self.asking, words = step(self.asking, event, value)
        except IllegalStep as fault:
            raise Refused("not now", code="no_step") from fault
        asking = self.asking
        shown = NumberShown(state=asking.phase, number=asking.number, keyed=len(asking.digits))
        self.reached = msgspec.structs.replace(self.reached, asked=shown)
        if asking.phase == "confirmed":
            self.reached = msgspec.structs.replace(self.reached, mobile=True, link=True, number=asking.number)
        await self.say(
            call_id,
            NumberAsked(
                state=asking.phase, number=asking.number, keyed=len(asking.digits), given_up=words == "given_up"
            ),
        )

    async def outbox(self, *, limit: int, before: datetime | None, agent_id: str, mine: bool) -> OutboxPage:
        found = [
            message
            for message in sorted(self.messages, key=lambda message: message.at, reverse=True)
            if (before is None or message.at < before) and (not mine or message.by == self.name)
        ]
        return OutboxPage(sends=self.sends, messages=tuple(found[:limit]), more=len(found) > limit)

    async def message(
        self,
        call_id: str,
        message_id: str,
        text: str,
        state: TextState = "queued",
        reason: str = "",
        *,
        by: str = "kim",
        entry_id: str = "",
    ) -> None:
        """A text message to the caller of that call, or its new state."""
        to, kind = self.number_of(call_id), look_at(text).kind
        due = now() + timedelta(seconds=self.undo_s) if state == "waiting" else None
        self.messages = [message for message in self.messages if message.message_id != message_id]
        self.messages.append(
            OutboxMessage(
                message_id=message_id, to=to, text=text, kind=kind, state=state, reason=reason, call_id=call_id,
                by=self.name, due=due, again=state == "failed", back=state == "waiting", at=now(),
            )
        )  # fmt: skip
        await self.say(
            call_id,
            MessageSent(
                message_id=message_id, to=to, text=text, kind=kind, state=state, reason=reason, by=by,
                entry_id=entry_id, due=due,
            ),
        )  # fmt: skip

    def _message(self, message_id: str) -> OutboxMessage:
        return next(message for message in self.messages if message.message_id == message_id)
