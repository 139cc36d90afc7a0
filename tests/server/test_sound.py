"""How a call sounds, said on its line."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import numpy as np
import pytest
from msgspec.structs import replace

from core import metrics
from core.audio import FRAME_S, SILENCE, Frame
from core.bus.memory_bus import MemoryBus
from core.events import AlarmCleared, AlarmRaised, Event, QualityChanged, Speaker
from server.leg_ear import BLOCK
from server.line import Line
from server.sound import CallSound
from telephony.contract import AudioBack, AudioLost, HandedOver, LegEnded, LegSound
from telephony.leg_quality import NO_RTP
from tests.patience import until

VOICE = (8000 * np.sin(np.arange(160) / 3)).astype("<i2").tobytes()
HISS = np.random.default_rng(1).normal(0, 30, 160).astype("<i2").tobytes()
CODEC = replace(NO_RTP, codec="PCMA", buffer_ms=20.0)


class Stage:
    """A call's sound, whose legs a test plays."""

    def __init__(self, past: list[Event] | None = None, *, has_rtp: bool = True) -> None:
        self.said: list[Event] = []
        self.sound = CallSound(Line("c1", self.said.append, MemoryBus(), past or []), has_rtp=has_rtp)
        self.ears = {"caller": self.sound.ear("caller"), "agent": self.sound.ear("agent")}
        self.packets: dict[Speaker, LegSound] = {"caller": CODEC, "agent": CODEC, "third": CODEC}
        self.at = 0.0

    def talk(self, seconds: int, caller: bytes, agent: bytes) -> None:
        """Both are heard."""
        for _ in range(seconds * BLOCK):
            self.ears["caller"](Frame(caller, round(self.at, 3)))
            self.ears["agent"](Frame(agent, round(self.at, 3)))
            self.at += FRAME_S

    def look(self, speaker: Speaker, *, came: int = 100, lost: int = 0, times: int = 1) -> None:
        """Two seconds of packets."""
        for _ in range(times):
            before = self.packets[speaker]
            self.packets[speaker] = replace(
                before, speaker=speaker, packets=before.packets + came, lost=before.lost + lost
            )
            self.sound.told(self.packets[speaker])

    async def heard(self) -> list[Event]:
        """What was said since the last time."""
        running = asyncio.create_task(self.sound.run())
        await asyncio.sleep(0)
        await until(lambda: not self.sound._news)
        running.cancel()
        said, self.said[:] = list(self.said), []
        return said


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A joined call."""
    yield Stage()


def grades(said: list[Event]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(event.speaker, event.grade, event.causes) for event in said if isinstance(event, QualityChanged)]


def alarms(said: list[Event]) -> list[tuple[str, str | None]]:
    return [(type(event).__name__, event.speaker) for event in said if isinstance(event, AlarmRaised | AlarmCleared)]


async def test_a_good_call_says_good_once_a_leg_and_its_figures_at_the_end(stage: Stage) -> None:
    for speaker in ("caller", "agent"):
        stage.look(speaker, times=10)
    stage.talk(20, VOICE, HISS)
    assert grades(await stage.heard()) == [("caller", "good", ()), ("agent", "good", ())]
    stage.sound.told(LegEnded(speaker="agent"))
    stage.sound.told(LegEnded())
    said = await stage.heard()
    assert [(event.speaker, event.final) for event in said if isinstance(event, QualityChanged)] == [
        ("agent", True),
        ("caller", True),
    ]
    assert all(event.mos > 4.3 for event in said if isinstance(event, QualityChanged))


async def test_loss_is_told_and_counted(stage: Stage) -> None:
    def lost() -> float:
        return metrics.REGISTRY.get_sample_value("minwon_rtp_packets_total", {"leg": "caller", "what": "lost"}) or 0.0

    before = lost()
    stage.look("caller", came=90, lost=10, times=3)
    assert grades(await stage.heard()) == [("caller", "fair", ("loss",))]
    assert lost() - before == 30
    stage.look("caller", times=12)
    assert grades(await stage.heard())[-1] == ("caller", "good", ())


async def test_packets_that_stop_raise_one_alarm_that_says_which_side(stage: Stage) -> None:
    stage.look("agent", times=3)
    await stage.heard()
    stage.sound.told(AudioLost(speaker="agent"))
    said = await stage.heard()
    assert alarms(said) == [("AlarmRaised", "agent")]
    assert grades(said) == [("agent", "none", ("one_way",))]
    stage.sound.told(AudioBack(speaker="agent"))
    said = await stage.heard()
    assert alarms(said) == [("AlarmCleared", "agent")]
    assert grades(said) == [("agent", "good", ())]


async def test_dead_silence_while_the_other_talks_is_a_sign_and_an_alarm_when_an_answer_is_overdue(
    stage: Stage,
) -> None:
    stage.look("agent")
    stage.talk(3, VOICE, SILENCE)
    said = await stage.heard()
    assert alarms(said) == []
    assert grades(said) == [("agent", "fair", ("silent",))]
    stage.talk(3, VOICE, SILENCE)
    said = await stage.heard()
    assert alarms(said) == [("AlarmRaised", "agent")]
    assert grades(said) == [("agent", "none", ("silent",))]
    stage.talk(1, VOICE, HISS)
    said = await stage.heard()
    assert alarms(said) == [("AlarmCleared", "agent")]


async def test_who_need_not_answer_is_not_missed(stage: Stage) -> None:
    stage.look("agent")
    stage.talk(10, HISS, SILENCE)
    assert alarms(await stage.heard()) == []


async def test_a_muted_phone_that_was_heard_before_is_not_dead(stage: Stage) -> None:
    stage.look("agent")
    stage.talk(1, HISS, HISS)
    stage.look("agent", times=10)
    stage.talk(20, VOICE, SILENCE)
    assert alarms(await stage.heard()) == []


async def test_a_phone_that_sends_nothing_while_it_listens_is_not_dead(stage: Stage) -> None:
    stage.look("caller", came=8, times=5)  # silence suppression
    stage.talk(10, SILENCE, VOICE)
    assert alarms(await stage.heard()) == []


async def test_a_fork_has_levels_but_no_score() -> None:
    stage = Stage(has_rtp=False)
    stage.talk(6, VOICE, SILENCE)
    said = await stage.heard()
    assert alarms(said) == [("AlarmRaised", "agent")]
    assert ("caller", "good", ()) in grades(said)
    await stage.sound.over()
    assert [event.mos for event in stage.said if isinstance(event, QualityChanged) and event.final] == [0.0, 0.0]


async def test_an_echo_is_hinted_at(stage: Stage) -> None:
    chance = np.random.default_rng(3)
    syllables = np.repeat(chance.choice([0.02, 0.2, 1.0], 600), 5)  # 100 ms each, a minute
    tone = np.sin(np.arange(160) / 3) * 9000
    for number, loud in enumerate(syllables):
        at = round(number * FRAME_S, 3)
        back = 0.1 * syllables[number - 12] if number >= 12 else 0.0
        stage.ears["caller"](Frame((tone * loud).astype("<i2").tobytes(), at))
        stage.ears["agent"](Frame((tone * back).astype("<i2").tobytes(), at))
        if number % 100 == 99:
            stage.look("caller")
            stage.look("agent")
    said = grades(await stage.heard())
    assert ("agent", "fair", ("echo",)) in said
    assert not any("echo" in causes for who, _, causes in said if who == "caller")


async def test_the_next_agent_is_a_leg_of_her_own(stage: Stage) -> None:
    stage.look("agent", came=50, lost=50, times=3)
    stage.talk(3, VOICE, HISS)
    stage.ears["agent"] = stage.sound.ear("agent")
    stage.packets["agent"] = CODEC
    stage.look("agent", times=3)
    said = [event for event in await stage.heard() if isinstance(event, QualityChanged) and event.speaker == "agent"]
    assert [(event.grade, event.final) for event in said] == [("poor", False), ("poor", True), ("good", False)]


async def test_a_third_who_takes_the_place_is_finished_as_the_third(stage: Stage) -> None:
    stage.look("third", times=3)
    stage.sound.told(HandedOver())
    said = [event for event in await stage.heard() if isinstance(event, QualityChanged)]
    assert [(event.speaker, event.final) for event in said] == [("third", False), ("third", True)]


async def test_an_alarm_of_the_node_before_is_cleared_when_packets_flow() -> None:
    stage = Stage([AlarmRaised(seq=4, call_id="c1", code="no_audio", speaker="caller")])
    stage.look("caller", came=0)
    assert alarms(await stage.heard()) == []
    stage.look("caller")
    assert alarms(await stage.heard()) == [("AlarmCleared", "caller")]


async def test_a_leg_of_which_nothing_is_known_is_not_spoken_of(stage: Stage) -> None:
    await stage.sound.over()
    assert stage.said == []
