"""Reads a pcap as Wireshark does: byte by byte, and strictly."""

from __future__ import annotations

import struct


def packets(file: bytes) -> list[tuple[float, bytes]]:
    """Moment and IP packet of each record."""
    magic, major, minor, _, _, snap, link = struct.unpack_from("<IHHiIII", file)
    assert (magic, major, minor, snap, link) == (0xA1B2C3D4, 2, 4, 65535, 101)
    found, at = [], 24
    while at < len(file):
        seconds, micros, kept, whole = struct.unpack_from("<IIII", file, at)
        assert kept == whole
        found.append((seconds + micros / 1e6, file[at + 16 : at + 16 + kept]))
        at += 16 + kept
    return found
