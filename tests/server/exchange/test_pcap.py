"""Packets that Wireshark reads: headers byte by byte, checksums, streams of voices."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audio import FRAME_BYTES
from server.exchange import pcap
from server.exchange.ladder import Seen
from server.exchange.one_call import OneCall
from server.exchange.watch_messages import Voice
from tests.fakes.pcap_file import packets

SDP = "\r\nc=IN IP4 {host}\r\nm=audio {port} RTP/AVP 8\r\n"


def test_udp_over_ipv4() -> None:
    packet = pcap.udp("10.0.0.5:5060", "10.0.0.7:16000", b"hello")
    assert packet[:2] == b"\x45\x00" and struct.unpack_from(">H", packet, 2)[0] == len(packet) == 33
    assert packet[9] == 17 and packet[12:20] == bytes([10, 0, 0, 5, 10, 0, 0, 7])
    assert struct.unpack_from(">HHH", packet, 20) == (5060, 16000, 13)
    assert packet[28:] == b"hello"
    assert pcap.checksum(packet[:20]) == 0
    assert pcap.checksum(packet[12:20] + struct.pack(">BBH", 0, 17, 13) + packet[20:]) == 0


def test_udp_over_ipv6() -> None:
    packet = pcap.udp("[2001:db8::1]:5060", "[2001:db8::2]:5060", b"hi")
    assert packet[0] >> 4 == 6 and struct.unpack_from(">HB", packet, 4) == (10, 17)
    assert pcap.checksum(packet[8:40] + struct.pack(">II", 10, 17) + packet[40:]) == 0


@pytest.mark.parametrize("side", ["", "nowhere", "10.0.0.5:x", "[::1]:5060"])
def test_unknown_sides_get_an_address_that_nobody_has(side: str) -> None:
    packet = pcap.udp(side, "10.0.0.7:16000", b"x")
    assert packet[12:15] == bytes([192, 0, 2])


@given(st.binary(max_size=70_000))
def test_any_payload_fits(payload: bytes) -> None:
    packet = pcap.udp("10.0.0.5:1", "10.0.0.7:2", payload)
    assert len(packet) <= 65535
    ((at, read),) = packets(pcap.header() + pcap.record(1.5, packet))
    assert (at, read) == (1.5, packet)


def saw(first: str, leg: str, cseq: str, *, sent: bool, role: str, sdp: str = "", at: float = 10.0) -> Seen:
    text = f"{first}\r\nCall-ID: {leg}\r\nCSeq: {cseq}\r\n{sdp or chr(13) + chr(10)}".encode()
    return Seen(at=at, sent=sent, peer="10.0.0.5:5060", ours="10.0.0.7:5060", text=text, call="c", role=role)


def test_one_call_as_packets() -> None:
    call = OneCall()
    call.saw(
        saw(
            "INVITE sip:120@m SIP/2.0",
            "a",
            "1 INVITE",
            sent=False,
            role="caller",
            sdp=SDP.format(host="10.0.0.5", port=20000),
        )
    )
    call.saw(
        saw(
            "SIP/2.0 200 OK",
            "a",
            "1 INVITE",
            sent=True,
            role="caller",
            sdp=SDP.format(host="10.0.0.7", port=16000),
            at=10.1,
        )
    )
    call.saw(
        saw(
            "INVITE sip:1@m SIP/2.0",
            "b",
            "1 INVITE",
            sent=True,
            role="agent",
            sdp=SDP.format(host="10.0.0.7", port=16002),
            at=10.2,
        )
    )
    assert call.ports == {16000, 16001, 16002, 16003}
    for ms in (0, 20, 60):
        call.heard(10.3 + ms / 1000, Voice(call="c", dial=0, ms=ms, pcm=b"\1\0" * (FRAME_BYTES // 2)))
    call.heard(10.34, Voice(call="c", dial=0, ms=40, pcm=b""))
    call.heard(10.4, Voice(call="c", dial=1, ms=100, pcm=b"\1\0" * (FRAME_BYTES // 2)))
    read = packets(call.as_pcap(None))
    assert len(read) == 3 + 4
    assert [at for at, _ in read] == sorted(at for at, _ in read)
    voices = [packet for _, packet in read if packet[28:30] in (b"\x80\x88", b"\x80\x08")]
    assert len(voices) == 4 and all(len(packet) == 20 + 8 + 12 + 160 for packet in voices)
    caller = [packet for packet in voices if struct.unpack_from(">H", packet, 22)[0] == 16000]
    assert [struct.unpack_from(">H", packet, 30)[0] for packet in caller] == [0, 1, 2]
    assert struct.unpack_from(">H", caller[0], 20)[0] == 20000


def test_captured_packets_take_the_place_of_rebuilt_ones() -> None:
    call = OneCall()
    call.saw(saw("INVITE sip:120@m SIP/2.0", "a", "1 INVITE", sent=False, role="caller"))
    call.heard(10.3, Voice(call="c", dial=0, ms=0, pcm=b"\1\0" * (FRAME_BYTES // 2)))
    wire = pcap.udp("10.0.0.5:20000", "10.0.0.7:16000", b"rtp")
    assert next(packet for _, packet in packets(call.as_pcap([(9.0, wire)]))) == wire


def test_voices_without_a_known_leg() -> None:
    """Watching began in the middle of the call: nobody told where the voices come from."""
    call = OneCall()
    call.heard(10.3, Voice(call="c", dial=2, ms=500, pcm=b"\1\0" * (FRAME_BYTES // 2)))
    ((at, packet),) = packets(call.as_pcap(None))
    assert at == pytest.approx(10.3, abs=0.001)
    assert packet[12:15] == bytes([192, 0, 2])
