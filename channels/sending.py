"""The one door for texts that people or rules send: who may get one, when, from which number, and not twice.

    await sending.send(wish)                          # Refused where somebody must be asked first ...
    await sending.send(wish, sure={"same_text"})      # ... who has said yes

A text from a desk waits for some seconds and may be taken back; one of a rule at night waits until the morning. What
happens is said as ``MessageSent`` on the contact's line. Links that callers wish for themselves go to the messenger
directly (``server.visual_ars``): they are answers, and nobody opts out of those.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from channels import progress, senders
from channels.compose import composed
from channels.contract import Message
from channels.fields import require_filled
from channels.messenger import Messenger
from channels.opt_outs import OptOuts
from channels.quiet_hours import QuietHours
from channels.reasons import in_words
from channels.sms_text import titled
from channels.waiting_texts import WaitingTexts
from core.errors import BadInput, Refused, StoreFault
from core.events import MessageSent, TextPurpose, TextState, now
from core.log import get_logger
from core.store.contract import Store
from core.store.texting import SenderNumber, WaitingText, WaitReason

log = get_logger("channels.sending")

Question = Literal["opted_out", "quiet_hours", "same_text"]
"""What an agent is asked before it is sent all the same; a rule never gets an answer."""
Tell = Callable[[str, MessageSent], Awaitable[None]]
_LATER: Final = frozenset({"messages_full", "messages_total", "messages_closed"})
"""Refusals of the messenger that pass by themselves: what waits goes on waiting."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A text that somebody wants to send."""

    message_id: str
    """Made from a key that the page or the rule gives, so that the same wish twice is one text."""
    to: str
    """A mobile number, however it is written."""
    text: str
    """What it says."""
    call_id: str = ""
    """Its contact, '' = none."""
    by: str
    """Agent, or 'rule:<id>'."""
    sender: str = ""
    """From which number, '' = the department's or queue's, else the usual one."""
    department: str = ""
    """Whose entry it carries."""
    queue: str = ""
    """Of the contact."""
    entry_id: str = ""
    """Which entry it carries, '' = none."""
    purpose: TextPurpose = ""
    """What it asks for."""
    subject: str = ""
    """Title of a long one, '' = the beginning of the text."""


