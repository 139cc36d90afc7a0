"""Who is let in before a byte is read."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from core.errors import EnvironmentFault, PortTaken
from telephony.forks.gate import address_of, listen


async def test_strangers_are_closed_without_a_byte() -> None:
    admitted: list[bool] = [False, True]
    gate = listen("127.0.0.1", 0, "forks.port", lambda address: admitted.pop(0))

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()

    server = await asyncio.start_server(greet, sock=gate)
    host, port = gate.getsockname()
    async with server:
        heard = []
        for _ in range(2):
            reader, writer = await asyncio.open_connection(host, port)
            with contextlib.suppress(ConnectionError):
                heard.append(await asyncio.wait_for(reader.read(), 5))
            writer.close()
        assert heard[-1] == b"hello" and heard[:-1] in ([], [b""])


def test_a_port_that_is_taken() -> None:
    with listen("127.0.0.1", 0, "forks.port", lambda address: True) as gate:
        port = gate.getsockname()[1]
        assert address_of(gate) == f"127.0.0.1:{port}"
        with pytest.raises(PortTaken, match=r"forks\.port"):
            listen("127.0.0.1", port, "forks.port", lambda address: True)
    with pytest.raises(EnvironmentFault):
        listen("192.0.2.1", 0, "forks.port", lambda address: True)
