"""RTP, RTCP and SRTP as no phone sends them (RFC 3550, 4733, 3711), seeded."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator

from core.audio import FRAME_MS

_VOICE = bytes([0xD5]) * 160


def rtp(
    sequence: int,
    *,
    ssrc: int = 0xC0FFEE,
    kind: int = 8,
    stamp: int | None = None,
    first: int = 0x80,
    payload: bytes = _VOICE,
) -> bytes:
    """One packet; ``first`` holds version, padding, extension and the number of contributors."""
    at = sequence * 8 * FRAME_MS if stamp is None else stamp
    return struct.pack(">BBHII", first, kind, sequence & 0xFFFF, at & 0xFFFFFFFF, ssrc) + payload


def bad_rtp(seed: int) -> Iterator[bytes]:
    """Packets for an RTP port: some are nearly right."""
    dice = random.Random(seed)
    good = [rtp(number) for number in range(40)]
    for number in range(60):  # another source in between, then many others
        yield rtp(number, ssrc=0xBAD)
        yield rtp(number, ssrc=dice.getrandbits(32))
    for _ in range(60):  # numbers that jump, and stamps of their own
        yield rtp(dice.getrandbits(16), stamp=dice.getrandbits(32))
    for kind in range(256):  # every payload type, marked or not: 0 to 127 and again with the marker
        yield rtp(kind, kind=kind)
    for length in range(173):  # cut off anywhere
        yield good[0][:length]
    for first in range(256):  # versions, padding and extensions and contributors that are not there
        yield rtp(first, first=first)
        yield struct.pack(">BBHII", first, 8, first, first, 0xC0FFEE)
    for length in (0, 1, 2, 255, 65535):  # an extension that claims more than came
        yield rtp(1, first=0x90, payload=struct.pack(">HH", 0xBEDE, length) + b"\xff" * 8)
    for padding in range(0, 256, 15):  # padding longer than the packet
        yield rtp(2, first=0xA0, payload=bytes([padding]) * 4)
    for length in range(6):  # key presses (RFC 4733) that are too short, and impossible ones
        yield rtp(3 + length, kind=101, payload=b"\xff" * length)
    for event in range(0, 256, 5):
        yield rtp(event, kind=101, payload=struct.pack(">BBH", event, dice.getrandbits(8), dice.getrandbits(16)))
    for size in (1, 161, 500, 1400, 9000):  # far more, or less, than 20 ms
        yield rtp(9, payload=dice.randbytes(size))
    for _ in range(200):
        yield _mutant(dice, dice.choice(good))


def bad_rtcp(seed: int) -> Iterator[bytes]:
    """Packets for an RTCP port."""
    dice = random.Random(seed)
    sender = struct.pack(">BBHIQIII", 0x80, 200, 6, 0xC0FFEE, 0, 0, 0, 0)
    for kind in range(192, 224):
        for count in (0, 1, 31):  # more blocks than came
            for length in (0, 1, 7, 65535):
                yield struct.pack(">BBHI", 0x80 | count, kind, length, 0xC0FFEE) + dice.randbytes(dice.randrange(0, 40))
    for length in range(len(sender)):
        yield sender[:length]
    for _ in range(200):
        yield _mutant(dice, sender + sender)


def bad_srtp(seed: int) -> Iterator[bytes]:
    """Packets that are too short for their own seal, or sealed by nobody."""
    dice = random.Random(seed)
    for length in range(60):
        yield rtp(length, payload=dice.randbytes(length))
    for length in range(12, 40):
        yield rtp(7)[:length]
    for number in range(100):
        yield rtp(number, ssrc=dice.getrandbits(32), payload=dice.randbytes(170))


def _mutant(dice: random.Random, packet: bytes) -> bytes:
    broken = bytearray(packet)
    for _ in range(dice.randrange(1, 6)):
        broken[dice.randrange(len(broken))] = dice.getrandbits(8)
    return bytes(broken[: dice.randrange(1, len(broken) + 1)])
