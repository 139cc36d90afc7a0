"""The Conversation API of Sinch: texts, and chats such as KakaoTalk, in one shape. Pure.

Signed by ``x-sinch-webhook-signature``: the base64 of HMAC-SHA256 over ``body.nonce.timestamp``
(developers.sinch.com, "Conversation API callbacks"). Its pictures lie at an address of theirs; we fetch nothing that a
webhook points at, so the agent reads that there was one.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from channels.inbox.incoming import Attachment, Incoming, incoming
from core.errors import BadInput
from core.webhook_signature import Forged, in_time, same

_PREFIX: Final = "x-sinch-webhook-signature"
_SECONDS: Final = re.compile(r"[0-9]{1,12}")
_TEXTS: Final = frozenset({"SMS", "MMS", "RCS"})


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A text."""

    text: str = ""


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A picture or another file."""

    url: str = ""


class ContactMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What the person sent: one of them."""

    text_message: Words | None = None
    media_message: Media | None = None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who the person is on a channel."""

    channel: str = ""
    identity: str = ""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message of a person."""

    id: str
    contact_message: ContactMessage | None = None
    channel_identity: Identity = Identity()
    sender_id: str = ""


class Callback(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook; what it says beside a message is none of our business."""

    message: Message | None = None


class SinchAdapter:
    """See ``channels.inbox.incoming.Adapter``."""

    name = "sinch"

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Incoming | None:
        """See ``Adapter``."""
        self._verify(headers, body, now)
        try:
            callback = msgspec.json.decode(body, type=Callback)
        except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
            raise BadInput(f"this is no callback of the Conversation API: {wrong}", code="malformed") from wrong
        message = callback.message
        if message is None or message.contact_message is None:
            return None
        said, who = message.contact_message, message.channel_identity
        return incoming(
            gateway=self.name,
            reference=message.id,
            # MSISDN without a plus; numbers of Korea are dialled at home.
            sender=f"+{who.identity}" if who.channel in _TEXTS and who.identity.isdigit() else who.identity,
            to=message.sender_id,
            text=said.text_message.text if said.text_message else "",
            channel="text" if who.channel in _TEXTS else "chat",
            attachments=(Attachment(),) if said.media_message else (),
        )

    def _verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        nonce, timestamp = headers.get(f"{_PREFIX}-nonce", ""), headers.get(f"{_PREFIX}-timestamp", "")
        algorithm = headers.get(f"{_PREFIX}-algorithm", "HmacSHA256")
        if algorithm != "HmacSHA256" or not _SECONDS.fullmatch(timestamp):
            raise Forged(f"a callback shows {_PREFIX}, its nonce and timestamp, by HmacSHA256")
        content = body + f".{nonce}.{timestamp}".encode("utf-8", "replace")
        macs = [base64.b64encode(hmac.digest(key, content, "sha256")).decode() for key in self._keys]
        if not sum(same(mac, headers.get(_PREFIX, "")) for mac in macs):
            raise Forged("the signature is not that of the secret of our webhook at Sinch")
        in_time(int(timestamp), now)
