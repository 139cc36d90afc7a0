"""Somebody watches a worker: every SIP message is told with its call, on both builds, and nothing once he has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from server.exchange import run_watch
from server.exchange.ladder import Ladder, Seen
from server.exchange.run_watch import Watcher, Wish
from server.exchange.watch_door import WatchDoor
from server.exchange.watch_messages import NEXT
from telephony import wire
from telephony.sip import SipBridge
from tests.fakes.pcap_file import packets as packets_of
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


async def test_the_next_call_as_a_file_that_wireshark_reads(
    bridge: SipBridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the packets of a real call over the node's socket to a pcap: its messages, and voices of both sides."""
    monkeypatch.setattr(run_watch, "_AFTER_S", 0.2)
    pcap, svg = tmp_path / "call.pcap", tmp_path / "call.svg"
    watcher = Watcher(Wish(call=NEXT, pcap=pcap, svg=svg, json=True))
    async with (
        WatchDoor(tmp_path, bridge, lambda: {"sip0": bridge.addresses[0]}, list),
        Sipp(tmp_path, "agent") as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
    ):
        watching = asyncio.create_task(watcher.run(tmp_path))
        await until(lambda: all(seat.watcher is not None for seat in bridge._seats))
        async with Sipp(tmp_path, "caller", to=bridge.addresses[0], talk_s=0.5) as caller:
            await caller.finished()
            await agent.finished()
            await attendant.over()
        async with asyncio.timeout(20):
            await watching
    packets = packets_of(pcap.read_bytes())
    sip = [packet[28:] for _, packet in packets if b"SIP/2.0" in packet[28:80]]
    rtp = [packet for _, packet in packets if packet[28] == 0x80]
    assert sip[0].startswith(b"INVITE sip:120@") and sum(text.startswith(b"BYE ") for text in sip) == 2
    assert len({packet[36:40] for packet in rtp}) >= 2 and len(rtp) > 20
    assert "200 OK (BYE)" in svg.read_text("utf-8")
