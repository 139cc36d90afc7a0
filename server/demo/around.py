"""What the demo needs of the world around it: text messages that arrive, this machine's address, its browser."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import webbrowser
from typing import Final

from channels.contract import Gateway
from channels.outbox import Outbox
from core.errors import Refused

ARRIVES_S: Final = 10.0
_LOOK_S: Final = 0.1


class Inbox:
    """Where the callers' text messages arrive: the node's outbox, each message read once."""

    def __init__(self, gateway: Gateway) -> None:
        assert isinstance(gateway, Outbox), "the demo sends nothing"
        self._outbox = gateway
        self._read: set[str] = set()

    async def link(self, number: str) -> str:
        """The link in the next text message to that number. ``Refused`` when none comes."""
        try:
            async with asyncio.timeout(ARRIVES_S):
                while True:
                    for message in reversed(self._outbox.messages):
                        if message.to == number and message.secrets and message.message_id not in self._read:
                            self._read.add(message.message_id)
                            return message.secrets[0]
                    await asyncio.sleep(_LOOK_S)
        except TimeoutError as late:
            raise Refused("no text message with a link came", code="no_message") from late


def own_address() -> str:
    """This machine's address in its network, as others see it; loopback without a network. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737): only the route is looked up
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def open_browser(url: str) -> None:
    """Open the page for who sits at this machine; where there is no screen, nothing happens."""
    if sys.stdout.isatty() and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        webbrowser.open(url)
