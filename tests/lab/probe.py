"""One OPTIONS from any address of this machine, and what it brings."""

from __future__ import annotations

import asyncio
import socket

from tests.sip.sipp import HOST


async def options(to: str, source: str = HOST) -> str:
    """The status line of the answer from host:port ``to``; '' = none within a second. By UDP."""
    host, _, port = to.rpartition(":")
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.setblocking(False)
        probe.bind((source, 0))
        own = f"{source}:{probe.getsockname()[1]}"
        text = (
            f"OPTIONS sip:{to} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bKprobe;rport\r\n"
            f"From: <sip:probe@{own}>;tag=1\r\nTo: <sip:{to}>\r\nCall-ID: probe-{own}\r\n"
            "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        )
        await loop.sock_sendto(probe, text.encode(), (host, int(port)))
        try:
            async with asyncio.timeout(1.0):
                return (await loop.sock_recv(probe, 4096)).split(b"\r\n")[0].decode()
        except TimeoutError:
            return ""
