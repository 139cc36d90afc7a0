"""The worker's end of the wire: listens on a Unix socket, serves one node at a time, never lets it block a voice."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from core.errors import BadInput
from telephony.sip_worker_media import VoiceBox
from telephony.wire import Audio, Bytes, FromNode, Message, from_node, pack

LIMIT = 5000
"""Control messages that may wait for a node that does not read. More: the node is taken for dead."""
MOST_FRAMES = 1000
"""Frames in one message, about 350 kB: what waits for a node that was busy is cut into pieces, as it believes no larger
message than ``wire.LARGEST``. One tick of 500 legs fits."""
_TICK_S = 0.003
"""How long the sender waits for the other legs' frames of the same tick."""

Event = Callable[[], None]


class Link:
    """Two threads: one reads (and accepts the next node when one has gone), one writes."""

    def __init__(
        self, path: Path, box: VoiceBox, *, came: Event, said: Callable[[FromNode], None], gone: Event
    ) -> None:
        self._box = box
        self._came, self._said, self._gone = came, said, gone
        self._control: deque[tuple[socket.socket, Message]] = deque()
        """With the node that each is for: what one did not read in time must not reach the next."""
        self._guest: socket.socket | None = None
        """Connected, not greeted yet."""
        self._node: socket.socket | None = None
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        path.chmod(0o600)
        self._listener.listen(1)

    def start(self) -> None:
        """Let nodes come."""
        threading.Thread(target=self._read, name="link-read", daemon=True).start()
        threading.Thread(target=self._write, name="link-write", daemon=True).start()

    def greet(self, hello: Message) -> None:
        """The first words to a node that came; from now on it is told everything."""
        node = self._guest
        if node is not None and node is not self._node:
            self._control.append((node, hello))
            self._node = node
            self._box.take()  # as with what it was told: what the node before did not take is old
            self._box.listening = True
            self._box.wake.set()

    def send(self, message: Message) -> None:
        """Tell the node; dropped if none is there. Never waits."""
        node = self._node
        if node is None:
            return
        if len(self._control) >= LIMIT:
            _shut(node)
            return
        self._control.append((node, message))
        self._box.wake.set()

    @property
    def waiting(self) -> int:
        """Control messages that the node has not taken yet."""
        return len(self._control)

    def flush(self, within_s: float) -> None:
        """Wait until what was said has been written, for the last words before the end."""
        end = time.monotonic() + within_s
        while self._control and self._node is not None and time.monotonic() < end:
            time.sleep(_TICK_S)

    def _read(self) -> None:
        while True:
            node, _ = self._listener.accept()
            self._guest = node
            self._came()
            self._listen_to(node)
            self._box.listening = False
            self._guest = self._node = None
            _shut(node)
            node.close()
            self._gone()

    def _listen_to(self, node: socket.socket) -> None:
        stream = Bytes()
        with contextlib.suppress(OSError, BadInput):
            while data := node.recv(65536):
                for body in stream.feed(data):
                    self._said(from_node(body))

    def _write(self) -> None:
        while True:
            self._box.wake.wait()
            self._box.wake.clear()
            self._write_control()
            node = self._node
            if node is not None and self._box.listening:
                time.sleep(_TICK_S)
                frames = self._box.take()
                self._write_control()  # a voice must not come before the news that it will
                for at in range(0, len(frames), MOST_FRAMES):
                    _send(node, Audio(frames=frames[at : at + MOST_FRAMES]))

    def _write_control(self) -> None:
        while self._control:
            node, message = self._control.popleft()
            _send(node, message)


def _send(node: socket.socket, message: Message) -> None:
    try:
        node.sendall(pack(message))
    except OSError:
        _shut(node)


def _shut(node: socket.socket) -> None:
    with contextlib.suppress(OSError):
        node.shutdown(socket.SHUT_RDWR)
