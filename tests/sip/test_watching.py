"""Somebody watches a worker: every SIP message is told with its call, on both builds, and nothing once he has gone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from server.exchange.ladder import Ladder, Seen
from telephony import wire
from telephony.sip import SipBridge
from tests.patience import until
from tests.sip.attendant import Attendant
from tests.sip.sipp import HOST, Sipp

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]


class Reader:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.told: list[wire.Traced] = []
        self.frames = 0

    def traced(self, worker: str, message: wire.Traced) -> None:
        self.told.append(message)

    def voices(self, frames: Iterable[tuple[str, int, int, bytes]]) -> None:
        self.frames += len(list(frames))


def lines(told: list[wire.Traced], role: str) -> list[str]:
    return [message.text.split(b"\r\n")[0].decode().split(" SIP/2.0")[0] for message in told if message.role == role]


async def test_a_call_is_told_whole(bridge: SipBridge, tmp_path: Path) -> None:
    reader = Reader()
    bridge.watch(reader)
    async with (
        Sipp(tmp_path, "agent") as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(tmp_path, "caller", to=bridge.addresses[0], talk_s=0.5) as caller,
    ):
        await caller.finished()
        await agent.finished()
        attended = await attendant.over()
        # both BYEs and the answers to them
        await until(lambda: sum(b" BYE\r\n" in message.text for message in reader.told) >= 4)
    call_id = attended.call.call_id
    assert {message.call for message in reader.told if message.role} == {call_id}
    assert lines(reader.told, "caller")[0].startswith("INVITE sip:120@")
    assert lines(reader.told, "agent")[0].startswith("INVITE sip:agent@")
    assert {"SIP/2.0 200 OK", "SIP/2.0 180 Ringing"} <= set(lines(reader.told, "caller"))
    first = reader.told[0]
    assert (first.sent, first.target, first.source) == (
        False,
        f"{bridge.addresses[0]}/udp",
        f"{HOST}:{caller.port}/udp",
    )
    assert all(message.source and message.target and not message.dropped for message in reader.told)
    assert reader.frames > 10
    ladder = Ladder()
    for message in reader.told:
        ladder.feed(Seen(at=message.at, sent=message.sent, peer="", text=message.text, call=message.call))
    assert ladder.over(call_id)

    bridge.watch(None)
    before = len(reader.told)
    async with Sipp(
        tmp_path, "caller_refused", to=bridge.addresses[0], fill={"called": "999", "status": "404"}
    ) as other:
        await other.finished()
    assert len(reader.told) == before
