"""What goes over the wire to a message centre: SMPP 3.4 PDUs, written and read. Pure; the one door to smpplib.

smpplib codes PDUs, and nothing else of it is used: it knows no asyncio. Two habits of its parser are turned off here.
It gives up a whole PDU for an optional parameter that the standard does not list for it, which centres send all the
same; and it reads on behind a string without an end. Values come as bytes, as they were on the wire.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec
from smpplib import command as pdus
from smpplib.exceptions import UnknownCommandError

from core.errors import BadInput

HEADER: Final = 16
LONGEST: Final = 70_000
"""No PDU that we speak is longer: a message_payload has at most 64 KiB (SMPP 3.4, 5.3.2.32)."""

ROK: Final = 0x00
RINVCMDID: Final = 0x03
RX_T_APPN: Final = 0x64
"""We cannot take it for now; the centre delivers it again later."""
RX_P_APPN: Final = 0x65
"""We shall never take it."""
REGISTERED: Final = 0x01
"""registered_delivery: a receipt for success and failure (5.2.17)."""
UDH_INDICATOR: Final = 0x40
"""esm_class: the text begins with a user data header (5.2.12)."""

MESSAGE_PAYLOAD: Final = 0x0424
RECEIPTED_MESSAGE_ID: Final = 0x001E
MESSAGE_STATE: Final = 0x0427
USER_MESSAGE_REFERENCE: Final = 0x0204
SAR_MSG_REF_NUM: Final = 0x020C
SAR_TOTAL_SEGMENTS: Final = 0x020E
SAR_SEGMENT_SEQNUM: Final = 0x020F

Mode = Literal["transceiver", "transmitter", "receiver"]


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A number as the centre wants it."""

    digits: str
    """At most 20."""
    ton: int = 0
    """Type of number (5.2.5)."""
    npi: int = 1
    """Numbering plan (5.2.6); 1 = E.164."""


class Submit(msgspec.Struct, frozen=True, kw_only=True):
    """A text, or a part of one, for the centre."""

    source: Address
    destination: Address
    body: bytes
    """short_message, with a user data header where ``esm_class`` says so; b'' when ``payload`` is the text."""
    payload: bytes = b""
    """message_payload."""
    esm_class: int = 0
    data_coding: int
    """How the body is encoded (5.2.19)."""
    registered_delivery: int = REGISTERED
    service_type: str = ""
    user_reference: int
    """Of ours, 16 bits; a receipt may bring it back (5.3.2.17)."""
    segment: tuple[int, int, int] | None = None
    """SAR: reference, number of this segment from 1, of how many."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The centre's answer to a request of ours."""

    command: str
    """'submit_sm_resp', 'query_sm_resp', 'generic_nack' ..."""
    status: int
    """command_status; 0 = well."""
    sequence: int
    message_id: str = ""
    """The centre's id of a text."""
    state: int = 0
    """message_state of a query (5.2.28)."""
    error: int = 0
    """error_code of a query: the network's own."""


class Deliver(msgspec.Struct, frozen=True, kw_only=True):
    """deliver_sm: a receipt, or a text of somebody."""

    sequence: int
    source: str
    """Who it comes from; of a receipt, who got our text."""
    destination: str
    esm_class: int
    data_coding: int
    body: bytes
    """short_message, or message_payload where that one is empty."""
    options: Mapping[int, bytes]
    """Optional parameters by tag; of one that is there twice, the first."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Another request of the centre: enquire_link, unbind, or what we do not know ('')."""

    command: str
    sequence: int


def bind(mode: Mode, sequence: int, *, system_id: str, password: str, system_type: str) -> bytes:
    """bind_transceiver and its brothers (4.1), as version 3.4."""
    name = f"bind_{mode}"
    return _written(name, sequence, system_id=system_id, password=password, system_type=system_type, address_range="")


def submit(text: Submit, sequence: int) -> bytes:
    """submit_sm (4.4.1)."""
    optional: dict[str, object] = {"user_message_reference": text.user_reference}
    if text.segment is not None:
        reference, number, total = text.segment
        optional |= {"sar_msg_ref_num": reference, "sar_segment_seqnum": number, "sar_total_segments": total}
    if text.payload:
        optional["message_payload"] = text.payload
    return _written(
        "submit_sm",
        sequence,
        service_type=text.service_type,
        source_addr_ton=text.source.ton,
        source_addr_npi=text.source.npi,
        source_addr=text.source.digits,
        dest_addr_ton=text.destination.ton,
        dest_addr_npi=text.destination.npi,
        destination_addr=text.destination.digits,
        esm_class=text.esm_class,
        registered_delivery=text.registered_delivery,
        data_coding=text.data_coding,
        short_message=text.body,
        **optional,
    )


def query(message_id: str, source: Address, sequence: int) -> bytes:
    """query_sm (4.8.1): the source must be that of the text."""
    return _written(
        "query_sm",
        sequence,
        message_id=message_id,
        source_addr_ton=source.ton,
        source_addr_npi=source.npi,
        source_addr=source.digits,
    )


def bare(name: str, sequence: int, status: int = ROK) -> bytes:
    """A PDU of a header alone, or with an empty message_id: enquire_link, unbind, the answers to what comes."""
    return _written(name, sequence, status=status)


