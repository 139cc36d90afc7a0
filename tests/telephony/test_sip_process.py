"""Starting worker processes, and what they say when they cannot start."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.errors import EnvironmentFault, MinwonError, PortTaken
from telephony.prompts_folder import FOLDER
from telephony.sip_build import Build, chosen
from telephony.sip_process import Reserve, WorkerProcess
from telephony.wire import Peer, Register, Settings
from tests.builds import BUILDS
from tests.sip.sipp import HOST, free_port
from tests.telephony.test_sip_worker_link import SETTINGS


@pytest.fixture(params=BUILDS)
def build(request: pytest.FixtureRequest) -> Build:
    """Each build that is installed."""
    return chosen(request.param)


def settings(folder: Path, **changes: Any) -> Settings:
    made = msgspec.structs.replace(
        SETTINGS, socket=str(folder / "sip0.sock"), prompts=str(FOLDER), peers=(Peer(name="trunks", networks=(HOST,)),)
    )
    return msgspec.structs.replace(made, **changes)


async def test_a_reserve_is_ready_at_once(tmp_path: Path, build: Build) -> None:
    reserve = Reserve(tmp_path, build)
    reserve.fill()
    await asyncio.sleep(1.5)
    process = reserve.take()
    began = time.monotonic()
    address = await process.start(settings(tmp_path))
    took = time.monotonic() - began
    assert address.startswith(f"{HOST}:") and process.alive
    os.kill(process.pid, signal.SIGKILL)
    await process.end(1.0)
    assert took < 0.5
    assert process.last_words().startswith("signal 9")


async def test_an_idle_reserve_goes_without_leaving_anything(tmp_path: Path, build: Build) -> None:
    reserve = Reserve(tmp_path, build)
    reserve.fill()
    await reserve.close()
    await reserve.close()
    assert not os.listdir(tmp_path)  # noqa: PTH208  # in a coroutine


@pytest.mark.parametrize(
    ("changes", "error", "advice"),
    [
        ({"host": "192.0.2.55"}, EnvironmentFault, "check sip.host"),
        ({"peers": (Peer(name="trunks", networks=("pbx",)),)}, MinwonError, "peer 'trunks': 'pbx' is no network"),
        (
            {"register": Register(registrar="sip:nowhere.invalid", user="1", auth_user="1", password="", expires_s=60)},
            MinwonError,
            "no address is known for 'nowhere.invalid'",
        ),
    ],
)
async def test_it_says_why_it_cannot_start(
    tmp_path: Path, build: Build, changes: dict[str, Any], error: type[MinwonError], advice: str
) -> None:
    with pytest.raises(error, match=advice):
        await WorkerProcess(tmp_path, build).start(settings(tmp_path, **changes))


async def test_a_prompt_that_cannot_be_played_is_named(tmp_path: Path, build: Build) -> None:
    (tmp_path / "broken.wav").write_bytes(b"no WAV")
    with pytest.raises(MinwonError, match=r"broken\.wav is no WAV"):
        await WorkerProcess(tmp_path, build).start(settings(tmp_path, prompts=str(tmp_path)))


async def test_a_taken_tcp_port(tmp_path: Path, build: Build) -> None:
    port = free_port()
    server = await asyncio.start_server(lambda reader, writer: None, HOST, port)
    async with server:
        with pytest.raises(PortTaken, match=f"port {port}"):
            await WorkerProcess(tmp_path, build).start(settings(tmp_path, port=port, transports=("udp", "tcp")))


async def test_one_that_dies_at_once_is_told(tmp_path: Path, build: Build) -> None:
    process = WorkerProcess(tmp_path, build)
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(EnvironmentFault, match="SIP worker sip0 does not start"):
        await process.start(settings(tmp_path))


async def test_tcp_alone(tmp_path: Path, build: Build) -> None:
    process = WorkerProcess(tmp_path, build)
    await process.start(settings(tmp_path, transports=("tcp",)))
    os.kill(process.pid, signal.SIGKILL)
    await process.end(1.0)


async def test_a_worker_that_no_node_needs_goes_by_itself(tmp_path: Path, build: Build) -> None:
    process = WorkerProcess(tmp_path, build)
    await process.start(settings(tmp_path, orphan_s=0.5))
    await process.end(4.0)
    assert process.last_words() == "exit 0"
    assert "sip0.sock" not in os.listdir(tmp_path)  # noqa: PTH208


async def test_another_build_than_wanted_is_told(tmp_path: Path, build: Build) -> None:
    other = "wheel 2.15.1" if build.kind == "tuned" else "tuned 2.17"
    with pytest.raises(EnvironmentFault, match=f"{other} of pjsua2 was wanted, the {build.kind} was found"):
        await WorkerProcess(tmp_path, build).start(settings(tmp_path, build=other))
