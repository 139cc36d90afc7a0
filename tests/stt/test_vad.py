"""The speech gate: its table, its arithmetic of audio time, and what real sounds do to it."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audio import FRAME_BYTES, FRAME_S, SILENCE
from core.errors import IllegalStep
from stt import silero
from stt.vad import DECAY_MS, TABLE, TRAIL_MS, Closed, GateEvent, More, Opened, Sound, SpeechGate, State, step
from tests.stt.spoken import Samples, cut, keys, line, music, pause, say, tone

NOISE = (np.random.default_rng(3).standard_normal(FRAME_BYTES // 2) * 3000).astype("<i2").tobytes()


class Script:
    """A second stage that says what it is told: probabilities, then zeros."""

    def __init__(self, *probabilities: float) -> None:
        self._left = list(probabilities)

    def probability(self, samples: silero.Array) -> float:
        return self._left.pop(0) if self._left else 0.0


def run(pcm: bytes, gate: SpeechGate | None = None) -> list[GateEvent]:
    gate = gate or SpeechGate()
    return [event for frame in cut(pcm) for event in gate.process(frame)] + gate.flush()


def utterances(events: list[GateEvent]) -> list[tuple[float, float, bytes]]:
    """(start, end, audio) of each; fails when events come in another order than open, more, closed."""
    found: list[tuple[float, float, bytes]] = []
    current: tuple[float, bytearray] | None = None
    for event in events:
        if isinstance(event, Opened):
            assert current is None
            current = (event.start, bytearray(event.pcm))
        elif isinstance(event, More):
            assert current is not None
            current[1].extend(event.pcm)
        else:
            assert current is not None
            found.append((current[0], event.end, bytes(current[1])))
            current = None
    assert current is None
    return found


@pytest.mark.parametrize(("state", "sound"), list(itertools.product(State, Sound)))
def test_every_state_knows_every_sound_or_says_so(state: State, sound: Sound) -> None:
    """A legal step, or the one error that names both."""
    if (state, sound) in TABLE:
        assert step(state, sound) == TABLE[state, sound]
    else:
        with pytest.raises(IllegalStep, match=f"'{sound.value}'.*'{state.value}'"):
            step(state, sound)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=12),
    st.lists(st.sampled_from([0.0, 0.2, 0.6, 1.0]), max_size=200),
)
def test_whatever_comes_utterances_are_well_formed(parts: list[tuple[int, bool]], script: list[float]) -> None:
    """Open, more, close; audio only from the leg, in order, of the length that the times say; ends inside."""
    pcm = b"".join((NOISE if loud else SILENCE) * count for count, loud in parts)
    gate = SpeechGate(max_utterance_s=1.0, detector=Script(*script))
    last_end = 0.0
    for start, end, audio in utterances(run(pcm, gate)):
        first = round(start / FRAME_S) * FRAME_BYTES
        assert pcm[first : first + len(audio)] == audio
        assert 0 <= start <= end + 1e-6 <= gate.now + 2e-6
        assert start >= last_end - 1e-6
        assert len(audio) <= (1.0 * 1.25 + 1.1) * 16000
        last_end = end


def test_nothing_of_the_same_speech_is_heard_twice_and_nothing_between_is_lost() -> None:
    """Speech cut at its limit goes on in the next utterance at the very next sample."""
    pcm = NOISE * 300
    found = utterances(run(pcm, SpeechGate(max_utterance_s=2.0, detector=Script(*[1.0] * 400))))
    assert len(found) >= 2
    assert b"".join(audio for _, _, audio in found) == pcm[-sum(len(audio) for _, _, audio in found) :]
    assert all(len(audio) <= 2.0 * 1.25 * 16000 + FRAME_BYTES for _, _, audio in found)


def test_long_speech_is_cut_at_its_pause() -> None:
    """Past the limit a short breath is enough; before it, it is not."""
    breath = [1.0] * 40 + [0.0] * 6
    gate = SpeechGate(max_utterance_s=2.5, detector=Script(*(breath * 6)))
    found = utterances(run(NOISE * 400, gate))
    assert 2.5 <= len(found[0][2]) / 16000 <= 3.1


def test_the_pre_roll_goes_back_to_before_the_first_voice() -> None:
    """400 ms before WebRTC heard something, though Silero took long to be sure."""
    gate = SpeechGate(preroll_ms=400, detector=Script(*[0.0] * 45, *[1.0] * 20))
    start, _, _ = utterances(run(SILENCE * 60 + NOISE * 60 + SILENCE * 60, gate))[0]
    assert 0.7 <= start <= 0.95  # the noise begins at 1.2


def test_hangover_is_kept() -> None:
    """The utterance is over when the silence was as long as asked, less what Silero was late to hear it."""
    for hangover in (300, 500, 900):
        gate = SpeechGate(hangover_ms=hangover, detector=Script(*[0.0] * 20, *[1.0] * 30))
        closed = [
            (gate.now, event.end)
            for frame in cut(SILENCE * 30 + NOISE * 60 + SILENCE * 100)
            for event in gate.process(frame)
            if isinstance(event, Closed)
        ]
        [(at, end)] = closed
        assert at - end == pytest.approx((hangover - DECAY_MS) / 1000, abs=0.001)


def test_silence_is_passed_on_only_when_speech_goes_on() -> None:
    """A pause in mid-sentence is whole; the end has a short trail."""
    script = [1.0] * 25 + [0.0] * 10 + [1.0] * 20
    pcm = NOISE * 200
    [(start, end, audio)] = utterances(run(pcm, SpeechGate(detector=Script(*script))))
    first = round(start * 50) * FRAME_BYTES
    assert audio == pcm[first : first + len(audio)]
    assert start + len(audio) / 16000 == pytest.approx(end + TRAIL_MS / 1000, abs=0.021)


def test_a_hole_counts_as_silence() -> None:
    """A short one is bridged, a long one ends the utterance, and time stays true."""
    speech = line(pause(1), say("여권을 신청하려고 하는데요"))
    gate = SpeechGate()
    events = [event for frame in cut(speech) for event in gate.process(frame)]
    assert gate.is_open
    events += gate.jump(gate.now + 0.1)
    assert gate.is_open
    events += gate.jump(gate.now + 30)
    assert not gate.is_open
    assert gate.now == pytest.approx(len(speech) / 16000 + 30.1, abs=0.03)
    assert len(utterances(events)) == 1


def test_a_frame_of_another_size_is_refused() -> None:
    """It would put audio time wrong without anybody noticing."""
    with pytest.raises(ValueError, match="320"):
        SpeechGate().process(b"\0\0")


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(lambda: pause(10), id="silence"),
        pytest.param(lambda: tone(440, 480, seconds=15, on=1, period=3), id="ringback of Korea"),
        pytest.param(lambda: tone(480, 620, seconds=10, on=0.5), id="busy tone"),
        pytest.param(lambda: tone(350, 440, seconds=10), id="dial tone"),
        pytest.param(lambda: tone(1000, seconds=10, on=0.2, period=1), id="beeps"),
        pytest.param(lambda: keys("01000000000*#5551234"), id="DTMF"),
        pytest.param(lambda: np.random.default_rng(1).standard_normal(80000) * 0.05, id="noise"),
        pytest.param(lambda: music(20, 0), id="music"),
        pytest.param(lambda: music(20, 2) * 0.3, id="soft music"),
    ],
)
def test_what_is_no_speech_does_not_open(sound: Callable[[], Samples]) -> None:
    """Not once."""
    assert utterances(run(line(sound(), level=1.0))) == []


@pytest.mark.parametrize("level", [0.03, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("text", ["네", "아니요", "여보세요", "교통행정과 연결해 주세요"])
def test_speech_opens_and_all_of_it_is_in(text: str, level: float) -> None:
    """One-syllable answers and soft voices too; the audio begins before the voice and ends behind it."""
    spoken = say(text, "ko+m2")
    found = utterances(run(line(pause(1), spoken, pause(1.2), level=level)))
    assert len(found) == 1
    start, end, audio = found[0]
    assert 0.3 <= start <= 0.95
    assert end == pytest.approx(1 + len(spoken) / 8000, abs=0.25)
    assert start + len(audio) / 16000 >= 1 + len(spoken) / 8000


def test_a_word_that_the_hang_up_cut_is_let_out() -> None:
    """150 ms of a voice and then nothing more, not even silence."""
    events = run(line(pause(1), say("네", "ko+f4")[:1600]))
    assert len(utterances(events)) == 1


def test_noise_does_not_keep_an_utterance_open() -> None:
    """WebRTC calls the noise speech for ever; Silero ends the utterance."""
    pcm = line(pause(1), say("여권을 신청하려고요"), pause(4), noise=0.02)
    found = utterances(run(pcm))
    assert len(found) == 1
    assert len(found[0][2]) / 16000 < len(pcm) / 16000 - 2


def test_sureness_tells_people_from_music() -> None:
    """What the listener goes by."""
    sure = [e.sureness for e in run(line(pause(1), say("네 알겠습니다"), pause(1))) if isinstance(e, Closed)]
    assert sure[0] > 0.9
