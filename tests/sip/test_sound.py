"""Real RTP over a bad line: the counters are those of the list, the words survive, a silent side is told which."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
import pytest_asyncio

from core import g711
from core.config import SipConfig
from core.events import Speaker
from models import shelf
from stt.vosk_engine import VoskRecognizer
from telephony.contract import AudioLost, LegSound
from telephony.sip import SipBridge
from telephony.sip_build import Kind
from telephony.softphone import Softphone
from tests.fakes.rtp_line import HOST, Doubled, Fate, Late, Lost, Overtaken, RtpLine, RtpTalker
from tests.fakes.sip_line import SipLine
from tests.sip.attendant import Attendant, Attended
from tests.sip.conftest import short
from tests.sip.sipp import RtpParty, Sipp
from tests.stt.spoken import line as over_the_line
from tests.stt.spoken import pause, say

pytestmark = [pytest.mark.sip, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

SENTENCE = "여권을 신청하려고요"
PACKETS = 160
LIST: dict[int, Fate] = {
    37: Lost(), 61: Lost(), 80: Lost(), 81: Lost(),
    95: Doubled(), 110: Overtaken(1), 120: Late(300),
}  # fmt: skip
"""2.5 % lost, and one of each other fate, in 3.2 s."""


class Heard(msgspec.Struct):
    """What became of the call."""

    bridge: SipBridge
    attendant: Attendant
    attended: Attended
    sound: LegSound
    """The caller's last."""
    never_s: float
    """From the join until it was told that nothing comes from the agent, who never sent."""
    stopped_s: float
    """From the caller's last packet until it was told."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def heard(build: Kind, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Heard]:
    """One call with the product's settings: the agent's phone never sends, the caller's stops after 3.2 s."""
    folder = short(tmp_path_factory)
    pcm = over_the_line(pause(0.6), say(SENTENCE), pause(3.0))
    voice = g711.encode("alaw", np.frombuffer(pcm, "<i2"))
    async with (
        SipBridge(SipConfig(port=0, rtp_port=0, workers=1), run_dir=folder / "run") as bridge,
        RtpTalker(voice) as talker,
        RtpLine(LIST) as line,
        RtpParty(440) as mute,
        Sipp(folder, "agent", rtp=mute) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        Sipp(folder, "caller_stays", to=bridge.addresses[0], rtp=line) as caller,
    ):
        attended = await attendant.joined()
        joined = time.monotonic()
        line.to = (HOST, await caller.peer_rtp_port())
        talker.talk_to(line.port, PACKETS)
        await attendant.until(lambda: lost("agent") in attended.signals)
        never_s = time.monotonic() - joined
        await talker.over()
        stopped = time.monotonic()
        await attendant.until(lambda: lost("caller") in attended.signals)
        stopped_s = time.monotonic() - stopped
        sounds = [one for one in attended.signals if isinstance(one, LegSound) and one.speaker == "caller"]
        await attended.call.hang_up()
        yield Heard(bridge, attendant, await attendant.over(), sounds[-1], never_s, stopped_s)


def lost(speaker: Speaker) -> AudioLost:
    return AudioLost(speaker=speaker)


async def test_the_counters_are_those_of_the_list(heard: Heard) -> None:
    sound = heard.sound
    assert sound.packets == PACKETS - 4 + 1
    assert sound.lost - sound.late == 4
    assert (sound.doubled, sound.codec) == (1, "PCMA")
    assert sound.reordered == 2  # the overtaken one and the late one
    assert 1 <= sound.late <= 10  # the late one; how many more depends on this machine's breath
    assert sound.bursts >= 3
    assert sound.jitter_ms < 100


async def test_a_side_that_is_silent_is_told_within_the_time(heard: Heard) -> None:
    assert 1.5 <= heard.never_s <= 5.0
    assert 1.5 <= heard.stopped_s <= 5.0
    assert heard.attended.ended.reason == ""


async def test_the_words_survive(heard: Heard) -> None:
    session = VoskRecognizer(shelf.find()).session()
    for frame in heard.attended.frames["caller"]:
        session.accept(frame.pcm)
    assert SENTENCE in session.finish().text


async def test_a_phone_that_negotiates_its_own_ports_behind_a_bad_line(heard: Heard, tmp_path: Path) -> None:
    host, _, port = heard.bridge.addresses[0].rpartition(":")
    async with (
        Sipp(tmp_path, "agent", echo=True) as agent,
        SipLine((host, int(port)), {20: Lost(), 21: Lost(), 40: Lost()}) as line,
        Softphone() as phone,
    ):
        heard.attendant.agents[:] = [agent.uri]
        call = await phone.dial(f"sip:120@{line.address}")
        attended = await heard.attendant.joined(1)
        await heard.attendant.until(lambda: lost_packets(attended) >= 3)
        await call.hang_up()
        await heard.attendant.over(1)
    assert lost_packets(attended) == 3
    assert line.voices[0].there.met == [20, 21, 40]


def lost_packets(attended: Attended) -> int:
    """Of the caller, that never came."""
    sounds = [one for one in attended.signals if isinstance(one, LegSound) and one.speaker == "caller"]
    return sounds[-1].lost - sounds[-1].late if sounds else 0
