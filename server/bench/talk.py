"""Two people talking in turns, as audio of two legs that can be played in a circle. Pure, but for the voices."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from core.audio import FRAME_S, FRAME_SAMPLES, RATE
from core.events import Speaker
from core.g711 import Samples, round_trip
from server.bench.speech import AGENT, CALLERS, Clip, sentences, speak
from server.demo.voice import VoiceBox

PAUSE_S: Final = (0.4, 1.2)
"""Between one's last sound and the other's first: with sentences of 2.5 s each leg then speaks 40 % of the time."""
NOISE_DBFS: Final = -62.0
"""A quiet line is never quite silent."""
TURNS: Final = 16


class Utterance(msgspec.Struct, frozen=True, kw_only=True):
    """Where in a talk something is said."""

    speaker: Speaker
    onset: float
    """Seconds from the talk's beginning."""
    end: float
    text: str


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """Both legs, frame by frame, of the same length."""

    caller: tuple[bytes, ...]
    agent: tuple[bytes, ...]
    utterances: tuple[Utterance, ...]

    @property
    def length_s(self) -> float:
        """Of one round."""
        return len(self.caller) * FRAME_S

    def speech_share(self) -> float:
        """How much of a leg's time is speech, both legs' mean."""
        return sum(said.end - said.onset for said in self.utterances) / 2 / self.length_s


async def talks(box: VoiceBox, count: int) -> list[Talk]:
    """``count`` talks, each with another caller and other sentences."""
    texts = sentences()
    made = []
    for number in range(count):
        mine = [texts[(number * TURNS + turn) % len(texts)] for turn in range(TURNS)]
        callers = [clip async for clip in speak(box, mine[0::2], CALLERS[number % len(CALLERS)])]
        agents = [clip async for clip in speak(box, mine[1::2], AGENT)]
        turns = [clip for pair in zip(callers, agents, strict=True) for clip in pair]
        made.append(arrange(turns, seed=number))
    return made


def arrange(clips: Sequence[Clip], *, seed: int) -> Talk:
    """Let caller and agent say the clips in turns, with pauses, through G.711."""
    chance = random.Random(seed)
    utterances: list[Utterance] = []
    speakers: tuple[Speaker, Speaker] = ("caller", "agent")
    at = 0
    for number, clip in enumerate(clips):
        at += round(chance.uniform(*PAUSE_S) * RATE)
        end = at + len(clip.samples)
        utterances.append(Utterance(speaker=speakers[number % 2], onset=at / RATE, end=end / RATE, text=clip.text))
        at = end
    length = -(-at // FRAME_SAMPLES) * FRAME_SAMPLES
    legs: dict[Speaker, Samples] = {speaker: _quiet_line(length, f"{seed} {speaker}") for speaker in speakers}
    for said, clip in zip(utterances, clips, strict=True):
        begin = round(said.onset * RATE)
        legs[said.speaker][begin : begin + len(clip.samples)] += clip.samples
    return Talk(caller=_frames(legs["caller"]), agent=_frames(legs["agent"]), utterances=tuple(utterances))


def _quiet_line(length: int, seed: str) -> Samples:
    hiss = np.random.default_rng(list(seed.encode())).normal(0, 32768 * 10 ** (NOISE_DBFS / 20), length)
    return hiss.astype(np.int16)


def _frames(samples: Samples) -> tuple[bytes, ...]:
    pcm = round_trip(samples).astype("<i2").tobytes()
    step = FRAME_SAMPLES * 2
    return tuple(pcm[at : at + step] for at in range(0, len(pcm), step))
