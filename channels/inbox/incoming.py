"""What came in, whatever carried it, and what reads a gateway's shape. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

import msgspec

from core.errors import BadInput
from core.events import Channel
from core.phone_numbers import normalised

LONGEST_TEXT: Final = 5000
"""Characters; a long message of the carriers has at most 2,000 bytes, a chat's may be longer."""
_LONGEST_NAME: Final = 60
_KEPT: Final = frozenset("\n\t")


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came with a text."""

    type: str = ""
    """What its sender says it is: 'image/jpeg'. Nobody believes it."""
    data: bytes | None = None
    """The file; None = it lies elsewhere: we fetch nothing that a stranger points at."""


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A message of somebody: a text, pictures, or both."""

    gateway: str
    """What carried it: 'minwon', 'sinch', 'smpp'."""
    reference: str
    """The gateway's own id: the same for every try of the same message."""
    channel: Channel = "text"
    """How it came."""
    number: str
    """Who wrote: digits as dialled at home, or a chat's handle; '' = withheld, or a name instead of a number."""
    name: str = ""
    """As the gateway shows the sender, '' if it does not."""
    to: str = ""
    """The number of ours that was written to."""
    text: str = ""
    """What was written, without signs that cannot be shown."""
    attachments: tuple[Attachment, ...] = ()
    """In the order in which they came."""

    @property
    def text_id(self) -> str:
        """Our own id of it: the same message delivered again has the same."""
        return "in-" + hashlib.sha256(f"{self.gateway}\0{self.reference}".encode()).hexdigest()[:24]

    @property
    def digest(self) -> str:
        """Of all that it says: two with one id and different digests are not the same message."""
        said = hashlib.sha256()
        parts = (self.number.encode(), self.to.encode(), self.text.encode(), *(a.data or b"" for a in self.attachments))
        for part in parts:
            said.update(len(part).to_bytes(8, "big") + part)
        return said.hexdigest()


class Adapter(Protocol):
    """Reads one gateway's webhooks. Knows no network and no clock."""

    name: str
    """Its place in the address: /hooks/texts/NAME."""

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Incoming | None:
        """The message in a signed webhook; None = signed, but of no message (a delivery, a test).

        Raises ``Forged`` when it is not signed by the gateway, or not just now; ``BadInput`` when it is, and cannot be
        read. Of any bytes whatever. Called in a thread when the body is large."""


def incoming(
    *,
    gateway: str,
    reference: str,
    sender: str,
    to: str,
    text: str,
    channel: Channel = "text",
    name: str = "",
    attachments: tuple[Attachment, ...] = (),
) -> Incoming:
    """A message as the house wants it. ``BadInput`` ('no_words' or 'text_too_long')."""
    words = shown(text).strip()
    if len(words) > LONGEST_TEXT:
        raise BadInput(f"a text has at most {LONGEST_TEXT} characters, this one {len(words)}", code="text_too_long")
    if not words and not attachments:
        raise BadInput("there is neither a text nor a picture in it", code="no_words")
    number = normalised(sender) if channel == "text" else shown(sender).strip()[:_LONGEST_NAME]
    return Incoming(
        gateway=gateway,
        reference=reference,
        channel=channel,
        number=number,
        name=shown(name or ("" if number else sender)).replace("\n", " ").strip()[:_LONGEST_NAME],
        to=normalised(to) or shown(to).strip()[:_LONGEST_NAME],
        text=words,
        attachments=attachments,
    )


def shown(text: str) -> str:
    """Without signs that cannot be shown, and that databases refuse: controls, NUL, halves of pairs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in _KEPT or not _hidden(sign))


_HIDDEN: Final = (
    (0, 31),
    (127, 159),
    (0x202A, 0x202E),  # these turn what follows them around: a text could show another number than it holds
    (0x2066, 0x2069),
    (0xD800, 0xDFFF),
)


def _hidden(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in _HIDDEN)
