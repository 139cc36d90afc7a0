"""Voice packets as they are on the wire, by AF_PACKET: needs root or CAP_NET_RAW. Only the ports of one call.

The kernel throws everything else away (a classic BPF program), so a busy machine does not notice.
"""

from __future__ import annotations

import asyncio
import ctypes
import socket
import struct
import time
from collections import deque
from collections.abc import Iterable
from typing import Self

from core.errors import EnvironmentFault

LIMIT = 200_000
"""Packets that are kept: half an hour of a call with two legs. The oldest is dropped and counted."""
PORTS = 60
_ETH_P_IP = 0x0800
_SO_ATTACH_FILTER = 26
_OUTGOING = 4
"""``PACKET_OUTGOING``."""
_SNAP = 2048

# Classic BPF (linux/filter.h): load, jump, return.
_LDB_ABS, _LDH_ABS, _LDX_MSH, _LDH_IND = 0x30, 0x28, 0xB1, 0x48
_JEQ, _JSET, _RET = 0x15, 0x45, 0x06
_UDP = 17


class Capture:
    """``async with Capture() as capture: capture.listen_on([16000, 16002])``; ``packets`` are (seconds, IP packet).

    Entering raises ``EnvironmentFault`` where the system does not allow it.
    """

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._ports: frozenset[int] = frozenset()
        self.packets: deque[tuple[float, bytes]] = deque()
        self.dropped = 0

    async def __aenter__(self) -> Self:
        try:
            kind = socket.SOCK_DGRAM | socket.SOCK_NONBLOCK
            self._socket = socket.socket(socket.AF_PACKET, kind, socket.htons(_ETH_P_IP))
            _attach(self._socket, program(()))
            self._read()  # what came before the filter was there
            self.packets.clear()
        except OSError as fault:
            if self._socket is not None:
                self._socket.close()
            raise EnvironmentFault(f"voice packets can't be captured here ({fault.strerror})", code="capture") from None
        asyncio.get_running_loop().add_reader(self._socket, self._read)
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._socket is not None:
            self._read()
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()

    def listen_on(self, ports: Iterable[int]) -> None:
        """Take these UDP ports too, at most ``PORTS`` in all."""
        wanted = frozenset([*self._ports, *ports])
        if wanted != self._ports and self._socket is not None and len(wanted) <= PORTS:
            self._ports = wanted
            _attach(self._socket, program(sorted(wanted)))

    def _read(self) -> None:
        assert self._socket is not None
        while True:
            try:
                packet, where = self._socket.recvfrom(_SNAP)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                return
            if where[0] == "lo" and where[2] == _OUTGOING:
                continue  # on loopback each packet passes twice
            if len(self.packets) >= LIMIT:
                self.packets.popleft()
                self.dropped += 1
            self.packets.append((time.time(), packet))


def program(ports: Iterable[int]) -> list[tuple[int, int, int, int]]:
    """The filter: IPv4, UDP, no later fragment, source or target port among ``ports``. (code, jt, jf, k) each."""
    wanted = list(ports)
    tests = [(_LDH_IND, wanted, 0), (_LDH_IND, wanted, 2)]
    rows: list[tuple[int, int, int, int]] = []
    # What follows is counted backwards, because a jump says how far ahead its target lies.
    for load, numbers, offset in reversed(tests):
        for number in reversed(numbers):
            rows.insert(0, (_JEQ, len(rows), 0, number))
        rows.insert(0, (load, 0, 0, offset))
    # rows jump to the accepting return, which stands behind the refusing one
    rows = [(code, jt + 1 if code == _JEQ else jt, jf, k) for code, jt, jf, k in rows]
    refuse = len(rows) + 1
    head = [
        (_LDB_ABS, 0, 0, 9),
        (_JEQ, 0, refuse + 2, _UDP),
        (_LDH_ABS, 0, 0, 6),
        (_JSET, refuse, 0, 0x1FFF),
        (_LDX_MSH, 0, 0, 0),
    ]
    return [*head, *rows, (_RET, 0, 0, 0), (_RET, 0, 0, _SNAP)]


def _attach(to: socket.socket, rows: list[tuple[int, int, int, int]]) -> None:
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *row) for row in rows))
    # struct sock_fprog { unsigned short len; struct sock_filter *filter; }
    to.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HL", len(rows), ctypes.addressof(code)))
