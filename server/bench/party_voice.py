"""The voices of cheap parties: RTP (RFC 3550) for hundreds of legs out of one socket, and a few whose way is timed.

Nobody listens to what comes back, but for the timed ones: a socket that is not read costs nothing. A timed leg sends
idle line and one loud packet a second; who hears that packet at the other end knows how long it took.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from array import array
from collections import deque
from typing import Final

FRAME_S: Final = 0.02
SLICES: Final = 10
"""Legs send in turns within the 20 ms, as unconnected phones do."""
_IDLE: Final = bytes([0xD5]) * 160
_LOUD: Final = bytes([0x2A, 0xAA]) * 80
_A_LAW: Final = 8
_CLICK_EVERY: Final = 50
_HEARD: Final = 100_000
"""Arrivals kept of each timed leg."""


class Timed:
    """A leg with a socket of its own, which is read."""

    def __init__(self, host: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.port = int(self.socket.getsockname()[1])
        self.arrivals: deque[float] = deque(maxlen=_HEARD)
        """Of every packet, ``time.monotonic()``."""
        self.clicks: deque[float] = deque(maxlen=1000)
        """Of the first packet of each click."""
        self.clicked: deque[float] = deque(maxlen=1000)
        """When this leg itself sent one."""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            packet = self.socket.recv(2000)
            now = time.monotonic()
            self.arrivals.append(now)
            loud = max((byte & 0x7F) ^ 0x55 for byte in packet[12:172:8]) > 0x40  # the segment bits of A-law
            if loud and (not self.clicks or now - self.clicks[-1] > 0.5):
                self.clicks.append(now)


class Voices:
    """Sends to every leg that was added, until it is removed. ``late`` counts what our own timer did badly."""

    def __init__(self, host: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.port = int(self.socket.getsockname()[1])
        self._host = host
        self._slices: list[dict[str, tuple[int, Timed | None]]] = [{} for _ in range(SLICES)]
        self.lateness: array[float] = array("d")
        """Seconds by which each slice was sent too late, since the last ``array`` was taken away."""
        threading.Thread(target=self._send, daemon=True).start()

    def add(self, leg: str, port: int, timed: Timed | None = None) -> None:
        """Speak to that port from now on."""
        slice_ = min(self._slices, key=len)
        slice_[leg] = (port, timed)

    def remove(self, leg: str) -> None:
        """Fall silent."""
        for slice_ in self._slices:
            slice_.pop(leg, None)

    def _send(self) -> None:
        tick, due = 0, time.monotonic()
        while True:
            turn, sequence = tick % SLICES, tick // SLICES
            due += FRAME_S / SLICES
            time.sleep(max(0.0, due - time.monotonic()))
            self.lateness.append(time.monotonic() - due)
            head = struct.pack(">BBHII", 0x80, _A_LAW, sequence & 0xFFFF, sequence * 160 & 0xFFFFFFFF, 0xC0FFEE)
            usual, click = head + _VOICE[sequence % len(_VOICE)], sequence % _CLICK_EVERY == 0
            for port, timed in list(self._slices[turn].values()):
                if timed is None:
                    self.socket.sendto(usual, (self._host, port))
                    continue
                if click:
                    timed.clicked.append(time.monotonic())
                timed.socket.sendto(head + (_LOUD if click else _IDLE), (self._host, port))
            tick += 1


_VOICE: Final = tuple(bytes((0x55 ^ (0x20 + (at * 7 + n * 13) % 0x50)) for at in range(160)) for n in range(50))
"""Something loud enough to be speech."""
