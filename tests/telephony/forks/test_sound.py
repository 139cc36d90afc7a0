"""Any sound of a fork made into 8 kHz."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import g711
from core.audio import RATE
from telephony.forks.said import Voice
from telephony.forks.sound import Sound, Sounds


def tone(rate: int, seconds: float = 1.0, pitch: float = 440.0) -> np.ndarray:
    return (8000 * np.sin(2 * np.pi * pitch * np.arange(round(rate * seconds)) / rate)).astype(np.int16)


def pitch_of(pcm: bytes) -> float:
    samples = np.frombuffer(pcm, "<i2").astype(float)
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * RATE / len(samples))


@pytest.mark.parametrize("rate", [8000, 12000, 16000, 24000, 44100, 48000, 192000])
def test_every_rate_keeps_pitch_and_length(rate: int) -> None:
    sound, heard, data = Sound(("caller",), "slin", rate), b"", tone(rate).tobytes()
    size = rate // 50 * 2
    for at in range(0, len(data), size):
        heard += b"".join(pcm for _, pcm in sound.feed(data[at : at + size]))
    assert abs(len(heard) / 2 - RATE) < 0.1 * RATE
    assert abs(pitch_of(heard) - 440) < 3


@pytest.mark.parametrize("law", ["ulaw", "alaw"])
def test_both_laws(law: g711.Law) -> None:
    (speaker, pcm), *_ = Sound(("agent",), law, RATE).feed(g711.encode(law, tone(RATE)))
    assert speaker == "agent"
    assert np.array_equal(np.frombuffer(pcm, "<i2"), g711.round_trip(tone(RATE), law))


@pytest.mark.parametrize("rate", [8000, 16000])
def test_stereo_is_two_voices(rate: int) -> None:
    both = np.stack([tone(rate), tone(rate, pitch=1000.0)], axis=1).tobytes()
    voices = dict(Sound(("caller", "agent"), "slin", rate).feed(both))
    assert abs(pitch_of(voices["caller"]) - 440) < 3 and abs(pitch_of(voices["agent"]) - 1000) < 3


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=6), st.integers(1, 2))
def test_half_samples_wait_for_their_other_half(data: bytes, cuts: list[int], channels: int) -> None:
    speakers = ("caller", "agent")[:channels]

    def heard(pieces: list[bytes]) -> dict[str, bytes]:
        sound, voices = Sound(speakers, "slin", RATE), dict.fromkeys(speakers, b"")
        for piece in pieces:
            for speaker, pcm in sound.feed(piece):
                voices[speaker] += pcm
        return voices

    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    assert heard([data[a:b] for a, b in pairwise(edges)]) == heard([data])


def test_a_stream_may_change_its_form() -> None:
    sounds = Sounds()
    linear = Voice(data=b"\1\0" * 160, speakers=("caller",), coding="slin", rate=8000)
    assert next(iter(sounds.feed(linear)))[1] == linear.data
    sounds.instead = "ulaw"
    assert len(next(iter(sounds.feed(linear)))[1]) == 640
