"""A text as a message centre takes it: encoded, and in parts where it is long. Pure.

A radio message carries 140 octets (3GPP TS 23.040, 9.2.3.24). Three ways for what is longer, and the centre says
which it wants: 'udh' = parts, each with a user data header (8-bit reference, of how many, which); 'sar' = parts, the
same in optional parameters (SMPP 3.4, 5.3.2.22 to 24); 'payload' = whole, in message_payload (5.3.2.32), and the centre
cuts it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from channels.smpp_pdu import UDH_INDICATOR

Encoding = Literal["euc-kr", "ucs-2"]
Way = Literal["udh", "sar", "payload"]

UCS2: Final = 0x08
"""data_coding of UCS-2 (5.2.19)."""
_CODECS: Final = {"euc-kr": "cp949", "ucs-2": "utf-16-be"}
_UDH_OCTETS: Final = 6


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """How a centre wants texts."""

    encoding: Encoding = "euc-kr"
    data_coding: int = 0x0E
    """Of EUC-KR; UCS-2 always has 8."""
    way: Way = "udh"
    part_octets: int = 140
    """Most that one part carries, its header included."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One submission."""

    body: bytes = b""
    payload: bytes = b""
    esm_class: int = 0
    segment: tuple[int, int, int] | None = None
    """SAR: reference, number from 1, of how many."""


def coding(form: Form) -> int:
    """The data_coding of what is sent."""
    return UCS2 if form.encoding == "ucs-2" else form.data_coding


def parts(text: str, form: Form, reference: int) -> tuple[Part, ...]:
    """The text's parts in order; ``reference`` (any integer) tells a phone which belong together.

    ``UnicodeEncodeError`` for a sign that the encoding lacks: ``channels.sms_text.writable`` is asked before.
    """
    whole = _encoded(text, form)
    if len(whole) <= form.part_octets:
        return (Part(body=whole),)
    if form.way == "payload":
        return (Part(payload=whole),)
    if form.way == "sar":
        cut = list(_cut(text, form, form.part_octets))
        return tuple(
            Part(body=body, segment=(reference & 0xFFFF, number, len(cut))) for number, body in enumerate(cut, 1)
        )
    cut = list(_cut(text, form, form.part_octets - _UDH_OCTETS))
    header = bytes((0x05, 0x00, 0x03, reference & 0xFF, len(cut)))
    return tuple(
        Part(body=header + bytes((number,)) + body, esm_class=UDH_INDICATOR) for number, body in enumerate(cut, 1)
    )


def _cut(text: str, form: Form, room: int) -> Iterator[bytes]:
    """Whole characters only: half a syllable at the edge of a part is rubbish on many phones."""
    piece = b""
    for sign in text:
        encoded = _encoded(sign, form)
        if len(piece) + len(encoded) > room:
            yield piece
            piece = b""
        piece += encoded
    yield piece


def _encoded(text: str, form: Form) -> bytes:
    return text.encode(_CODECS[form.encoding])


def decoded(body: bytes, data_coding: int, form: Form) -> str:
    """A text that comes in. What cannot be read becomes U+FFFD: half a text is better than none.

    ASCII and Latin-1 are what they say, UCS-2 too; all other codings, the centre's default among them, are taken for
    the city's own encoding, which ASCII is a part of.
    """
    if data_coding == UCS2 or (data_coding == 0 and form.encoding == "ucs-2" and b"\0" in body):
        return body.decode("utf-16-be", "replace")
    return body.decode("latin-1" if data_coding == 0x03 else "cp949", "replace")
