"""PDUs are read and written as another library reads and writes them; rubbish is refused, never worse."""

from __future__ import annotations

import struct

import pytest
import smpp34
from hypothesis import given
from hypothesis import strategies as st

from channels import smpp_pdu as pdu
from core.errors import BadInput

NUMBERS = st.text("0123456789", min_size=1, max_size=20)
OCTETS = st.integers(0, 255)
TLV = st.tuples(st.integers(1, 0xFFFF), st.binary(max_size=80))


@given(
    source=NUMBERS,
    destination=NUMBERS,
    ton=OCTETS,
    body=st.binary(max_size=254),
    coding=OCTETS,
    sequence=st.integers(1, 0x7FFF_FFFF),
    reference=st.integers(0, 0xFFFF),
    segment=st.none() | st.tuples(st.integers(0, 0xFFFF), st.integers(1, 255), st.integers(1, 255)),
)
def test_a_submission_is_read_by_another_library_as_it_was_meant(
    source: str,
    destination: str,
    ton: int,
    body: bytes,
    coding: int,
    sequence: int,
    reference: int,
    segment: tuple[int, int, int] | None,
) -> None:
    sent = pdu.Submit(
        source=pdu.Address(digits=source, ton=ton),
        destination=pdu.Address(digits=destination, npi=ton),
        body=body,
        payload=b"" if body else b"whole" * 100,
        esm_class=0x40,
        data_coding=coding,
        user_reference=reference,
        segment=segment,
    )
    read = smpp34.decode(pdu.submit(sent, sequence))
    assert isinstance(read, smpp34.SubmitSm)
    assert (read.source_addr, read.destination_addr, read.short_message) == (source, destination, body)
    assert (read.source_addr_ton, read.dest_addr_npi, read.data_coding) == (ton, ton, coding)
    assert (read.esm_class, read.registered_delivery, read.sequence_number) == (0x40, 1, sequence)
    tlvs = {tlv.tag: tlv.value for tlv in read.tlvs}
    assert tlvs.pop(pdu.USER_MESSAGE_REFERENCE) == reference.to_bytes(2, "big")
    assert tlvs.pop(pdu.MESSAGE_PAYLOAD, b"") == (b"" if body else b"whole" * 100)
    if segment is not None:
        number, place, total = segment
        assert tlvs.pop(pdu.SAR_MSG_REF_NUM) == number.to_bytes(2, "big")
        assert (tlvs.pop(pdu.SAR_SEGMENT_SEQNUM), tlvs.pop(pdu.SAR_TOTAL_SEGMENTS)) == (
            bytes((place,)),
            bytes((total,)),
        )
    assert tlvs == {}


@given(
    source=NUMBERS, destination=NUMBERS, body=st.binary(max_size=254), esm_class=OCTETS, tlvs=st.lists(TLV, max_size=5)
)
def test_what_comes_is_read_as_another_library_wrote_it(
    source: str, destination: str, body: bytes, esm_class: int, tlvs: list[tuple[int, bytes]]
) -> None:
    """Parameters that the standard lists for no deliver_sm, and the vendors' own, are read like any."""
    written = smpp34.DeliverSm(
        source,
        destination,
        body,
        esm_class=esm_class,
        data_coding=8,
        sequence_number=7,
        tlvs=[smpp34.Tlv(tag, value) for tag, value in tlvs],
    ).encode()
    came = pdu.read(written)
    assert isinstance(came, pdu.Deliver)
    options: dict[int, bytes] = {}
    for tag, value in tlvs:
        options.setdefault(tag, value)
    assert came == pdu.Deliver(
        sequence=7,
        source=source,
        destination=destination,
        esm_class=esm_class,
        data_coding=8,
        body=body or options.get(pdu.MESSAGE_PAYLOAD, b""),
        options=options,
    )


@given(
    command=st.sampled_from([0x5, 0x80000004, 0x80000003, 0x80000009, 0x15, 0x6, 0x102, 0x80000000, 0xDEAD]),
    status=st.sampled_from([0, 8, 0x437]),
    body=st.binary(max_size=200),
)
def test_any_frame_is_read_or_refused(command: int, status: int, body: bytes) -> None:
    frame = struct.pack(">LLLL", 16 + len(body), command, status, 5) + body
    try:
        came = pdu.read(frame)
    except BadInput:
        assert command == 0x5
    else:
        assert came.sequence == 5
        assert not isinstance(came, pdu.Answer) or came.status == status


@given(cut=st.integers(17, 80))
def test_half_a_deliver_sm_is_refused(cut: int) -> None:
    whole = smpp34.DeliverSm("01000001234", "0331", b"x" * 40, sequence_number=3).encode()
    half = whole[: min(cut, len(whole) - 1)]
    with pytest.raises(BadInput):
        pdu.read(struct.pack(">L", len(half)) + half[4:])


def test_an_answer_counts_by_its_status_whatever_follows_it() -> None:
    def answer(body: bytes, status: int = 0) -> pdu.Answer:
        read = pdu.read(struct.pack(">LLLL", 16 + len(body), 0x80000004, status, 9) + body)
        assert isinstance(read, pdu.Answer)
        return read

    assert answer(b"abc\0").message_id == "abc"
    assert answer(b"abc\0\x14\x01\0\2hi").message_id == "abc"
    assert answer(b"no end").message_id == ""
    assert answer(b"", 0x58).status == 0x58


@pytest.mark.parametrize("mode", ["transceiver", "transmitter", "receiver"])
def test_a_bind_says_version_3_4(mode: pdu.Mode) -> None:
    frame = pdu.bind(mode, 1, system_id="hanbit", password="secret", system_type="")
    assert frame[16:] == b"hanbit\0secret\0\0\x34\0\0\0"
    assert frame[4:8] == {"transceiver": b"\0\0\0\x09", "transmitter": b"\0\0\0\x02", "receiver": b"\0\0\0\x01"}[mode]


def test_a_query_names_the_text_and_its_sender() -> None:
    frame = pdu.query("abc", pdu.Address(digits="0331", ton=2), 4)
    assert frame[16:] == b"abc\0\x02\x010331\0"


@pytest.mark.parametrize("header", [b"HTTP/1.1 400 Bad", b"\0\0\0\x0f" + bytes(12), b"\0\x10\0\0" + bytes(12)])
def test_what_is_no_smpp_is_refused_by_its_length(header: bytes) -> None:
    with pytest.raises(BadInput):
        pdu.length_of(header)
