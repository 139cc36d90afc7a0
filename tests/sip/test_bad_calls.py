"""Parties that behave badly inside a call: broken media, loops, races. Their call may end, no other, and no worker of
the tuned build."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager

import pytest
import pytest_asyncio

from telephony.sip_build import Kind
from tests.patience import until
from tests.sip.arena import CALLER, Arena, ring
from tests.sip.attendant import tones
from tests.sip.bad_rtp import bad_rtcp, bad_rtp, bad_srtp
from tests.sip.broken_sdp import SDPS
from tests.sip.raw_caller import RawCaller, answer_to, offer
from tests.sip.sipp import HOST, RtpParty, Sipp, linear
from tests.sip.torture import broken

__all__ = ["ring"]
pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]

KEY = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd\r\n"
RACES = 60
GARBAGE_CALLS, ANSWERS = 10, 100


@pytest_asyncio.fixture(loop_scope="module")
async def arena_(ring: Arena) -> AsyncIterator[Arena]:
    """The arena; whatever a test did there, nobody else was harmed, and no leg is left."""
    yield ring
    await ring.unharmed()
    await ring.empty()


async def from_party(voice: RtpParty, port: int, packets: Iterable[bytes]) -> None:
    """Every packet to that port; a little slower than the worker reads."""
    for number, packet in enumerate(packets):
        voice.say(packet, port)
        if number % 20 == 0:
            await asyncio.sleep(0.005)


async def from_stranger(ports: Iterable[int], packets: Iterable[bytes]) -> None:
    """Every packet to every port, from a socket of its own; too few to be taken for the party behind another NAT
    (pjmedia follows ten packets in a row: see the firewall in docs/sip.md)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((HOST, 0))
        for number, packet in enumerate(packets):
            for port in ports:
                sender.sendto(packet, (HOST, port))
            if number % 4 == 0:
                await asyncio.sleep(0.02)


async def test_bad_rtp_and_rtcp_beside_a_good_voice(arena_: Arena) -> None:
    number, pid = len(arena_.attendant.calls), arena_.state.pid
    async with (
        RtpParty(440) as voice,
        Sipp(arena_.folder, "caller", to=arena_.hit, talk_s=5.0, rtp=voice) as caller,
    ):
        attended = await arena_.joined(number)
        port = await caller.peer_rtp_port()
        voice.talk_to(port)
        dice = random.Random(7)
        noise = [dice.randbytes(dice.randrange(1, 1400)) for _ in range(300)]
        await from_party(voice, port, bad_rtp(7))
        await from_party(voice, port + 1, bad_rtcp(7))
        await from_stranger([port, port + 1], noise)
        await caller.finished()
        await arena_.attendant.over(number)
    assert arena_.state.pid == pid
    assert 1000 in tones(linear(voice.heard))
    assert 440 in attended.tones("caller")


async def test_truncated_srtp(arena_: Arena) -> None:
    pid = arena_.state.pid
    async with RawCaller(arena_.hit, number=CALLER) as rude:
        assert await rude.invite(offer(profile="RTP/SAVP", lines=KEY)) == 200
        port = rude.peer_rtp
        async with RtpParty(440) as stranger:
            for packets in (bad_srtp(7), bad_rtp(8), bad_rtcp(8)):
                each = list(packets)
                await asyncio.gather(from_party(stranger, port, each), from_party(stranger, port + 1, each))
        assert await rude.ask("BYE") == 200
    assert arena_.state.pid == pid


async def test_reinvites_with_broken_sdp(arena_: Arena) -> None:
    pid = arena_.state.pid
    async with RawCaller(arena_.hit, number=CALLER) as one, RawCaller(arena_.hit, number=CALLER) as other:
        for rude in (one, other):
            number = len(arena_.attendant.calls)
            assert await rude.invite() == 200
            await arena_.joined(number)
        names = list(SDPS)
        await asyncio.gather(offer_again(one, names[::2]), offer_again(other, names[1::2]))
        for rude in (one, other):
            assert await rude.ask("INVITE", body=offer()) == 200
            assert await rude.ask("BYE") == 200
    assert arena_.state.pid == pid


@contextmanager
def agent_is(arena: Arena, phone: RawCaller) -> Iterator[None]:
    """Calls go to that phone meanwhile."""
    before, arena.attendant.agents = arena.attendant.agents, [f"sip:phone@{phone.here}"]
    try:
        yield
    finally:
        arena.attendant.agents = before


async def offer_again(rude: RawCaller, names: Sequence[str]) -> None:
    """Re-INVITEs with those bodies; a little slower than the door lets offers through."""
    for name in names:
        assert await rude.ask("INVITE", body=SDPS[name]) >= 200, f"no final answer to a re-INVITE: {name}"
        await asyncio.sleep(0.1)


async def test_a_phone_that_asks_on_and_on_is_told_to_wait(arena_: Arena) -> None:
    before = arena_.state
    async with RawCaller(arena_.hit, number=CALLER) as rude:
        assert await rude.invite() == 200
        for _ in range(150):
            rude.send("INVITE", body=offer())
        sequence = rude.send("INVITE", body=offer())
        assert await rude.final(sequence, "INVITE") == 500
        assert await rude.ask("BYE") == 200
    await until(lambda: arena_.state.refused_by.get("offers", 0) > before.refused_by.get("offers", 0) + 50)
    assert arena_.state.pid == before.pid


