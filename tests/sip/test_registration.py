"""Registered at an exchange as an extension: a real Kamailio, digest, calls by way of it; baresip as a caller."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.config import RegisterConfig, SipConfig
from telephony.sip import SipBridge
from tests.contracts.exchange import tone, write_wav
from tests.sip.attendant import Attendant, tones
from tests.sip.sipp import HOST, RtpParty, Sipp, free_port, linear

pytestmark = pytest.mark.sip
PASSWORD = "only-for-this-test"


@asynccontextmanager
async def kamailio(folder: Path) -> AsyncIterator[str]:
    """An exchange; yields its host:port."""
    port = free_port()
    config = folder / "kamailio.cfg"
    text = (Path(__file__).parent / "exchange.cfg").read_text("utf-8")
    config.write_text(text.replace("@port@", str(port)).replace("@password@", PASSWORD), "utf-8")
    process = await asyncio.create_subprocess_exec(
        "kamailio", "-DD", "-E", "-f", str(config), "-w", str(folder), "-Y", str(folder), "-m", "32", "-M", "4",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(10):
            while True:
                try:
                    _, writer = await asyncio.open_connection(HOST, port)
                    break
                except ConnectionRefusedError:
                    await asyncio.sleep(0.05)
        writer.close()
        yield f"{HOST}:{port}"
    finally:
        await ended(process)


async def ended(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    await process.wait()


def registered_at(exchange: str, password: str) -> SipConfig:
    register = RegisterConfig(registrar=f"sip:{exchange}", user="120", users=("120", "121"), password=password)
    return SipConfig(port=0, rtp_port=0, workers=2, register=register, trunks=())


async def until_registered(bridge: SipBridge, expected: bool, within_s: float = 5.0) -> None:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if [state.registered for state in bridge.workers()] == [expected] * 2:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"registered: {[state.registered for state in bridge.workers()]}")


async def test_registers_with_digest_and_is_called(tmp_path: Path) -> None:
    async with (
        kamailio(tmp_path) as exchange,
        SipBridge(registered_at(exchange, PASSWORD), run_dir=tmp_path / "run") as bridge,
        Sipp(tmp_path, "agent", hertz=1000, calls=2) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
    ):
        await until_registered(bridge, True)
        for number, user in enumerate(("120", "121")):
            async with Sipp(tmp_path, "caller", to=exchange, fill={"called": user}) as caller:
                await caller.finished()
            attended = await attendant.over(number)
            assert attended.call.trunk.startswith(f"sip{number} ") and attended.tones("caller") == {440}


async def test_a_wrong_password_shows_as_not_registered(tmp_path: Path) -> None:
    async with (
        kamailio(tmp_path) as exchange,
        SipBridge(registered_at(exchange, "wrong"), run_dir=tmp_path / "run") as bridge,
    ):
        await until_registered(bridge, False)


async def test_the_registration_is_given_back_at_the_end(tmp_path: Path) -> None:
    async with kamailio(tmp_path) as exchange:
        async with SipBridge(registered_at(exchange, PASSWORD), run_dir=tmp_path / "run") as bridge:
            await until_registered(bridge, True)
        async with Sipp(tmp_path, "caller_refused", to=exchange, fill={"status": "404"}) as caller:
            await caller.finished()


async def test_baresip_calls(tmp_path: Path) -> None:
    config = SipConfig(port=0, rtp_port=0, workers=1)
    async with (
        RtpParty(1000) as voice,
        SipBridge(config, run_dir=tmp_path / "run") as bridge,
        Sipp(tmp_path, "agent", rtp=voice) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
    ):
        async with baresip(tmp_path / "baresip", f"sip:120@{bridge.addresses[0]}"):
            attended = await attendant.joined()
            await asyncio.sleep(1.5)
        await attendant.over()
        await agent.finished()
    assert attended.call.caller.number == "01000005555"
    assert 440 in attended.tones("caller") and 440 in tones(linear(voice.heard))


@asynccontextmanager
async def baresip(folder: Path, uri: str) -> AsyncIterator[None]:
    """A baresip that calls ``uri`` with a tone on its microphone, and hangs up at the end."""
    baresip_home(folder)
    process = await asyncio.create_subprocess_exec(
        "baresip", "-f", str(folder), "-e", f"/dial {uri}",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        await ended(process)


def baresip_home(folder: Path) -> None:
    """Its configuration: A-law, a 440 Hz tone as microphone, no loudspeaker."""
    folder.mkdir()
    write_wav(folder / "tone.wav", tone(440, 5.0))
    (folder / "config").write_text(
        "module_path /usr/lib/baresip/modules\nmodule g711.so\nmodule aufile.so\n"
        "module_app account.so\nmodule_app menu.so\n"
        f"sip_listen {HOST}:{free_port()}\nnet_interface 127.0.0.1\n"
        f"audio_source aufile,{folder}/tone.wav\n"
        "ausrc_srate 8000\nauplay_srate 8000\naudio_channels 1-1\n",
        "utf-8",
    )
    (folder / "accounts").write_text(f"<sip:01000005555@{HOST}>;regint=0;audio_codecs=PCMA\n", "utf-8")
