"""What passes between the desk and the house about text messages, and what the desk needs of the house for them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from core.events import TextState

TextQuestion = Literal["opted_out", "quiet_hours", "same_text"]
"""What the house asks before it sends: the person wants no texts; it is night; the number has just got the same."""
Fate = Literal["rewritten", "left_out", "refused"]


class TextToLook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text, as written so far."""

    text: str
    subject: str = ""
    """Its title where she has written one."""


class TextToSend(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text message that she sends."""

    text: str
    """As written."""
    key: str
    """Made by the page for this text, 16 to 64 letters and digits: the same key twice is one text."""
    entry_id: str = ""
    """The entry that it carries, '' = none."""
    sender: str = ""
    """From which number, '' = the one that is offered."""
    subject: str = ""
    """Title of a long one, '' = the beginning of the text."""
    template_id: str = ""
    """The template that it was made of, '' = none: what that asks for, this text asks for."""
    sure: tuple[str, ...] = ()
    """Questions (``TextQuestion``) that she has answered with yes."""


class TextAgain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text that failed, once more."""

    key: str
    """As in ``TextToSend``."""
    sure: tuple[str, ...] = ()
    """As in ``TextToSend``."""


class NumberWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What she does about a mobile number that the caller is asked for."""

    do: Literal["ask", "number", "yes", "again", "cancel"]
    """'ask' = by voice, to be keyed or said; 'number' = she types what she heard; 'yes' = the caller stands by it."""
    number: str = ""
    """Of 'number'."""


class SignChange(msgspec.Struct, frozen=True, kw_only=True):
    """A sign that does not arrive as it was written."""

    start: int
    """Place in the text, characters of Unicode."""
    end: int
    """Place behind it."""
    sign: str
    """As it was written."""
    fate: Fate
    """'refused' = with it the text cannot be sent."""
    becomes: str = ""
    """What is read instead."""


class TextLook(msgspec.Struct, frozen=True, kw_only=True):
    """How a text would arrive."""

    carried: str
    """What is read on the phone; '' while it cannot be sent."""
    bytes: int = 0
    """Of ``carried`` in EUC-KR."""
    kind: Literal["sms", "lms"] = "sms"
    """Up to 90 bytes, or up to 2000."""
    limit: int = 2000
    """More does not go."""
    subject: str = ""
    """Title of a long one: hers, else the beginning of the text."""
    subject_bytes: int = 0
    """Its bytes, at most 40."""
    sms_end: int = 0
    """How many characters of ``carried`` would fit into a short one."""
    lms_end: int = 0
    """How many fit into a long one: what is behind would be cut, so it is not sent."""
    changes: tuple[SignChange, ...] = ()
    """Signs that do not arrive as they were written."""
    unfilled: tuple[str, ...] = ()
    """Fields that are still to be filled in."""
    fault: str = ""
    """Why it cannot go: 'message_empty', 'message_unwritable', 'message_too_long', 'message_field'; '' = it can."""


class TemplateOffered(msgspec.Struct, frozen=True, kw_only=True):
    """A template with all that is known filled in."""

    template_id: str
    """Its own id."""
    title: str
    """How it is found."""
    text: str
    """What it says; fields that nobody knows stand as '{담당자}'."""
    unfilled: tuple[str, ...] = ()
    """Names of these."""


class SenderOffered(msgspec.Struct, frozen=True, kw_only=True):
    """A number that texts may come from."""

    number: str
    """Digits."""
    name: str
    """Whose it is, '' = the usual one."""


class TextOffer(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to begin with."""

    text: str
    """The open entry's text version, '' without an entry."""
    sender: str
    """The number that it would come from."""
    senders: tuple[SenderOffered, ...] = ()
    """All that it may come from, that one included."""
    templates: tuple[TemplateOffered, ...] = ()
    """Those for all, and those for the entry's department, in their order."""
    undo_s: float = 5.0
    """So long it waits and may be taken back."""


class TextTaken(msgspec.Struct, frozen=True, kw_only=True):
    """It was taken."""

    message_id: str
    """The message's own id, as in ``MessageSent``."""


class NumberShown(msgspec.Struct, frozen=True, kw_only=True):
    """Where texts to the caller go, and how far it is where a number is asked for."""

    state: Literal["idle", "asking", "heard", "confirmed"] = "idle"
    """As in ``NumberAsked``."""
    number: str = ""
    """Of 'heard' and 'confirmed': the number that was given."""
    keyed: int = 0
    """Digits keyed so far."""


class OutboxMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the outbox."""

    message_id: str
    """The message's own id."""
    to: str
    """Digits of the number."""
    text: str
    """What it says. A link is blanked as '(link)', except where nothing is really sent."""
    links: tuple[str, ...] = ()
    """Parts of ``text`` that are addresses to click: only where nothing is really sent."""
    kind: Literal["sms", "lms"] = "sms"
    """By length."""
    state: TextState = "queued"
    """How far it is."""
    reason: str = ""
    """Why it failed, in words; of a waiting one 'undo' or 'quiet'."""
    call_id: str = ""
    """Its call, '' if none."""
    by: str = ""
    """Name of the agent who sent it, or of the rule; '' = the menu."""
    rule: bool = False
    """A rule sent it, after the contact."""
    sender: str = ""
    """From which of our numbers, '' = the usual one."""
    due: datetime | None = None
    """Of a waiting one: when it is handed over."""
    again: bool = False
    """It failed, and she may send it once more."""
    back: bool = False
    """It waits, and she may take it back."""
    at: datetime
    """When it was asked for; pages on."""


class OutboxPage(msgspec.Struct, frozen=True, kw_only=True):
    """Messages, newest first."""

    sends: bool
    """False: the gateway is the outbox, nothing leaves the house."""
    messages: tuple[OutboxMessage, ...] = ()
    more: bool = False
    """There are older ones."""


class DeskTexts(Protocol):
    """What the desk needs of the house for texts. Refusals carry a code that the page has words for.

    A ``TextQuestion`` is asked, and the wish comes again with ``sure``. The others: 'not_your_call', 'no_entry',
    'not_a_mobile', 'sender_unknown', 'too_late', 'not_failed', 'not_your_text', 'link_text', and the limits of
    ``channels.messenger``; ``BadInput``: 'message_...'.
    """

    def text_look(self, text: str, subject: str = "") -> TextLook:
        """How it would arrive. ``subject``: her title of a long one."""

    async def text_offer(self, call_id: str, agent_id: str, entry_id: str) -> TextOffer:
        """Templates and numbers for a text about that entry ('' = about none) to the caller of her call."""

    async def send_text(self, call_id: str, agent_id: str, what: TextToSend) -> TextTaken:
        """Send the caller a text; comes back as ``MessageSent``, 'waiting' first."""

    async def take_back(self, message_id: str, agent_id: str) -> None:
        """Do not send it; comes back as ``MessageSent`` 'withdrawn'."""

    async def text_again(self, message_id: str, agent_id: str, what: TextAgain) -> TextTaken:
        """Send a failed one once more, as a new text."""

    async def ask_number(self, call_id: str, agent_id: str, wish: NumberWish) -> None:
        """Ask the caller of her call for a mobile number; comes back as ``NumberAsked``. ``Refused``: 'no_step' (not
        possible now), 'only_listening'."""

    async def outbox(self, *, limit: int, before: datetime | None, agent_id: str, mine: bool) -> OutboxPage:
        """Text messages older than ``before``, newest first; hers alone, or of all. On the first page what waits."""
