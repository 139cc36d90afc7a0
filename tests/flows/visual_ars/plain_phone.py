"""A telephone that is not ours: SIPp speaks SIP, and RTP comes and goes as the standards write it.

Keys are events of RFC 4733: three packets while one is pressed and three that end it, all with the time of its begin.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections import deque
from collections.abc import AsyncIterator
from typing import Final

import numpy as np

from core.events import CallStarted
from tests import patience
from tests.flows.visual_ars.hearing import Ear, Samples
from tests.flows.visual_ars.stage import SOON_S, Stage
from tests.sip.sipp import HOST, RtpParty, Sipp, linear

_PCMA: Final = 8
_EVENT: Final = 101
_SILENCE: Final = b"\xd5" * 160
_LINEAR: Final = np.array(linear(bytes(range(256))), np.float32)
_KEYS: Final = {key: number for number, key in enumerate("0123456789*#")}


class Keypad(RtpParty):
    """The media of a telephone whose owner says nothing, but presses keys and listens."""

    def __init__(self) -> None:
        super().__init__(440)
        self._pressed: deque[str] = deque()

    def heard_samples(self) -> Samples:
        """All that was heard so far."""
        return _LINEAR[np.frombuffer(bytes(self.heard), np.uint8)]

    async def press(self, digits: str) -> None:
        """Returns when the last key is up again."""
        self._pressed.extend(digits)
        await patience.until(lambda: not self._pressed, SOON_S)

    async def _talk(self, to: tuple[str, int]) -> None:
        assert self._transport is not None
        sequence = stamp = 0

        def send(kind: int, at: int, payload: bytes, *, marked: bool = False) -> None:
            nonlocal sequence
            assert self._transport is not None
            header = struct.pack(
                ">BBHII", 0x80, kind | (0x80 if marked else 0), sequence & 0xFFFF, at & 0xFFFFFFFF, 0xC0FFEE
            )
            self._transport.sendto(header + payload, to)
            sequence += 1

        while True:
            if self._pressed:
                begin, event = stamp, _KEYS[self._pressed[0]]
                for packet in range(1, 8):
                    ends = packet > 4
                    length = min(packet, 5) * 160
                    send(
                        _EVENT,
                        begin,
                        struct.pack(">BBH", event, (0x80 if ends else 0) | 10, length),
                        marked=packet == 1,
                    )
                    await asyncio.sleep(0.02)
                    stamp += 160
                self._pressed.popleft()
            for _ in range(5):
                send(_PCMA, stamp, _SILENCE)
                stamp += 160
                await asyncio.sleep(0.02)


class PlainCall:
    """See ``stage.OnTheLine``."""

    def __init__(self, number: str, sipp: Sipp, keypad: Keypad) -> None:
        self.number = number
        self.sipp = sipp
        self._keypad = keypad
        self.call_id = ""

    @property
    def ear(self) -> Ear:
        """See ``stage.OnTheLine``."""
        return self

    def heard(self) -> Samples:
        """See ``hearing.Ear``."""
        return self._keypad.heard_samples()

    async def press(self, digits: str) -> None:
        """See ``stage.OnTheLine``."""
        await self._keypad.press(digits)


@contextlib.asynccontextmanager
async def plain_call(stage: Stage, number: str) -> AsyncIterator[PlainCall]:
    """A call by SIPp from that number, answered; it stays until the other side hangs up."""
    stage.secrets.add(number)
    started = len(stage.events)
    fill = {"from": f"<sip:{number}@{HOST}>", "stays_ms": "90000"}
    async with (
        Keypad() as keypad,
        Sipp(
            stage.folder, "caller_stays", to=stage.node.sip_addresses[-1], rtp=keypad, fill=fill, patience_s=100
        ) as sipp,
    ):
        call = PlainCall(number, sipp, keypad)
        call.call_id = (await stage.event(CallStarted, after=started)).call_id
        keypad.talk_to(await sipp.peer_rtp_port())
        yield call
        if (flow := stage.node.calls.flow(call.call_id)) is not None:
            await flow.hang_up()
        await sipp.finished()  # a telephone that vanishes keeps its line for half a minute