async def test_reinvite_glare(arena_: Arena) -> None:
    """Both sides ask at once (RFC 3261 section 14): a 491 each, and the call goes on."""
    number, pid = len(arena_.attendant.calls), arena_.state.pid
    async with RawCaller(arena_.hit, number=CALLER) as rude:
        assert await rude.invite() == 200
        await arena_.joined(number)
        first = [rude.send("INVITE", body=offer(40000 + 2 * at)) for at in range(8)]  # none waits for its answer
        statuses = [await rude.final(sequence, "INVITE") for sequence in first]
        assert set(statuses) <= {200, 491, 500} and 200 in statuses
        assert await rude.ask("INVITE", body=offer()) == 200
        assert await rude.ask("BYE") == 200
        await arena_.attendant.over(number)
    assert arena_.state.pid == pid


async def test_glare_with_a_reinvite_of_ours(arena_: Arena) -> None:
    """The agent's phone answers with two codecs, so the stack asks it again for one; at that moment it asks, too."""
    number, pid = len(arena_.attendant.calls), arena_.state.pid
    async with RawCaller(arena_.hit) as phone, RawCaller(arena_.hit, number=CALLER) as rude:
        asked: list[str] = []

        def answers(request: str) -> str | None:
            if not request.startswith(("INVITE", "UPDATE")):
                return None
            asked.append(request)
            if len(asked) == 1:
                return phone.take(request, offer(codecs="8 0 101"))
            if len(asked) == 2:
                phone.send("INVITE", body=offer())
                return answer_to(request, "491 Request Pending")
            return answer_to(request, body=offer())

        phone.answers = answers
        with agent_is(arena_, phone):
            assert await rude.invite() == 200
            attended = await arena_.joined(number)
        await asyncio.sleep(1.5)
        assert attended.results == ["answered"] and not attended.over.is_set()
        assert len(asked) >= 2, "the stack has not asked it again"
        assert await rude.ask("BYE") == 200
        await arena_.attendant.over(number)
    assert arena_.state.pid == pid


async def test_cancel_races(arena_: Arena) -> None:
    """A CANCEL at any moment between INVITE and 200 leaves neither a call nor a leg behind."""
    dice, pid = random.Random(7), arena_.state.pid
    async with RawCaller(arena_.hit) as phone:  # answers every INVITE at once
        phone.answers = lambda request: answer_to(request, body=offer() if request.startswith("INVITE") else "")
        with agent_is(arena_, phone):
            for _ in range(RACES):
                async with RawCaller(arena_.hit, number=CALLER) as rude:
                    number = rude.send("INVITE", body=offer())
                    await asyncio.sleep(dice.uniform(0, 0.02))
                    rude.send("CANCEL", number=number)
                    status = await rude.final(number, "INVITE")
                    assert status in (200, 487, 503), status
                    if status == 200:
                        assert await rude.ask("BYE") in (200, 481)
            await arena_.empty()
            await phone.left_alone()
    assert arena_.state.pid == pid


async def test_refer_loops(arena_: Arena) -> None:
    """A phone passes its call on to ourselves, to itself, to nowhere, again and again."""
    number, pid = len(arena_.attendant.calls), arena_.state.pid
    async with RawCaller(arena_.hit, number=CALLER) as rude:
        assert await rude.invite() == 200
        await arena_.joined(number)
        targets = [
            f"sip:120@{arena_.hit}",
            f"sip:raw@{rude.here}",
            "sip:",
            "",
            "tel:1",
            "<" * 300,
            f"sip:{'9' * 3000}@h",
        ]
        for _ in range(5):
            for target in targets:
                status = await rude.ask("REFER", headers=f"Refer-To: <{target}>\r\n")
                assert 200 <= status < 600
        assert await rude.ask("REFER") >= 400
        await rude.ask("BYE")
        await arena_.attendant.over(number)
    assert arena_.state.pid == pid


async def test_an_agents_phone_that_answers_garbage(arena_: Arena, build: Kind) -> None:
    """Broken answers of every status to our own INVITE, then a good one: the stack reads them in a transaction.

    The last test: legs whose end was garbled keep their slots for 32 s (64 * T1), and the wheel has only four."""
    dice, pid = random.Random(7), arena_.state.pid
    statuses = ("100 Trying", "180 Ringing", "183 Progress", "200 OK", "200 OK", "302 Moved", "401 No", "422 Timer")
    bodies = [offer(), *SDPS.values()]
    async with RawCaller(arena_.hit) as phone:

        def answers(request: str) -> str | None:
            if request.startswith("INVITE"):
                for _ in range(ANSWERS):
                    body = dice.choice(bodies) if dice.random() < 0.5 else offer()
                    good = answer_to(request, dice.choice(statuses), body)
                    phone.say(broken(good.encode("utf-8", "surrogateescape"), dice))
            return answer_to(request, body=offer() if request.startswith("INVITE") else "")

        phone.answers = answers
        with agent_is(arena_, phone):
            for _ in range(GARBAGE_CALLS):
                number = len(arena_.attendant.calls)
                async with RawCaller(arena_.hit, number=CALLER) as rude:
                    if await rude.invite() != 200:
                        # Slots wait for an end that the phone garbled, too; and the wheel's worker may be gone.
                        assert build == "wheel"
                        await asyncio.sleep(1.0)
                        continue
                    attended = await arena_.attendant.nth(number)
                    await until(lambda: bool(attended.results) or attended.over.is_set(), 15)  # noqa: B023
                    await rude.ask("BYE")
                await arena_.attendant.over(number)
    # The wheel has an assertion about the media of an answer: of that only the hit worker's calls end.
    assert build == "wheel" or arena_.state.pid == pid
