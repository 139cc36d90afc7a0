"""Watching a node: who may, what is told, what is logged, and that workers are left in peace when nobody looks."""

from __future__ import annotations

import asyncio
import os
import stat
import struct
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from core import log
from core.config import LogConfig
from core.errors import BadInput, EnvironmentFault, Refused
from server.exchange import watch_door, watch_guest
from server.exchange.run_watch import Watcher, Wish
from server.exchange.watch_client import watch
from server.exchange.watch_door import WatchDoor
from server.exchange.watch_messages import NEXT, WATCH_SOCKET, AnyTold, Ask, Gap, Sip, Voice, Welcome
from telephony import wire
from telephony.sip_seat import Watcher as Told
from tests.patience import until

NUMBER = "01012345678"
SECRET = "rohrbruch"


class Bridge:
    """Workers as the door sees them."""

    def __init__(self) -> None:
        self.watcher: Told | None = None

    def watch(self, watcher: Told | None) -> None:
        self.watcher = watcher

    def says(self, first: str, leg: str, cseq: str, *, call: str = "", role: str = "", sent: bool = False) -> None:
        head = f"{first}\r\nVia: SIP/2.0/UDP x\r\nFrom: <sip:{NUMBER}@pbx>\r\nCall-ID: {leg}\r\nCSeq: {cseq}"
        text = f"{head}\r\n\r\n{SECRET}"
        if self.watcher is not None:
            ours, peer = "10.0.0.7:5060/udp", "10.0.0.5:5060/udp"
            ends = (ours, peer) if sent else (peer, ours)
            self.watcher.traced(
                "sip0",
                wire.Traced(
                    at=5.0, sent=sent, source=ends[0], target=ends[1], text=text.encode(), call=call, role=role
                ),
            )

    def call(self, name: str) -> None:
        """A whole short one."""
        self.says("INVITE sip:120@m SIP/2.0", name, "1 INVITE", call=name, role="caller")
        self.says("SIP/2.0 200 OK", name, "1 INVITE", call=name, sent=True)
        if self.watcher is not None:
            self.watcher.voices([(name, 0, 20, b"\1\0" * 160), ("another", 0, 20, b"")])
        self.says("BYE sip:120@m SIP/2.0", name, "2 BYE")
        self.says("SIP/2.0 200 OK", name, "2 BYE", sent=True)


@pytest.fixture
async def bridge(tmp_path: Path) -> AsyncIterator[Bridge]:
    bridge = Bridge()
    async with WatchDoor(tmp_path, bridge, lambda: {"sip0": "10.0.0.7:5060"}, lambda: ["old"]):
        yield bridge
    assert not (tmp_path / WATCH_SOCKET).exists()


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    """Lines of the log, from info on."""
    log.setup(LogConfig(level="info"), node="n")
    with capture_logs() as lines:
        yield lines
    log.setup(LogConfig(level="warning"), node="")


async def read(lines: AsyncIterator[AnyTold], many: int) -> list[AnyTold]:
    async with asyncio.timeout(10):
        return [await anext(lines) for _ in range(many)]


async def test_everything_is_told_and_nothing_of_it_logged(bridge: Bridge, tmp_path: Path, logs: list[Any]) -> None:
    assert stat.S_IMODE((tmp_path / WATCH_SOCKET).stat().st_mode) == 0o600
    lines = watch(tmp_path, Ask())
    (welcome,) = await read(lines, 1)
    assert welcome == Welcome(workers={"sip0": "10.0.0.7:5060"}, calls=("old",))
    await until(lambda: bridge.watcher is not None)
    bridge.call("c1")
    told = await read(lines, 4)
    assert all(isinstance(one, Sip) and one.seen.call == "c1" for one in told)
    first = told[0]
    assert isinstance(first, Sip)
    assert (first.seen.peer, first.seen.ours, first.seen.role) == ("10.0.0.5:5060", "10.0.0.7:5060", "caller")
    await lines.aclose()  # type: ignore[attr-defined]
    await until(lambda: bridge.watcher is None and any(line["event"] == "watch.ended" for line in logs))
    began = next(line for line in logs if line["event"] == "watch.began")
    assert (began["uid"], began["pid"], began["call_id"]) == (os.getuid(), os.getpid(), "all")
    assert next(line for line in logs if line["event"] == "watch.ended")["messages"] == 4
    assert NUMBER not in str(logs) and SECRET not in str(logs)


