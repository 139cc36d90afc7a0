"""What belongs to texts that go out: templates, sender numbers, opt-outs, rules, and texts that still wait.

The contract; ``sql_texting`` keeps it in SQLite or PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, Literal, Protocol

import msgspec

from core.events import Channel, Event, TextPurpose
from core.store.messages import MessageRecord

OptOutWay = Literal["reply", "desk", "office"]
"""How somebody told us to send no more: by a text that said so, to an agent, by any other way (a letter)."""
WaitReason = Literal["undo", "quiet"]
"""Why a text waits: she may still take it back; it is night."""
BY_RULE: Final = "rule:"
"""How ``by`` of a text (``MessageSent``, ``MessageRecord``) begins that a rule has sent; behind it the rule's id."""


def by_person(by: str) -> bool:
    """Whether one of ours has sent it: neither a rule nor the menu."""
    return by != "" and not by.startswith(BY_RULE)


class TextTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A text with fields that agents and rules send."""

    template_id: str
    """Its own id."""
    title: str
    """How it is found in the list."""
    text: str
    """What it says; fields as '{부서}' (``channels.fields``)."""
    department: str = ""
    """For texts of that department alone; '' = for all."""
    notice: bool = False
    """A notice that the law demands: rules send it also to people who want no texts."""
    purpose: TextPurpose = ""
    """What it asks for: the answer to one that asks for a rating is taken as one."""
    place: int = 0
    """Where it stands in the list, the smallest first."""
    by: str = ""
    """Who wrote it last."""
    at: datetime
    """When."""


class SenderNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number that texts may come from, registered beforehand (전기통신사업법 제84조의2, 발신번호 사전등록)."""

    number: str
    """Digits."""
    name: str
    """Whose it is, as agents read it: '한빛시청 대표', '자원순환과'."""
    registered: date
    """The day on which the provider registered it; what is not registered yet may not send."""
    department: str = ""
    """Texts of that department's entries come from it by themselves; '' = of none."""
    queue: str = ""
    """Calls of that queue likewise; '' = of none."""
    by: str = ""
    """Who put it in."""
    at: datetime
    """When."""


class OptOut(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody wants no texts from us. Neither number nor name: the person key alone finds it again."""

    person: str
    """Person key (``core.person_key``)."""
    since: datetime
    """When we were told."""
    way: OptOutWay
    """How we were told."""
    by: str = ""
    """Who put it in, '' = the person's own reply did."""
    contact: str = ""
    """The contact in which it was said, '' = none."""


class TextRule(msgspec.Struct, frozen=True, kw_only=True):
    """A text that goes by itself after a contact. Of each kind of condition one must hold; an empty one always does."""

    rule_id: str
    """Its own id; texts of it are said to be by 'rule:<rule_id>'."""
    name: str
    """What people call it."""
    on: bool = False
    """Whether it is in force."""
    channels: tuple[Channel, ...] = ()
    """How the contact came."""
    categories: tuple[str, ...] = ()
    """Paths in the category tree, each with all that lies below it."""
    results: tuple[str, ...] = ()
    """Dispositions by their codes."""
    departments: tuple[str, ...] = ()
    """Names of departments that it concerned."""
    forms: tuple[str, ...] = ()
    """Titles of forms that the caller sent."""
    template_id: str
    """What is sent."""
    sender: str = ""
    """From which number, '' = as for an agent."""
    place: int = 0
    """Where it stands in the list; of several that match the first sends."""
    by: str = ""
    """Who wrote it last."""
    at: datetime
    """When."""


class WaitingText(msgspec.Struct, frozen=True, kw_only=True):
    """A text that was asked for and is not handed over yet."""

    message_id: str
    """The id of the message that it will be."""
    to: str
    """Digits of a mobile number."""
    text: str
    """What it says, as it will be carried."""
    kind: Literal["sms", "lms"] = "sms"
    """By length."""
    call_id: str = ""
    """The contact that it belongs to, '' = none."""
    by: str = ""
    """As in ``MessageRecord``."""
    sender: str = ""
    """As in ``MessageRecord``."""
    entry_id: str = ""
    """As in ``MessageRecord``."""
    purpose: TextPurpose = ""
    """As in ``MessageRecord``."""
    subject: str = ""
    """As in ``MessageRecord``."""
    at: datetime
    """When it was asked for."""
    due: datetime
    """When it is handed over."""
    why: WaitReason = "undo"
    """What it waits for."""


class Tallies(msgspec.Struct, frozen=True, kw_only=True):
    """How many texts were sent since some moment."""

    in_total: int = 0
    """All of them."""
    by_number: Mapping[str, int] = {}
    """To each number."""
    by_sender: Mapping[str, int] = {}
    """By each agent or rule; what the menu sent is not in it."""


class TextingStore(Protocol):
    """What belongs to texts that go out. Raises ``StoreFault`` when the database can't be used."""

    async def templates(self) -> list[TextTemplate]:
        """All, in their order."""

    async def put_template(self, template: TextTemplate) -> None:
        """Insert or replace by ``template_id``."""

    async def drop_template(self, template_id: str) -> None:
        """Delete it; one that is not there is no fault."""

    async def senders(self) -> list[SenderNumber]:
        """All, by name."""

    async def put_sender(self, sender: SenderNumber) -> None:
        """Insert or replace by ``number``."""

    async def drop_sender(self, number: str) -> None:
        """Delete it; one that is not there is no fault."""

    async def opt_out(self, person: str) -> OptOut | None:
        """What that person told us, None = nothing."""

    async def opt_outs(self, *, limit: int = 50, before: datetime | None = None) -> list[OptOut]:
        """All, the newest first; ``before`` pages on by ``since``."""

    async def put_opt_out(self, opt_out: OptOut) -> bool:
        """Keep it unless there is one: the first stands. Whether it was new."""

    async def drop_opt_out(self, person: str) -> bool:
        """The person wants texts again; whether there was one."""

    async def rules(self) -> list[TextRule]:
        """All, in their order."""

    async def put_rule(self, rule: TextRule) -> None:
        """Insert or replace by ``rule_id``."""

    async def drop_rule(self, rule_id: str) -> None:
        """Delete it; one that is not there is no fault."""

    async def put_waiting(self, text: WaitingText) -> bool:
        """Keep it unless it waits, or a message of that id is there already. Whether it was new."""

    async def waiting(self) -> list[WaitingText]:
        """All that wait, the most urgent first."""

    async def drop_waiting(self, message_id: str) -> WaitingText | None:
        """Take it back: returns what waited, None = it waits no more (it is on its way, or was taken back)."""

    async def release(self, message_id: str, record: MessageRecord) -> bool:
        """It waits no more and is the message ``record`` from now on, in one transaction: however a node ends, it is
        the one or the other. False = it waits no more (another node has it, or it was taken back)."""

    async def message(self, message_id: str) -> MessageRecord | None:
        """A message that was handed over, or is on its way."""

    async def sent_like(self, to: str, text: str, since: datetime, *, besides: str = "") -> datetime | None:
        """When the same text was last sent to that number, or waits for it, unless it failed. ``besides``: the id of a
        message that does not count."""

    async def tallies(self, since: datetime) -> Tallies:
        """What was sent since then."""

    async def past_contacts(self, since: datetime, *, limit: int) -> dict[str, Sequence[Event]]:
        """Contacts that began since then, the newest first, each with those of its events that rules go by
        (:data:`RULE_EVENTS`), in order."""


RULE_EVENTS = ("CallStarted", "ContactOpened", "CardUsed", "FormSent", "MessageSent", "RecordKept", "CallEnded")
"""Types of events that say all that a rule asks."""
