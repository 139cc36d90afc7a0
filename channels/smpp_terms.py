"""What a message centre's operator and we have agreed on, and what a text looks like under it. Pure."""

from __future__ import annotations

import zlib
from typing import Literal

import msgspec

from channels import smpp_pdu as pdu
from channels.contract import Message
from channels.smpp_parts import Form, Part, coding, parts
from channels.smpp_receipts import Ids


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """See above."""

    form: Form = Form()
    source: pdu.Address
    """Our number."""
    destination: pdu.Address = pdu.Address(digits="")
    """TON and NPI of numbers that we write to."""
    country: str = ""
    """'82' = numbers go as 8210..., '' = as one dials at home."""
    service_type: str = ""
    receipts: bool = True
    """Ask for a receipt of each text."""
    receipt_ids: Ids = "same"
    per_second: float = 50.0
    window: int = 10
    pair: bool = False
    settle_s: float = 5.0
    """So long a text in doubt waits for its receipt: from the bind on, and from the last of an earlier connection's."""
    in_doubt: Literal["again", "never"] = "again"


def submissions(message: Message, terms: Terms) -> list[pdu.Submit]:
    """All parts of a message, in order."""
    pieces = parts(message.text, terms.form, own_reference(message.message_id, 0))
    return [_submission(message, number, piece, terms) for number, piece in enumerate(pieces)]


def source_of(message: Message, terms: Terms) -> pdu.Address:
    """Which number of ours it comes from."""
    return msgspec.structs.replace(terms.source, digits=message.sender or terms.source.digits)


def own_reference(message_id: str, number: int) -> int:
    """Our own reference of a part, 16 bits: the same after a restart."""
    return zlib.crc32(f"{message_id}/{number}".encode()) & 0xFFFF


def _submission(message: Message, number: int, piece: Part, terms: Terms) -> pdu.Submit:
    digits = terms.country + message.to.removeprefix("0") if terms.country else message.to
    return pdu.Submit(
        source=source_of(message, terms),
        destination=msgspec.structs.replace(terms.destination, digits=digits),
        body=piece.body,
        payload=piece.payload,
        esm_class=piece.esm_class,
        data_coding=coding(terms.form),
        registered_delivery=pdu.REGISTERED if terms.receipts else 0,
        service_type=terms.service_type,
        user_reference=own_reference(message.message_id, number),
        segment=piece.segment,
    )
