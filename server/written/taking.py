"""Messages on their way in: kept before they are answered for, each once, joined to the person's contact.

Pictures are made anew first (the same worker and folder as callers' photos); one that is refused is said with its code,
and the words are kept all the same. What then follows (the answer outside of office hours, a rating) cannot take back
that a message was kept: its faults are logged, and the gateway hears that all is well.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final, Protocol

from channels.inbox.incoming import Attachment, Incoming
from channels.inbox.routes import Taken
from channels.threads import words
from core.config import InboxConfig
from core.errors import BadInput, MinwonError, StoreFault
from core.events import ContactClosed, ContactOpened, Event, Party, RatingGiven, TextReceived, now
from core.log import get_logger
from core.personal import without_personal_number
from core.pictures.shelf import Photo
from core.store.contract import Store
from core.store.messages import MessageRecord
from core.store.texting import OptOutWay, by_person
from server.written.contact import Contact
from server.written.contacts import WrittenContacts

log = get_logger("server.written")

LOOKED_AT: Final = 10
"""Texts of ours among which the one is looked for that asks for a rating."""
REMEMBERED: Final = 5_000
"""Messages whose content is remembered, to tell one that is delivered again from one that uses its id."""
_BLOCK: Final = 256 << 10


class Shelf(Protocol):
    """``core.pictures.shelf.Pictures``."""

    async def receive(
        self, stream: AsyncIterator[bytes], *, contact: str, declared: str = "", place_consent: bool = False
    ) -> Photo:
        """Make it anew and keep it; ``BadInput`` or ``Refused`` with a code."""


class OptOuts(Protocol):
    """``channels.opt_outs.OptOuts``."""

    async def put(self, number: str, *, way: OptOutWay, by: str = "", contact: str = "") -> bool:
        """That person wants no more texts."""


Tell = Callable[[str, Event], Awaitable[bool]]
"""Say an event on the line of any contact, also of a call that is over."""
Afterwards = Callable[[Contact], Awaitable[None]]
"""What is to be done once a message was kept in an open contact."""


class Taking:
    """One for each node; the hooks' ``Taker``."""

    def __init__(
        self,
        contacts: WrittenContacts,
        store: Store,
        pictures: Shelf,
        opt_outs: OptOuts,
        config: InboxConfig,
        *,
        tell: Tell,
        afterwards: Afterwards,
    ) -> None:
        self._contacts = contacts
        self._store = store
        self._pictures = pictures
        self._opt_outs = opt_outs
        self._config = config
        self._tell = tell
        self._afterwards = afterwards
        self._coming: dict[str, asyncio.Future[None]] = {}
        """Messages that are being kept now; bounded by the hooks."""
        self._known: OrderedDict[str, str] = OrderedDict()
        """Text id -> digest."""
        self._joining = asyncio.Lock()

    async def take(self, message: Incoming) -> Taken:
        """See ``channels.inbox.routes.Taker``."""
        text_id = message.text_id
        while (other := self._coming.get(text_id)) is not None:  # the gateway was impatient: one of them keeps it
            await asyncio.wait({other})
        self._coming[text_id] = asyncio.get_running_loop().create_future()
        try:
            again = await self._is_known(message)
            if not again:
                await self._take(message)
        finally:
            self._coming.pop(text_id).set_result(None)
        return Taken(text_id=text_id, again=again)

    async def _is_known(self, message: Incoming) -> bool:
        known = self._known.get(message.text_id)
        if known is not None and known != message.digest:
            raise BadInput("this id was used for another message: each has its own", code="id_reused")
        if known is not None:
            return True
        try:
            return await self._store.threads.contact_of_text(message.text_id) != ""
        except StoreFault as fault:
            # What came since the start is remembered; of what came before, the gateway hears nothing new so late.
            log.error("text_in.store_is_away", why=str(fault))
            return False

    async def _take(self, message: Incoming) -> None:
        photos, refused = await self._photos(message)
        text = without_personal_number(message.text)
        if words.wants_no_texts(message.text) and message.number:
            # Before it is kept: if this cannot be, the gateway comes again with the whole.
            await self._opt_outs.put(message.number, way="reply", contact=message.text_id)
        async with self._joining:  # of two messages of one person, the second finds the contact of the first
            contact = self._contacts.of(message.channel, message.number)
            ours = await self._ours(message)
            if contact is None:
                answered = ours[0] if ours and self._within(ours[0], self._config.reply_hours) else None
                contact = self._contacts.begin(message.channel)
                await contact.line.say_kept(self._opening(message, answered))
            await contact.line.say_kept(
                TextReceived(text_id=message.text_id, text=text, photos=photos, refused=refused)
            )
        self._remember(message)
        log.info("text_in.kept", text_id=message.text_id, contact_id=contact.contact_id, photos=len(photos))
        await self._follow_up(message, contact, ours)

    def _opening(self, message: Incoming, answered: MessageRecord | None) -> ContactOpened:
        return ContactOpened(
            channel=message.channel,
            party=Party(number=message.number, name=without_personal_number(message.name)),
            to=message.to,
            queue=self._config.queue,
            reply_to=answered.call_id if answered is not None else "",
        )

    async def _ours(self, message: Incoming) -> Sequence[MessageRecord]:
        """Texts of ours to that number, the newest first: to one of them this may be the reply."""
        if not message.number or message.channel != "text":
            return ()
        try:
            return await self._store.messages(to=message.number, limit=LOOKED_AT)
        except StoreFault:
            return ()

    @staticmethod
    def _within(text: MessageRecord, hours: float) -> bool:
        return text.at >= now() - timedelta(hours=hours)

    async def _photos(self, message: Incoming) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Ids of those that were taken, and why the others were not."""
        photos: list[str] = []
        refused: list[str] = []
        for number, attachment in enumerate(message.attachments):
            if number >= self._config.pictures:
                refused.append("photo_too_many")
            elif attachment.data is None:
                refused.append("photo_elsewhere")
            else:
                try:
                    photos.append((await self._photo(message, attachment)).photo_id)
                except MinwonError as fault:
                    refused.append(fault.code if fault.code.startswith("photo_") else "photo_failed")
        return tuple(photos), tuple(refused)

    async def _photo(self, message: Incoming, attachment: Attachment) -> Photo:
        assert attachment.data is not None
        return await self._pictures.receive(_blocks(attachment.data), contact=message.text_id, declared=attachment.type)

    async def _follow_up(self, message: Incoming, contact: Contact, ours: Sequence[MessageRecord]) -> None:
        """What a machine may do with it."""
        try:
            if words.wants_no_texts(message.text):
                await self._done(contact)
            elif (asking := self._asking(ours)) is not None and (score := words.rating(message.text)) is not None:
                await self._tell(asking.call_id or contact.contact_id, RatingGiven(score=score, way="text"))
                await self._done(contact)
            if contact.is_open:
                await self._afterwards(contact)
        except MinwonError as fault:
            log.error("text_in.not_followed", contact_id=contact.contact_id, code=fault.code, why=str(fault))

    def _asking(self, ours: Sequence[MessageRecord]) -> MessageRecord | None:
        """The text that asks for a rating, where a number would answer it: nothing that a person of ours has written
        since stands between, and it is not too long ago."""
        for text in ours:
            if text.purpose == "rating":
                return text if self._within(text, self._config.rating_hours) else None
            if by_person(text.by):
                return None
        return None

    @staticmethod
    async def _done(contact: Contact) -> None:
        """Nothing is to be answered, unless the person has written more than that."""
        if contact.now.texts == 1:
            await contact.line.say(ContactClosed(reason="no_answer_needed"))

    def _remember(self, message: Incoming) -> None:
        self._known[message.text_id] = message.digest
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


async def _blocks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), _BLOCK):
        yield data[start : start + _BLOCK]
