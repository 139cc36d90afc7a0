"""What sends text messages, whatever carries them: an outbox that sends nothing, or a city's gateway over HTTP.

``channels.messenger`` gives a message to a ``Gateway``, tries again, asks for the delivery and keeps the state in the
store; ``tests/contracts/test_gateway.py`` is one suite for every gateway.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from core.events import MessageState

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
    """Which agent sent it; '' = the menu."""
    at: datetime
    """When it was asked for."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a gateway says of a message."""

    state: MessageState
    """'sent' = taken over by the gateway, 'delivered' = on the phone, 'failed' = it never will be."""
    reference: str = ""
    """The gateway's own id, to ask for the delivery."""
    reason: str = ""
    """Why it failed, in words for the agent."""


class Gateway(Protocol):
    """Carries messages. Raises ``GatewayFault`` when trying again may help; what never will is a 'failed' receipt."""

    name: str

    async def send(self, message: Message) -> Receipt:
        """Give the message to the carrier; idempotent by ``message_id``."""

    async def delivery(self, message: Message, reference: str) -> Receipt:
        """What has become of a message that was 'sent'."""

    async def close(self) -> None:
        """Release connections. Idempotent."""
