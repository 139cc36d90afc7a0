"""The filter in the kernel lets one call's ports through, and nothing else."""

from __future__ import annotations

import asyncio
import os
import socket
import struct

import pytest

from core.errors import EnvironmentFault
from server.exchange.capture import Capture, program
from tests.patience import until


def runs(rows: list[tuple[int, int, int, int]], packet: bytes) -> int:
    """What the kernel does with the program (linux/filter.h)."""
    register, index, at = 0, 0, 0
    while True:
        code, yes, no, value = rows[at]
        at += 1
        match code:
            case 0x30:
                register = packet[value]
            case 0x28:
                register = struct.unpack_from(">H", packet, value)[0]
            case 0xB1:
                index = 4 * (packet[value] & 15)
            case 0x48:
                register = struct.unpack_from(">H", packet, index + value)[0]
            case 0x15:
                at += yes if register == value else no
            case 0x45:
                at += yes if register & value else no
            case 0x06:
                return value


def packet(source: int, target: int, *, protocol: int = 17, fragment: int = 0, options: int = 0) -> bytes:
    head = struct.pack(">BBHHHBBH", 0x45 + options, 0, 40, 0, fragment, 64, protocol, 0)
    return head + bytes(8 + 4 * options) + struct.pack(">HHHH", source, target, 8, 0)


@pytest.mark.parametrize("ports", [(), (16000,), tuple(range(16000, 16060))])
def test_filter(ports: tuple[int, ...]) -> None:
    rows = program(ports)
    for port in ports:
        assert runs(rows, packet(port, 9)) and runs(rows, packet(9, port)) and runs(rows, packet(port, 9, options=2))
        assert not runs(rows, packet(port, 9, protocol=6))
        assert not runs(rows, packet(port, 9, fragment=7))
    assert not runs(rows, packet(9, 10))
    assert len(rows) < 255


@pytest.mark.skipif(os.geteuid() != 0, reason="capturing needs root")
async def test_real_packets_once_each() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
    ):
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        try:
            async with Capture() as capture:
                capture.listen_on([one.getsockname()[1]])
                for number in range(5):
                    one.sendto(f"to {number}".encode(), other.getsockname())
                    other.sendto(f"from {number}".encode(), one.getsockname())
                    other.sendto(b"elsewhere", other.getsockname())
                await until(lambda: len(capture.packets) >= 10)
                await asyncio.sleep(0.05)
        except EnvironmentFault as fault:  # a container without CAP_NET_RAW
            pytest.skip(str(fault))
        texts = sorted(data[28:].decode() for _, data in capture.packets)
        assert texts == sorted(f"{way} {number}" for number in range(5) for way in ("to", "from"))


async def test_without_the_right_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*args: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("server.exchange.capture.socket.socket", forbidden)
    with pytest.raises(EnvironmentFault, match="not permitted"):
        async with Capture():
            pass