def _written(name: str, sequence: int, **values: Any) -> bytes:
    pdu = pdus.factory(name, sequence=sequence, **values)
    pdu.sequence = sequence  # the constructor wants it and does not take it
    written: bytes = pdu.generate()
    return written


def length_of(header: bytes) -> int:
    """The whole PDU's length. ``BadInput`` when that cannot be: then nobody knows where the next one begins."""
    length = int.from_bytes(header[:4], "big")
    if not HEADER <= length <= LONGEST:
        raise BadInput(f"a PDU of {length} bytes: this is no SMPP")
    return length


def read(frame: bytes) -> Answer | Deliver | Request:
    """A whole PDU. ``BadInput`` for a deliver_sm whose body cannot be; an answer counts by its status alone."""
    _length, code, status, sequence = struct.unpack(">LLLL", frame[:HEADER])
    name = _NAMES.get(code, "")
    if code & 0x8000_0000:
        return _answer(name, status, sequence, frame)
    return _deliver(sequence, frame) if name == "deliver_sm" else Request(command=name, sequence=sequence)


def _answer(name: str, status: int, sequence: int, frame: bytes) -> Answer:
    bare = Answer(command=name, status=status, sequence=sequence)
    if status != ROK or name not in {"submit_sm_resp", "query_sm_resp"}:
        return bare
    try:
        pdu = _parsed(_SubmitResp(name) if name == "submit_sm_resp" else _QueryResp(name), frame)
    except BadInput:
        return bare
    return msgspec.structs.replace(
        bare,
        message_id=(pdu.message_id or b"").decode("latin-1"),
        state=getattr(pdu, "message_state", 0) or 0,
        error=getattr(pdu, "error_code", 0) or 0,
    )


def _deliver(sequence: int, frame: bytes) -> Deliver:
    pdu = _DeliverSm("deliver_sm", sequence=sequence)
    pdu.sm_length = None  # the last number that must be there: the parser says nothing when a PDU ends early
    if _parsed(pdu, frame).sm_length != len(pdu.short_message or b""):
        raise BadInput("a deliver_sm of the message centre is cut off")
    options = pdu.options
    return Deliver(
        sequence=sequence,
        source=(pdu.source_addr or b"").decode("latin-1"),
        destination=(pdu.destination_addr or b"").decode("latin-1"),
        esm_class=pdu.esm_class or 0,
        data_coding=pdu.data_coding or 0,
        body=pdu.short_message or options.get(MESSAGE_PAYLOAD, b""),
        options=options,
    )


def _parsed(pdu: Any, frame: bytes) -> Any:
    pdu.options = {}
    try:
        pdu.parse(frame)
    except (struct.error, IndexError, KeyError, TypeError, ValueError, UnknownCommandError) as fault:
        raise BadInput(f"a {pdu.command} of the message centre cannot be read") from fault
    return pdu


def options(data: bytes) -> dict[int, bytes]:
    """Optional parameters: tag, length, value (3.2.4.1). ``ValueError`` when one is cut off."""
    found: dict[int, bytes] = {}
    while data:
        if len(data) < 4 or len(data) < 4 + (length := int.from_bytes(data[2:4], "big")):
            raise ValueError("an optional parameter is cut off")
        found.setdefault(int.from_bytes(data[:2], "big"), data[4 : 4 + length])
        data = data[4 + length :]
    return found


class _Tolerant:
    """See the head of this file."""

    options: Mapping[int, bytes]

    def parse_optional_params(self, data: bytes) -> None:
        self.options = options(data)

    def _parse_string(self, field: str, data: bytes, pos: int, length: int | None = None) -> tuple[bytes, int]:
        if data.find(b"\0", pos) < 0:
            raise ValueError("a string has no end")
        parsed: tuple[bytes, int] = super()._parse_string(field, data, pos, length)  # type: ignore[misc]
        return parsed

    def _parse_ostring(self, field: str, data: bytes, pos: int, length: int | None = None) -> tuple[bytes, int]:
        parsed: tuple[bytes, int] = super()._parse_ostring(field, data, pos, length)  # type: ignore[misc]
        if parsed[1] > len(data):
            raise ValueError("the text is cut off")
        return parsed


class _SubmitResp(_Tolerant, pdus.SubmitSMResp):  # type: ignore[misc]
    pass


class _QueryResp(_Tolerant, pdus.QuerySMResp):  # type: ignore[misc]
    pass


class _DeliverSm(_Tolerant, pdus.DeliverSM):  # type: ignore[misc]
    pass


_NAMES: Final[Mapping[int, str]] = {
    0x8000_0000: "generic_nack",
    0x8000_0001: "bind_receiver_resp",
    0x8000_0002: "bind_transmitter_resp",
    0x8000_0009: "bind_transceiver_resp",
    0x8000_0003: "query_sm_resp",
    0x8000_0004: "submit_sm_resp",
    0x8000_0006: "unbind_resp",
    0x8000_0015: "enquire_link_resp",
    0x0000_0005: "deliver_sm",
    0x0000_0006: "unbind",
    0x0000_0015: "enquire_link",
}
"""What a centre may say to us (5.1.2.1)."""
