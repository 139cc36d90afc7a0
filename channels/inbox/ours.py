"""Our own shape: a signed JSON object, for gateways and relays that a city can tell what to send. Pure.

Signed as ``core.webhook_signature`` says; ``webhook-id`` is the message's id. The body::

    {"from": "010-1234-5678", "to": "0331200120", "text": "사진 보냅니다",
     "pictures": [{"type": "image/jpeg", "data": "<base64>"}]}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from channels.inbox.incoming import Attachment, Incoming, incoming
from core.errors import BadInput
from core.webhook_signature import verified


class PictureIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture of a message."""

    type: str = ""
    """'image/jpeg'."""
    data: bytes
    """The file, as base64."""


class TextIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a webhook says."""

    sender: str = msgspec.field(name="from")
    """Who wrote: a telephone number, or a chat's handle."""
    to: str = ""
    """The number of ours that was written to."""
    text: str = ""
    """What was written."""
    name: str = ""
    """The sender's name, where the channel shows one."""
    channel: Literal["text", "chat"] = "text"
    """How it came."""
    pictures: tuple[PictureIn, ...] = ()
    """At most ``inbox.pictures`` of them are taken."""


class OurAdapter:
    """See ``channels.inbox.incoming.Adapter``."""

    name = "minwon"

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Incoming:
        """See ``Adapter``."""
        webhook_id = verified(self._keys, headers, body, now)
        try:
            message = msgspec.json.decode(body, type=TextIn)
        except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
            raise BadInput(f"this is no message as docs/texts-in.md shows one: {wrong}", code="malformed") from wrong
        return incoming(
            gateway=self.name,
            reference=webhook_id,
            sender=message.sender,
            to=message.to,
            text=message.text,
            channel=message.channel,
            name=message.name,
            attachments=tuple(Attachment(type=each.type, data=each.data) for each in message.pictures),
        )
