"""The parts of a node that take in what people write, and give it to agents: open, in order, for one node."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec

from agent_assist.reminders.reminders import Reminders
from channels.inbox.adapters import open_adapters
from channels.inbox.incoming import Incoming, incoming
from channels.inbox.routes import texts_in
from channels.messenger import Messenger
from channels.threads.deadlines import Deadlines
from core.bus.contract import Bus
from core.config import Config
from core.events import Event
from core.pictures.shelf import Pictures
from core.store.contract import Store
from core.web.client import Proxies
from server.helping import Aids, Conversation, Helping
from server.line import Line
from server.roster import Roster
from server.texts_parts import TextsParts
from server.web import Setup
from server.written.answering import Answering
from server.written.clock import WrittenClock
from server.written.closed_answer import ClosedAnswer
from server.written.contacts import WrittenContacts
from server.written.taking import Taking


class WrittenParts(msgspec.Struct, frozen=True, kw_only=True):
    """The parts, open."""

    contacts: WrittenContacts
    taking: Taking
    answering: Answering
    clock: WrittenClock
    """Its ``run`` is a side task."""
    deadlines: Deadlines
    is_open: Callable[[], bool]
    """Whether agents answer now, by the office hours."""


@asynccontextmanager
async def open_written(
    config: Config,
    *,
    store: Store,
    bus: Bus,
    keep: Callable[[Event], None],
    flushed: Callable[[], Awaitable[None]],
    roster: Roster,
    texts: TextsParts,
    messenger: Messenger,
    pictures: Pictures,
    conversation: Callable[[str], Conversation],
    aids: Aids,
    tell: Callable[[str, Event], Awaitable[bool]],
    clock: Callable[[], datetime],
) -> AsyncIterator[WrittenParts]:
    """``tell``: says something on the line of any contact (``server.late_lines``). ``clock``: local time with its zone.
    ``ConfigError`` for words of ``inbox`` that nobody can fill in."""

    def helping(line: Line, began: datetime) -> Helping:
        # The house's reminders go by seconds of talk: nobody writes as fast as that.
        return Helping(line, conversation(line.call_id), began, aids, reminders=Reminders(()))

    deadlines = Deadlines(config.inbox, clock)
    contacts = WrittenContacts(
        store=store, keep=keep, flushed=flushed, bus=bus, make_helping=helping, moments=deadlines.moments
    )
    async with contacts:
        answering = Answering(contacts, roster, aids.draft)
        closed = ClosedAnswer(
            config.inbox.closed_text, deadlines, store, centre=config.web.centre, send=messenger.send, clock=clock
        )
        taking = Taking(contacts, store, pictures, texts.opt_outs, config.inbox, tell=tell, afterwards=closed.give)
        yield WrittenParts(
            contacts=contacts,
            taking=taking,
            answering=answering,
            clock=WrittenClock(contacts, answering, closed, deadlines, roster, config.inbox, bus),
            deadlines=deadlines,
            is_open=lambda: deadlines.hours.is_open(clock()),
        )


def texts_room(parts: WrittenParts, config: Config) -> tuple[Setup, ...]:
    """The hooks of gateways as a room of the web application; none without a secret. Raises ``ConfigError``."""
    adapters = open_adapters(config.inbox)
    if not adapters:
        return ()
    return (texts_in(parts.taking, adapters, config.inbox, Proxies(config.web.proxies)),)


def smpp_message(number: str, to: str, text: str, reference: str) -> Incoming:
    """As webhooks bring it."""
    return incoming(gateway="smpp", reference=reference, sender=number, to=to, text=text)
