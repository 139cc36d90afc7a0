"""Voices encrypted (SRTP, keys in the SDP): agreed with each peer, heard by us, never in clear where that was agreed.
``test_tls.py`` has a call that is encrypted on both sides."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from pathlib import Path

import pytest

from core.config import PeerConfig, SipConfig
from telephony.sip import SipBridge
from tests.sip.attendant import Attendant, tones
from tests.sip.secure_phone import SecurePhone
from tests.sip.sipp import HOST, RtpParty, Sipp, linear

pytestmark = pytest.mark.sip
PORTS = 8


def config(rtp_port: int = 0) -> SipConfig:
    return SipConfig(port=0, rtp_port=rtp_port, rtp_ports=PORTS, workers=1, trunks=())


def peers(srtp: str) -> tuple[PeerConfig, ...]:
    return (PeerConfig(name="phones", networks=(f"{HOST}/32",), srtp=srtp),)  # type: ignore[arg-type]


async def test_one_side_encrypted_the_other_not_and_rubbish_in_between(tmp_path: Path) -> None:
    first = random.randrange(20_000, 30_000, 2)
    async with (
        SipBridge(config(first), run_dir=tmp_path / "run", peers=peers("optional")) as bridge,
        RtpParty(1000) as voice,
        Sipp(tmp_path, "agent", rtp=voice) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
    ):
        pid = bridge.workers()[0].pid
        async with SecurePhone(tmp_path, dials=f"sip:120@{bridge.addresses[0]}", srtp="srtp-mand") as caller:
            attended = await attendant.joined()
            voice.talk_to(await agent.peer_rtp_port())
            await rubbish(range(first, first + PORTS))
            heard = len(attended.frames["caller"])
            await asyncio.sleep(1.0)
            assert len(attended.frames["caller"]) > heard and bridge.workers()[0].pid == pid
        await attendant.over()
        await agent.finished()
    assert attended.tones("caller") == {440} and 1000 in attended.tones("agent")
    assert 1000 in tones(caller.heard()) and 440 in tones(linear(voice.heard))


async def rubbish(ports: range) -> None:
    """What looks like SRTP and is cut off, altered or of nobody, to each port."""
    dice = random.Random(7)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((HOST, 0))
        for number in range(150):
            head = bytes((0x80, 8)) + struct.pack(">HII", number, number * 160, 0xC0FFEE)
            packet = head[: dice.randrange(13)] if number % 3 == 0 else head + dice.randbytes(dice.randrange(182))
            for port in ports:
                sender.sendto(packet, (HOST, port))
            await asyncio.sleep(0.002)


async def test_a_phone_that_only_speaks_in_clear_is_not_joined_where_that_is_not_agreed(tmp_path: Path) -> None:
    async with (
        SipBridge(config(), run_dir=tmp_path / "run", peers=peers("required")) as bridge,
        Sipp(tmp_path, "agent") as plain,
        SecurePhone(tmp_path, srtp="srtp-mand", hertz=1000) as encrypted,
        Attendant(bridge, [plain.uri, encrypted.uri]).at_work() as attendant,
        SecurePhone(tmp_path, dials=f"sip:120@{bridge.addresses[0]}", srtp="srtp-mand"),
    ):
        attended = await attendant.joined()
        assert attended.results[0] != "answered" and attended.results[1] == "answered"
        await asyncio.sleep(0.7)
        assert attended.tones("agent") == {1000}
    assert bridge.workers()[0].restarts == 0