async def test_one_call_alone_with_its_voices(bridge: Bridge, tmp_path: Path) -> None:
    lines = watch(tmp_path, Ask(call="c2", voices=True))
    await read(lines, 1)
    await until(lambda: bridge.watcher is not None)
    bridge.call("c1")
    bridge.call("c2")
    told = await read(lines, 5)
    assert [type(one) for one in told] == [Sip, Sip, Voice, Sip, Sip]
    assert all(one.seen.call == "c2" for one in told if isinstance(one, Sip))


async def test_the_next_call_is_not_one_that_runs(bridge: Bridge, tmp_path: Path) -> None:
    lines = watch(tmp_path, Ask(call=NEXT))
    await read(lines, 1)
    await until(lambda: bridge.watcher is not None)
    bridge.call("old")
    bridge.call("new")
    told = await read(lines, 4)
    assert {one.seen.call for one in told if isinstance(one, Sip)} == {"new"}


async def test_slow_watcher_is_told_what_he_missed(
    bridge: Bridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_guest, "LIMIT", 3)
    lines = watch(tmp_path, Ask())
    await read(lines, 1)
    await until(lambda: bridge.watcher is not None)
    for number in range(10):
        bridge.says("OPTIONS sip:m SIP/2.0", f"o{number}", "1 OPTIONS")
    told = await read(lines, 4)
    assert told[0] == Gap(dropped=7)


async def test_strangers_are_turned_away(
    bridge: Bridge, tmp_path: Path, logs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_door, "_who", lambda writer: (1, 12345))
    with pytest.raises(Refused, match="may watch this node"):
        await read(watch(tmp_path, Ask()), 1)
    assert [line["event"] for line in logs] == ["watch.refused"]
    assert bridge.watcher is None


async def test_no_more_than_so_many(bridge: Bridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_door, "WATCHERS", 1)
    one = watch(tmp_path, Ask())
    await read(one, 1)
    await until(lambda: bridge.watcher is not None)
    with pytest.raises(Refused, match="too many"):
        await read(watch(tmp_path, Ask()), 1)


async def test_nonsense_is_survived(bridge: Bridge, tmp_path: Path) -> None:
    reader, writer = await asyncio.open_unix_connection(str(tmp_path / WATCH_SOCKET))
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    async with asyncio.timeout(10):
        assert await reader.read() == b""
    writer.close()
    assert await read(watch(tmp_path, Ask()), 1)


async def test_no_node(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="no node runs"):
        await read(watch(tmp_path, Ask()), 1)


async def test_files_of_one_call(
    bridge: Bridge, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole command, but for the terminal: it ends by itself when the call is over."""
    monkeypatch.setattr("server.exchange.run_watch._AFTER_S", 0.1)
    monkeypatch.setattr("server.exchange.run_watch.Capture", _NoCapture)
    svg, pcap = tmp_path / "call.svg", tmp_path / "call.pcap"
    watcher = Watcher(Wish(call=NEXT, svg=svg, pcap=pcap))
    running = asyncio.create_task(watcher.run(tmp_path))
    await until(lambda: bridge.watcher is not None)
    bridge.call("c3")
    async with asyncio.timeout(10):
        await running
    assert NUMBER not in svg.read_text("utf-8")
    assert struct.unpack_from("<I", pcap.read_bytes())[0] == 0xA1B2C3D4
    assert stat.S_IMODE(pcap.stat().st_mode) == 0o600
    assert any("rebuilt" in says for says in watcher.says)
    shown = capsys.readouterr().out
    assert "INVITE 120" in shown and NUMBER not in shown


async def test_a_call_that_does_not_run(bridge: Bridge, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there are: old"):
        await Watcher(Wish(call="wrong")).run(tmp_path)


class _NoCapture:
    async def __aenter__(self) -> None:
        raise EnvironmentFault("not here")

    async def __aexit__(self, *exc: object) -> None:
        pass
