"""Talks: where in the audio something is said."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np

from core.audio import FRAME_BYTES, FRAME_S
from core.events import Speaker
from core.g711 import Samples
from server.bench.played_messages import load, save
from server.bench.speech import Clip, sentences, trimmed
from server.bench.talk import PAUSE_S, Talk, arrange


def tone(seconds: float, loudness: int = 4000) -> Samples:
    at = np.arange(round(seconds * 8000))
    samples: Samples = (loudness * np.sin(at / 3)).astype(np.int16)
    return samples


def a_talk() -> Talk:
    return arrange([Clip(f"{number}", tone(1.0 + number / 10)) for number in range(6)], seed=1)


def sound(talk: Talk, speaker: Speaker, begin: float, end: float) -> float:
    frames = talk.caller if speaker == "caller" else talk.agent
    pcm = np.frombuffer(b"".join(frames), "<i2").astype(np.float64)
    return float(np.sqrt(np.mean(np.square(pcm[round(begin * 8000) : round(end * 8000)]))))


def test_speech_is_where_it_is_said_to_be() -> None:
    talk = a_talk()
    for said in talk.utterances:
        other: Speaker = "agent" if said.speaker == "caller" else "caller"
        assert sound(talk, said.speaker, said.onset, said.end) > 2000
        assert sound(talk, other, said.onset, said.end) < 100
        assert sound(talk, said.speaker, said.onset - 0.3, said.onset) < 100


def test_two_speak_in_turns_with_pauses() -> None:
    talk = a_talk()
    assert [said.speaker for said in talk.utterances] == ["caller", "agent"] * 3
    for before, after in itertools.pairwise(talk.utterances):
        assert PAUSE_S[0] - 0.001 <= after.onset - before.end <= PAUSE_S[1] + 0.001


def test_legs_are_whole_frames_of_one_length() -> None:
    talk = a_talk()
    assert len(talk.caller) == len(talk.agent) == round(talk.length_s / FRAME_S)
    assert {len(frame) for frame in talk.caller + talk.agent} == {FRAME_BYTES}
    assert 0.2 < talk.speech_share() < 0.5


def test_another_process_reads_the_same(tmp_path: Path) -> None:
    talk = a_talk()
    assert load(save([talk], tmp_path / "talks")) == [talk]


def test_quiet_ends_are_cut_off() -> None:
    quiet = np.zeros(4000, np.int16)
    cut = trimmed(np.concatenate((quiet, tone(1.0), quiet + 3)))
    assert abs(len(cut) - 8000) <= 320
    assert len(trimmed(quiet)) == 0


def test_the_shipped_sentences() -> None:
    texts = sentences()
    assert len(texts) >= 120
    assert len(set(texts)) == len(texts)
    assert all(text == text.strip() and text for text in texts)
