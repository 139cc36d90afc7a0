"""Packets in a file that Wireshark reads: classic pcap, link type RAW, IP and UDP headers built here. Pure.

SIP is written as UDP whatever it came by, because what minwon tells is the message, not the stream it came in.
"""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

LINKTYPE_RAW: Final = 101
"""Each record begins with the IP header."""
_MAGIC, _MAJOR, _MINOR, _SNAP = 0xA1B2C3D4, 2, 4, 65535
_UDP = 17
_UNKNOWN: Final = "192.0.2.1:5060"
"""An address that nobody has (RFC 5737), for a side that is not known."""


def header() -> bytes:
    """The file's beginning."""
    return struct.pack("<IHHiIII", _MAGIC, _MAJOR, _MINOR, 0, 0, _SNAP, LINKTYPE_RAW)


def record(at: float, packet: bytes) -> bytes:
    """A packet, from its IP header on, with its moment in seconds since 1970."""
    seconds, micros = divmod(round(at * 1_000_000), 1_000_000)
    kept = packet[:_SNAP]
    return struct.pack("<IIII", seconds, micros, len(kept), len(packet)) + kept


def udp(source: str, target: str, payload: bytes) -> bytes:
    """An IP packet with a UDP datagram; both sides as 'host:port'. Sides of two families count as unknown."""
    one, one_port = _split(source or _UNKNOWN)
    other, other_port = _split(target or _UNKNOWN)
    if one.version != other.version:
        one, other = IPv4Address("192.0.2.1"), IPv4Address("192.0.2.2")
    payload = payload[: _SNAP - 48]
    length = 8 + len(payload)
    bare = struct.pack(">HHHH", one_port, other_port, length, 0) + payload
    if one.version == 6:
        pseudo = one.packed + other.packed + struct.pack(">II", length, _UDP)
        head = struct.pack(">IHBB", 6 << 28, length, _UDP, 64) + one.packed + other.packed
    else:
        pseudo = one.packed + other.packed + struct.pack(">BBH", 0, _UDP, length)
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + length, 0, 0x4000, 64, _UDP, 0) + one.packed + other.packed
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    total = checksum(pseudo + bare) or 0xFFFF  # 0 would mean «not computed» (RFC 768)
    return head + bare[:6] + struct.pack(">H", total) + bare[8:]


def rtp(payload: bytes, *, kind: int, sequence: int, timestamp: int, source: int, first: bool = False) -> bytes:
    """An RTP packet (RFC 3550 section 5.1). ``source``: SSRC; ``first``: marker of a talk's first packet."""
    second = (0x80 if first else 0) | kind
    return struct.pack(">BBHII", 0x80, second, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, source) + payload


def checksum(data: bytes) -> int:
    """The internet's checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _split(address: str) -> tuple[IPv4Address | IPv6Address, int]:
    host, _, port = address.rpartition(":")
    try:
        return ip_address(host.strip("[]")), int(port) & 0xFFFF
    except ValueError:
        return _split(_UNKNOWN)