class Sending:
    """One for the node."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        store: Store,
        opt_outs: OptOuts,
        quiet: QuietHours,
        tell: Tell,
        clock: Callable[[], datetime],
        undo_s: float,
        same: timedelta,
        usual_sender: str = "",
    ) -> None:
        """``clock``: local time with its zone. ``same``: how long the same text to one number is asked about."""
        self._messenger = messenger
        self._store = store
        self._opt_outs = opt_outs
        self._quiet = quiet
        self._tell = tell
        self._clock = clock
        self._undo_s = undo_s
        self._same = same
        self._usual_sender = usual_sender
        self._released: set[str] = set()
        """Messages in the store that the messenger could not take in that very moment."""
        self.waiting = WaitingTexts(store.texting, self._hand_over)

    async def send(self, wish: Wish, *, sure: Collection[Question] = ()) -> None:
        """Let a text of an agent wait for its seconds; the same ``message_id`` again does nothing.

        Raises ``BadInput`` for what no text can be ('not_a_mobile', 'message_...'), ``Refused`` with a ``Question``
        that is not among ``sure``, or for good ('sender_unknown', limits as of ``Messenger.send``).
        """
        message = await self._message(wish)
        try:
            await self._ask(message, sure)
            await self._let_wait(message, self._undo_s, "undo")
        except StoreFault as fault:  # a caller waits: it goes at once, and nothing is asked
            log.error("sending.store_is_away", message_id=wish.message_id, why=str(fault))
            self._messenger.send(message)

    async def send_unasked(self, wish: Wish, *, notice: bool) -> None:
        """Send a text of a rule: at night it waits until the morning. ``notice``: the law demands it, so that it goes
        also to those who want no texts. Raises as :meth:`send`, and ``StoreFault``."""
        message = await self._message(wish)
        await self._ask(message, {"quiet_hours", "opted_out"} if notice else {"quiet_hours"})
        morning = self._quiet.until(self._clock())
        if morning is None:
            await self._let_wait(message, 0.0, "undo")
        else:
            await self._let_wait(message, (morning - self._clock()).total_seconds(), "quiet")

    async def resend(self, message_id: str, wish_id: str, *, by: str, sure: Collection[Question] = ()) -> None:
        """A text that failed, once more. Raises ``Refused`` ('no_message', 'not_failed', 'link_text') and as
        :meth:`send`."""
        record = await self._store.texting.message(message_id)
        if record is None:
            raise Refused("this text is not kept any more", code="no_message")
        if record.state != "failed":
            raise Refused("this text has not failed: it needs no second try", code="not_failed")
        if record.blanked:
            raise Refused("its link is not kept: send a new link", code="link_text")
        again = Wish(
            message_id=wish_id,
            to=record.to,
            text=record.text,
            call_id=record.call_id,
            by=by,
            sender=record.sender,
            entry_id=record.entry_id,
            purpose=record.purpose,
            subject=record.subject,
        )
        await self.send(again, sure=sure)

    async def take_back(self, message_id: str) -> WaitingText:
        """Do not send it. Raises ``Refused`` ('too_late') when it is on its way already."""
        taken = await self.waiting.take_back(message_id)
        if taken is None:
            raise Refused("it is too late: this text is on its way", code="too_late")
        await self._say(taken, "withdrawn")
        return taken

    async def _message(self, wish: Wish) -> Message:
        require_filled(f"{wish.text}{wish.subject}")
        message = composed(
            message_id=wish.message_id, to=wish.to, text=wish.text, at=now(), call_id=wish.call_id, by=wish.by
        )
        sender = senders.chosen(
            await self._senders(wish),
            self._clock().date(),
            wish=wish.sender,
            usual=self._usual_sender,
            department=wish.department,
            queue=wish.queue,
        )
        subject = titled(wish.subject) if message.kind == "lms" else ""
        return replace(message, sender=sender, entry_id=wish.entry_id, purpose=wish.purpose, subject=subject)

    async def _senders(self, wish: Wish) -> list[SenderNumber]:
        try:
            return await self._store.texting.senders()
        except StoreFault:
            if wish.sender:
                raise
            return []  # the usual one will do

    async def _ask(self, message: Message, sure: Collection[Question]) -> None:
        """Raise ``Refused`` for the first thing that somebody must be asked."""
        self._messenger.check(message)
        if "opted_out" not in sure and await self._opt_outs.has(message.to):
            raise Refused("this person wants no texts: send it only if she asks for it now", code="opted_out")
        if "quiet_hours" not in sure and self._quiet.until(self._clock()) is not None:
            raise Refused("it is night: send it only if the caller wants it now", code="quiet_hours")
        if "same_text" in sure or await self._known(message.message_id):
            return
        since = now() - self._same
        # The very wish may have been taken from another page since we looked: it is not its own double.
        if await self._store.texting.sent_like(message.to, message.text, since, besides=message.message_id):
            raise Refused("this number got the same text just now: send it again?", code="same_text")

    async def _known(self, message_id: str) -> bool:
        """Whether this very wish was taken already: a key pressed twice is no second text, and no question."""
        return self.waiting.get(message_id) is not None or await self._store.texting.message(message_id) is not None

    async def _let_wait(self, message: Message, seconds: float, why: WaitReason) -> None:
        text = WaitingText(
            message_id=message.message_id,
            to=message.to,
            text=message.text,
            kind=message.kind,
            call_id=message.call_id,
            by=message.by,
            sender=message.sender,
            entry_id=message.entry_id,
            purpose=message.purpose,
            subject=message.subject,
            at=message.at,
            due=message.at + timedelta(seconds=seconds),
            why=why,
        )
        if await self.waiting.put(text):
            await self._say(text, "waiting", why)

    async def _hand_over(self, text: WaitingText) -> bool:
        """It is due. False = the messenger cannot take it just now."""
        message = Message(
            message_id=text.message_id,
            to=text.to,
            text=text.text,
            kind=text.kind,
            call_id=text.call_id,
            by=text.by,
            sender=text.sender,
            entry_id=text.entry_id,
            purpose=text.purpose,
            subject=text.subject,
            at=now(),
        )
        try:
            self._messenger.check(message)
            if text.message_id not in self._released:
                if not await self._store.texting.release(text.message_id, progress.queued(message)):
                    return True
                self._released.add(text.message_id)
            self._messenger.send(message)
        except Refused as refusal:
            if refusal.code in _LATER:
                return False
            await self._fail(text, message, refusal)
        self._released.discard(text.message_id)
        return True

    async def _fail(self, text: WaitingText, message: Message, refusal: Refused) -> None:
        """The day has brought too many since it was asked for."""
        reason = in_words(refusal.code)
        record = progress.refused(message, reason)
        if text.message_id in self._released:
            await self._store.put_message(record)
        else:
            await self._store.texting.release(text.message_id, record)
        await self._say(text, "failed", reason)

    async def _say(self, text: WaitingText, state: TextState, reason: str = "") -> None:
        event = MessageSent(
            message_id=text.message_id,
            to=text.to,
            text=text.text,
            kind=text.kind,
            state=state,
            reason=reason,
            by=text.by,
            sender=text.sender,
            entry_id=text.entry_id,
            purpose=text.purpose,
            due=text.due if state == "waiting" else None,
        )
        await self._tell(text.call_id, event)


def require_sure(names: Collection[str]) -> frozenset[Question]:
    """What a page says that its agent is sure of. ``BadInput`` for anything else."""
    known: tuple[Question, ...] = ("opted_out", "quiet_hours", "same_text")
    if strange := set(names).difference(known):
        raise BadInput(f"nobody asks about {min(strange)!r}", code="unknown_question")
    return frozenset(question for question in known if question in names)
