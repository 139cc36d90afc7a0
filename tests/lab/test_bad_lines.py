"""A caller of the city behind a bad line: what is lost, late, doubled and out of order on the way is counted, and the
words come through exchange, front and worker all the same.

``tests/sip/test_sound.py`` has the same list straight at a worker, with all that is told of it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.fuzz import ratio

from core import g711
from models import shelf
from stt.vosk_engine import VoskRecognizer
from telephony.contract import LegSound
from tests.fakes.rtp_line import HOST, RtpLine, RtpTalker
from tests.lab.baresip import Baresip
from tests.lab.stages import by_trunk
from tests.patience import until
from tests.sip.attendant import Attendant, Attended
from tests.sip.sipp import Sipp
from tests.sip.test_sound import LIST, PACKETS, SENTENCE
from tests.stt.spoken import line as over_the_line
from tests.stt.spoken import pause, say

pytestmark = [pytest.mark.sip, pytest.mark.slow]


async def test_words_over_a_bad_line_through_the_exchange(tmp_path: Path) -> None:
    voice = g711.encode("alaw", np.frombuffer(over_the_line(pause(0.6), say(SENTENCE), pause(3.0)), "<i2"))
    async with (
        by_trunk(tmp_path) as (exchange, bridge),
        RtpTalker(voice) as talker,
        RtpLine(LIST) as line,
        Baresip(tmp_path, "2101", exchange.address),
        Attendant(bridge, (exchange.uri("2101"),)).at_work() as attendant,
        Sipp(tmp_path, "caller_stays", to=exchange.address, rtp=line) as caller,
    ):
        attended = await attendant.joined()
        line.to = (HOST, await caller.peer_rtp_port())
        talker.talk_to(line.port, PACKETS)
        await talker.over()
        assert line.there.met == sorted(LIST)
        await until(lambda: (sound := last(attended)) is not None and sound.packets == PACKETS - 4 + 1)
        await attended.call.hang_up()
        await attendant.over()
    sound = last(attended)
    assert sound is not None
    assert (sound.lost - sound.late, sound.doubled, sound.reordered) == (4, 1, 2)
    session = VoskRecognizer(shelf.find()).session()
    for frame in attended.frames["caller"]:
        session.accept(frame.pcm)
    # Packets are gone: a syllable may be heard amiss, the sentence may not.
    assert ratio(SENTENCE, session.finish().text) > 75


def last(attended: Attended) -> LegSound | None:
    """What was told of the caller's sound most lately."""
    sounds = [one for one in attended.signals if isinstance(one, LegSound) and one.speaker == "caller"]
    return sounds[-1] if sounds else None
