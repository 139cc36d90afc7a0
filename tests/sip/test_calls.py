"""Calls between real SIPp processes through the bridge: every way a call may begin, go on and end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from core.config import SipConfig
from core.events import Party
from telephony.contract import AudioBack, AudioLost, Held, Key, LegEnded, Resumed
from telephony.sip import SipBridge
from tests.patience import until
from tests.sip.attendant import Attendant, tones
from tests.sip.conftest import CONFIG
from tests.sip.sipp import HOST, RtpParty, Sipp, free_port, linear

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]


async def test_both_voices_pass_both_ways_and_the_caller_hangs_up(bridge: SipBridge, tmp_path: Path) -> None:
    # The agent's phone sends back what it hears: the caller's tone on the agent's leg has passed both ways.
    async with (
        Sipp(tmp_path, "agent", echo=True) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(tmp_path, "caller", to=bridge.addresses[0], hertz=440, talk_s=1.5) as caller,
    ):
        await caller.finished()
        await agent.finished()
        attended = await attendant.over()
    assert attended.results == ["answered"]
    assert 440 in attended.tones("caller") and 440 in attended.tones("agent")
    assert [(end.speaker, end.by_peer) for end in attended.signals if isinstance(end, LegEnded)] == [
        ("agent", False),
        ("caller", True),
    ]


async def test_agent_is_heard_by_the_caller_and_hangs_up(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        Sipp(tmp_path, "agent_hangs_up", hertz=1000, talk_s=1.5) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(tmp_path, "caller_stays", to=bridge.addresses[0], echo=True) as caller,
    ):
        await agent.finished()
        await caller.finished()
        attended = await attendant.over()
    assert attended.tones("agent") == {1000} == attended.tones("caller")
    assert (attended.ended.status, attended.ended.by_peer) == (200, False)


async def test_absent_busy_declining_and_missing_agents_are_passed_over(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        Sipp(tmp_path, "agent_away") as away,
        Sipp(tmp_path, "agent_refuses", fill={"status": "486"}) as busy,
        Sipp(tmp_path, "agent_refuses", fill={"status": "603"}) as declining,
        Sipp(tmp_path, "agent") as agent,
    ):
        missing = f"sip:agent@{HOST}:{free_port()}"
        agents = [away.uri, busy.uri, declining.uri, missing, agent.uri]
        async with (
            Attendant(bridge, agents, ring_s=1.0).at_work() as attendant,
            Sipp(tmp_path, "caller", to=bridge.addresses[0], talk_s=4.0) as caller,
        ):
            attended = await attendant.joined()
            await caller.finished()
            for party in (away, busy, declining, agent):
                await party.finished()
    assert attended.results == ["no_answer", "busy", "refused", "unreachable", "answered"]


async def test_no_agent_at_all_ends_the_call_properly(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        Sipp(tmp_path, "agent_refuses", fill={"status": "486"}) as busy,
        Attendant(bridge, [busy.uri]).at_work() as attendant,
        Sipp(tmp_path, "caller_stays", to=bridge.addresses[0]) as caller,
    ):
        await caller.finished()
        attended = await attendant.over()
    assert attended.results == ["busy"] and not attended.ended.by_peer


async def test_caller_cancels_while_it_rings(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        Attendant(bridge).at_work() as attendant,
        Sipp(tmp_path, "caller_cancels", to=bridge.addresses[0]) as caller,
    ):
        await caller.finished()
        attended = await attendant.over()
    assert attended.signals == [LegEnded(status=487, by_peer=True)]


async def test_keys_by_info_and_keep_alive_inside_the_call(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        Sipp(tmp_path, "agent") as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(tmp_path, "caller_keys", to=bridge.addresses[0], talk_s=0.5) as caller,
    ):
        await caller.finished()
        attended = await attendant.over()
    keys = [signal for signal in attended.signals if isinstance(signal, Key)]
    assert keys == [Key(digit=digit, method="info") for digit in "5#*"]


async def test_three_kinds_of_hold(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        Sipp(tmp_path, "agent", echo=True) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(tmp_path, "caller_holds", to=bridge.addresses[0], talk_s=0.7) as caller,
    ):
        await caller.finished()
        attended = await attendant.over()
    told = [type(signal) for signal in attended.signals if isinstance(signal, Held | Resumed)]
    assert told == [Held, Resumed] * 3
    # While the caller holds, the agent hears our music, and her phone's echo brings it back to us.
    assert 440 in attended.tones("agent") and attended.tones("agent") & {520, 660, 780, 580, 700, 880}


async def test_invite_without_sdp(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        Sipp(tmp_path, "agent", hertz=1000) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(tmp_path, "caller_delayed_offer", to=bridge.addresses[0], talk_s=1.5) as caller,
    ):
        await caller.finished()
        attended = await attendant.over()
    assert attended.tones("caller") == {440} and attended.tones("agent") == {1000}


async def test_private_address_in_the_sdp(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        RtpParty(440) as voice,
        Sipp(tmp_path, "agent", hertz=1000) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(
            tmp_path, "caller", to=bridge.addresses[0], talk_s=2.0, rtp=voice, fill={"media_ip": "192.168.77.7"}
        ) as caller,
    ):
        await attendant.joined()
        voice.talk_to(await caller.peer_rtp_port())
        await caller.finished()
        attended = await attendant.over()
    # The SDP names an address that is nobody's; both voices pass all the same.
    assert 440 in attended.tones("caller")
    assert 1000 in tones(linear(voice.heard))


@pytest.mark.parametrize("codec", ["PCMU/8000", "PCMA/8000"])
async def test_both_laws_of_g711(bridge: SipBridge, tmp_path: Path, codec: str) -> None:
    async with (
        Sipp(tmp_path, "agent") as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(tmp_path, "caller", to=bridge.addresses[0], fill={"codec": codec}) as caller,
    ):
        await caller.finished()
        attended = await attendant.over()
    assert attended.frames["caller"]


async def test_call_over_tcp(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        Sipp(tmp_path, "agent", tcp=True) as agent,
        Attendant(bridge, [agent.uri + ";transport=tcp"]).at_work() as attendant,
        Sipp(tmp_path, "caller", to=bridge.addresses[0], tcp=True) as caller,
    ):
        await caller.finished()
        attended = await attendant.over()
    assert attended.results == ["answered"] and attended.call.trunk.endswith("/tcp")


@pytest.mark.parametrize(
    ("headers", "from_header", "caller"),
    [
        ("", '"홍길동" <sip:01000001111@[local_ip]>', Party(number="01000001111", name="홍길동")),
        (
            "P-Asserted-Identity: <tel:+82-10-0000-2222>\n",
            '"Anonymous" <sip:anonymous@anonymous.invalid>',
            Party(anonymous=True),
        ),
        (
            'P-Asserted-Identity: "민원인" <sip:0100000333@city.example>\n',
            "<sip:120@[local_ip]>",
            Party(number="0100000333", name="민원인"),
        ),
        (
            "P-Asserted-Identity: <sip:01000004444@city.example>\nPrivacy: id\n",
            "<sip:01000004444@[local_ip]>",
            Party(anonymous=True),
        ),
    ],
)
async def test_who_calls(bridge: SipBridge, tmp_path: Path, headers: str, from_header: str, caller: Party) -> None:
    async with (
        Attendant(bridge).at_work() as attendant,
        Sipp(
            tmp_path, "caller_cancels", to=bridge.addresses[0], fill={"headers": headers, "from": from_header}
        ) as party,
    ):
        attended = await attendant.nth()
        await party.finished()
    assert attended.call.caller == caller


async def test_another_number_than_the_hotline(bridge: SipBridge, tmp_path: Path) -> None:
    async with Sipp(
        tmp_path, "caller_refused", to=bridge.addresses[0], fill={"called": "119", "status": "404"}
    ) as party:
        await party.finished()


async def test_over_capacity_is_refused_and_running_calls_go_on(tmp_path: Path) -> None:
    async with (
        SipBridge(msgspec.structs.replace(CONFIG, rtp_ports=8), run_dir=tmp_path / "run") as bridge,
        Sipp(tmp_path, "agent", calls=2, hertz=1000) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(tmp_path, "caller", to=bridge.addresses[1], calls=2, talk_s=3.0) as callers,
    ):
        await attendant.joined(0)
        await attendant.joined(1)
        fill = {"status": "503", "answer": "Retry-After: 10"}
        async with Sipp(tmp_path, "caller_refused", to=bridge.addresses[1], calls=5, fill=fill) as refused:
            await refused.finished()
        await callers.finished()
        await agent.finished()
        for number in (0, 1):
            attended = await attendant.over(number)
            assert attended.ended.by_peer and attended.tones("agent") == {1000}
            assert not any(frame.lost for frame in attended.frames["caller"][10:-10])
        assert len(attendant.calls) == 2
        assert [worker.capacity for worker in bridge.workers()] == [2, 2]
        await until(lambda: bridge.workers()[1].refused == 5)


async def test_a_party_that_falls_silent_and_is_dead(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        Sipp(tmp_path, "agent") as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(tmp_path, "caller", to=bridge.addresses[0], talk_s=30) as caller,
    ):
        attended = await attendant.joined()
        await asyncio.sleep(0.5)
        caller.kill()
        attended = await attendant.over()
        await agent.finished()
    assert AudioLost(speaker="caller") in attended.signals
    assert AudioBack(speaker="caller") not in attended.signals
    assert attended.ended.reason == "no_media"


async def test_a_party_that_is_silent_but_alive_keeps_its_call(bridge: SipBridge, tmp_path: Path) -> None:
    async with (
        RtpParty(440) as mute,
        Sipp(tmp_path, "agent", echo=True) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(tmp_path, "caller", to=bridge.addresses[0], talk_s=4.5, rtp=mute) as caller,
    ):
        await caller.finished()
        attended = await attendant.over()
    assert AudioLost(speaker="caller") in attended.signals
    assert (attended.ended.by_peer, attended.ended.reason) == (True, "")
    assert any("OPTIONS sip:caller" in message for message in caller.received())


async def test_session_timer_is_agreed_on(bridge: SipBridge, tmp_path: Path) -> None:
    wanted = {"headers": "Session-Expires: 120;refresher=uac\nMin-SE: 90\n"}
    async with (
        Sipp(tmp_path, "agent") as agent,
        Attendant(bridge, [agent.uri]).at_work(),
        Sipp(tmp_path, "caller", to=bridge.addresses[0], talk_s=0.5, fill=wanted) as caller,
    ):
        await caller.finished()
    assert any("Session-Expires: 120;refresher=uac" in message for message in caller.received())


async def test_the_public_address_is_what_the_world_is_told(tmp_path: Path) -> None:
    config = SipConfig(port=0, rtp_port=0, workers=1, public_address="203.0.113.7")
    async with (
        SipBridge(config, run_dir=tmp_path / "run") as bridge,
        Attendant(bridge, [f"sip:nobody@{HOST}:{free_port()}"], ring_s=0.5).at_work(),
        Sipp(tmp_path, "caller_stays", to=bridge.addresses[0]) as caller,
    ):
        await asyncio.sleep(1.0)
        (answer,) = [message for message in caller.received() if "SIP/2.0 200 OK" in message]
    assert "c=IN IP4 203.0.113.7" in answer
    assert "Contact: <sip:120@203.0.113.7:" in answer
