"""Closed doors on a real wire: who gets an answer, who must show a password, how much one address may ask."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.config import PeerConfig, SipConfig
from telephony.digest import expected_response, parameters
from telephony.sip import SipBridge
from telephony.sip_build import Kind
from tests.patience import until
from tests.sip.attendant import Attendant
from tests.sip.conftest import short
from tests.sip.raw_caller import RawCaller, offer
from tests.sip.sipp import HOST, Sipp

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]
GUARDED, TLS_ONLY, SLOW, FRONT, ENCRYPTED, OLD, STRANGER = (f"127.0.0.{last}" for last in (2, 3, 4, 5, 6, 7, 99))
PASSWORD = "only-for-this-test"
PEERS = (
    PeerConfig(name="guarded", networks=(GUARDED,), user="cucm", password=PASSWORD),
    PeerConfig(name="old", networks=(OLD,), user="sipp", password=PASSWORD, md5_only=True),
    PeerConfig(name="tls", networks=(TLS_ONLY,), tls_only=True),
    PeerConfig(name="slow", networks=(SLOW,), invites_per_s=3),
    PeerConfig(name="encrypted", networks=(ENCRYPTED,), srtp="required"),
)
QUIET_S = 0.4
KEY = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40 + "\r\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bridge(build: Kind, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SipBridge]:
    config = SipConfig(port=0, rtp_port=0, workers=1, hotline=("120",), trunks=(HOST,), fronts=(FRONT,))
    async with SipBridge(config, run_dir=short(tmp_path_factory) / "run", peers=PEERS) as one:
        yield one


async def refused_by(bridge: SipBridge, reason: str, at_least: int) -> None:
    """Until the node knows."""
    await until(lambda: bridge.workers()[0].refused_by.get(reason, 0) >= at_least)


async def answered(bridge: SipBridge, source: str, via: str = "UDP", headers: str = "", within_s: float = 10.0) -> bool:
    """Whether an OPTIONS from that address gets any answer."""
    us = bridge.addresses[0]
    host, _, port = us.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.bind((source, 0))
        asker.setblocking(False)
        own = f"{source}:{asker.getsockname()[1]}"
        asker.sendto(
            f"OPTIONS sip:120@{us} SIP/2.0\r\nVia: SIP/2.0/{via} {own};branch=z9hG4bK{own};rport\r\n"
            f"From: <sip:a@{own}>;tag=1\r\nTo: <sip:120@{us}>\r\nCall-ID: {own}\r\nCSeq: 1 OPTIONS\r\n"
            f"Max-Forwards: 70\r\n{headers}Content-Length: 0\r\n\r\n".encode(),
            (host, int(port)),
        )
        try:
            async with asyncio.timeout(within_s):
                await asyncio.get_running_loop().sock_recv(asker, 4096)
        except TimeoutError:
            return False
        return True


async def silence(bridge: SipBridge, source: str, via: str = "UDP", headers: str = "") -> bool:
    """Whether it gets none."""
    return not await answered(bridge, source, via, headers, QUIET_S)


async def test_scanners_get_no_answer_and_are_counted(bridge: SipBridge) -> None:
    assert await answered(bridge, HOST) and await silence(bridge, STRANGER)
    await refused_by(bridge, "stranger", 1)


async def test_a_peer_of_tls_gets_no_answer_by_udp_whatever_its_via_says(bridge: SipBridge) -> None:
    assert await silence(bridge, TLS_ONLY) and await silence(bridge, TLS_ONLY, via="TLS")
    await refused_by(bridge, "plain", 2)


async def test_our_front_tells_who_stands_behind_it_and_others_cannot(bridge: SipBridge) -> None:
    def told(who: str) -> str:
        return f"X-Minwon-Source: {who}\r\n"

    assert await answered(bridge, FRONT) and await answered(bridge, FRONT, headers=told(f"{HOST}/udp"))
    assert await answered(bridge, FRONT, headers=told(f"{TLS_ONLY}/tls"))
    assert await silence(bridge, FRONT, headers=told(f"{TLS_ONLY}/tcp"))
    assert await silence(bridge, FRONT, headers=told(f"{STRANGER}/tls"))
    assert await silence(bridge, STRANGER, headers=told(f"{HOST}/udp"))


async def test_a_call_with_the_password_by_md5(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        Sipp(tmp_path, "agent", hertz=1000) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(tmp_path, "caller_digest", to=bridge.addresses[0], host=OLD, login=("sipp", PASSWORD)) as caller,
    ):
        await caller.finished()
        await agent.finished()
        assert (await attendant.over()).tones("caller") == {440}


async def test_a_call_with_the_password_by_sha_256_and_once_for_each_proof(bridge: SipBridge) -> None:
    async with (
        RawCaller(bridge.addresses[0], host=GUARDED) as caller,
        Attendant(bridge, refuse=lambda call: True).at_work(),
    ):
        assert await caller.invite() == 401
        asked = re.findall(r"^WWW-Authenticate: (.*)$", caller.received[-1], re.MULTILINE)
        assert ["SHA-256" in value for value in asked] == [True, False]
        challenge = parameters(asked[0])
        given = {
            "username": "cucm", "realm": challenge["realm"], "nonce": challenge["nonce"], "uri": "sip:120@us",
            "algorithm": "SHA-256", "qop": "auth", "nc": "00000001", "cnonce": "c",
        }  # fmt: skip
        given["response"] = expected_response(given, "INVITE", "cucm", PASSWORD)
        proof = "Authorization: Digest " + ", ".join(f'{name}="{value}"' for name, value in given.items()) + "\r\n"
        assert await caller.ask("INVITE", body=offer(), headers=proof) == 486, "let in, and then nobody was free"
    async with RawCaller(bridge.addresses[0], host=GUARDED) as thief:
        assert await thief.invite(headers=proof) == 401


async def test_no_call_without_the_password(bridge: SipBridge) -> None:
    async with RawCaller(bridge.addresses[0], host=GUARDED) as caller:
        assert await caller.invite() == 401
        wrong = 'Authorization: Digest username="cucm", realm="minwon", nonce="guess", uri="x", response="0"\r\n'
        assert await caller.ask("INVITE", body=offer(), headers=wrong) == 401
        assert "stale=true" in caller.received[-1]
    assert bridge.workers()[0].calls == 0


async def test_voices_must_be_as_agreed(bridge: SipBridge) -> None:
    async with RawCaller(bridge.addresses[0], host=ENCRYPTED) as caller:
        assert await caller.invite() == 488
    async with RawCaller(bridge.addresses[0]) as caller:
        assert await caller.invite(offer(profile="RTP/SAVP", lines=KEY)) == 488
    await refused_by(bridge, "srtp", 2)
    async with (
        RawCaller(bridge.addresses[0], host=ENCRYPTED) as caller,
        Attendant(bridge, refuse=lambda call: True).at_work(),
    ):
        assert await caller.invite(offer(profile="RTP/SAVP", lines=KEY)) == 486, "let in, and then nobody was free"


async def test_a_running_call_cannot_be_taken_into_the_clear(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        RawCaller(bridge.addresses[0], host=ENCRYPTED) as caller,
        Sipp(tmp_path, "agent") as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
    ):
        assert await caller.invite(offer(profile="RTP/SAVP", lines=KEY)) == 200
        attended = await attendant.joined()
        assert await caller.ask("INVITE", body=offer()) == 488
        assert not attended.over.is_set()
        assert await caller.ask("BYE") == 200
        await attendant.over()


async def test_a_flood_of_one_address_is_held_back_and_others_are_served(bridge: SipBridge) -> None:
    async with (
        RawCaller(bridge.addresses[0], host=SLOW) as flood,
        Attendant(bridge, refuse=lambda call: True).at_work(),
    ):
        for number in range(40):
            flood.say(flood.message("INVITE", 1, body=offer()).replace("Call-ID: ", f"Call-ID: {number}").encode())
            await asyncio.sleep(0.002)
        assert await answered(bridge, HOST)
        await refused_by(bridge, "rate", 30)
        taken = [text for text in flood.received if text.startswith("SIP/2.0 486")]
        assert 1 <= len(taken) <= 40
    assert bridge.workers()[0].restarts == 0
