"""What sends text messages, whatever carries them: an outbox that sends nothing, or a city's gateway over HTTP.

``channels.messenger`` gives a message to a ``Gateway``, tries again, asks for the delivery and keeps the state in the
store; ``tests/contracts/test_gateway.py`` is one suite for every gateway.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final, Literal, Protocol

import msgspec

from core.events import MessageState, TextPurpose

LINK: Final = "(link)"
"""What stands for a secret in a text that is kept or shown."""

Kind = Literal["sms", "lms"]
"""By length in EUC-KR: up to 90 bytes, or up to 2000."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A text message to one caller."""

    message_id: str
    """Our own id; the same message given twice is sent once."""
    to: str
    """Digits of a mobile number."""
    text: str
    """As the caller reads it."""
    kind: Kind
    """See ``channels.sms_text.kind_of``."""
    secrets: tuple[str, ...] = ()
    """Parts of the text that are kept and logged nowhere: a visit's link."""
    call_id: str = ""
    """The call that it belongs to, '' if none."""
    by: str = ""
    """Which agent sent it; 'rule:<id>' = a rule did after the contact; '' = the menu."""
    sender: str = ""
    """From which of our numbers, '' = the gateway's own."""
    entry_id: str = ""
    """Which entry it carries, '' = none."""
    purpose: TextPurpose = ""
    """What it asks for."""
    subject: str = ""
    """Title of a long one where somebody has written it, '' = the beginning of the text (``sms_text.subject_of``)."""
    at: datetime
    """When it was asked for."""

    @property
    def kept(self) -> str:
        """The text as it may be kept, logged and shown on the desk: without its secrets."""
        text = self.text
        for secret in self.secrets:
            text = text.replace(secret, LINK)
        return text


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a gateway says of a message."""

    state: MessageState
    """'sent' = taken over by the gateway, 'delivered' = on the phone, 'failed' = it never will be."""
    reference: str = ""
    """The gateway's own id, to ask for the delivery."""
    reason: str = ""
    """Why it failed, in words for the agent."""


Told = Callable[[str, Receipt], Awaitable[None]]
"""Awaited with a message's reference and what has become of it, by a gateway that tells by itself."""

OnText = Callable[[str, str, str, str], Awaitable[None]]
"""Takes a text that came in: who wrote it (as one dials at home), to which number of ours, the text, and an id by which
a second delivery of it is known. Raises ``MinwonError`` when it cannot be taken now: it is then delivered again."""


class Gateway(Protocol):
    """Carries messages. Raises ``GatewayFault`` when trying again may help, ``NotSent`` when the message certainly did
    not leave; what never will arrive is a 'failed' receipt."""

    name: str
    tells: bool
    """It says by itself what becomes of messages, so that nobody needs to ask soon."""

    async def open(self, told: Told, references: Sequence[str]) -> None:
        """Begin; called once. From now on ``told`` is awaited where the gateway tells by itself, also of messages of an
        earlier node, which ``references`` names."""

    async def send(self, message: Message, *, tried: datetime | None = None) -> Receipt:
        """Give the message to the carrier.

        ``tried`` is when an earlier try of this very message began that ended in a fault or a crash, so that nobody
        knows whether it arrived. The gateway then looks whether the carrier has it, and sends only what it has not.
        """

    async def delivery(self, message: Message, reference: str) -> Receipt:
        """What has become of a message that was 'sent'."""

    async def close(self) -> None:
        """Release connections. Idempotent."""
