"""Outside of office hours: one answer that says when we are back, for each person and day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from channels.compose import composed
from channels.contract import Message
from channels.sms_text import filled
from channels.threads.deadlines import Deadlines
from channels.threads.office_hours import in_words
from core.errors import BadInput, ConfigError, MinwonError
from core.events import Written, now
from core.log import get_logger
from core.store.contract import Store
from server.written.contact import Contact

log = get_logger("server.written")


class ClosedAnswer:
    """One for each node."""

    def __init__(
        self,
        text: str,
        deadlines: Deadlines,
        store: Store,
        *,
        centre: str,
        send: Callable[[Message], None],
        clock: Callable[[], datetime],
    ) -> None:
        """``text``: ``inbox.closed_text``, '' = nothing is answered; ``ConfigError`` for a field that nobody fills.
        ``send``: hands a message over at once (``Messenger.send``). ``clock``: local time with its zone."""
        self._text = text
        self._deadlines = deadlines
        self._store = store
        self._centre = centre
        self._send = send
        self._clock = clock
        try:
            self._words(clock())
        except BadInput as wrong:
            raise ConfigError(f"inbox.closed_text: {wrong}") from wrong

    async def give(self, contact: Contact) -> None:
        """Answer what came while nobody is there. The answer's id is the person's and the day's, so that there is one,
        also over a restart. What cannot be sent is logged: nobody is kept from writing by it."""
        here, written = self._clock(), contact.now
        back = self._deadlines.hours.back(here)
        wanted = self._text and written.owed_since is not None and self._deadlines.came_outside(written)
        if not wanted or back is None or back <= here or written.channel != "text" or not written.party.number:
            return
        try:
            message_id = _id(written, here)
            if await self._store.texting.message(message_id) is None:
                self._send(
                    composed(
                        message_id=message_id,
                        to=written.party.number,
                        text=self._words(back),
                        call_id=written.contact_id,
                        at=now(),
                    )
                )
        except MinwonError as fault:
            log.warning("written.no_closed_answer", contact_id=written.contact_id, code=fault.code)

    def _words(self, back: datetime) -> str:
        return filled(self._text, {"centre": self._centre, "back": in_words(back, self._clock())})


def _id(written: Written, here: datetime) -> str:
    person = f"{written.channel}\0{written.party.number}\0{here.date().isoformat()}"
    return "closed-" + hashlib.sha256(person.encode()).hexdigest()[:24]
