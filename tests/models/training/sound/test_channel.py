"""Simulated calls: codecs, lost packets, noises, warps; all by chance that a seed decides."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("kaldi_native_fbank", reason="what training needs is not installed: pip install 'minwon[training]'")

from models.training.sound import channel, codec, noise, packets, voices, warps
from models.training.sound.features import RATE, Floats, mfcc, to_pcm


def vowel(seconds: float = 1.0, pitch: float = 120.0) -> Floats:
    """Something like a voice: harmonics of a pitch under one formant."""
    time = np.arange(int(seconds * RATE)) / RATE
    harmonics = [np.sin(2 * np.pi * pitch * k * time) / (1 + ((pitch * k - 700) / 300) ** 2) for k in range(1, 25)]
    return (0.1 * np.sum(harmonics, axis=0)).astype(np.float32)


def likeness(one: Floats | packets.Samples, other: Floats | packets.Samples) -> float:
    """Correlation."""
    return float(np.corrcoef(one.astype(float), other.astype(float))[0, 1])


def test_a_call_keeps_length_and_follows_its_seed() -> None:
    """Speech, silence and nothing at all go through; some of it louder, some of it lost."""
    calls = [channel.telephone(np.random.default_rng(seed), vowel(), vowel(3.0, 200.0)) for seed in range(40)]
    assert {len(call) for call in calls} == {RATE}
    again = channel.telephone(np.random.default_rng(7), vowel(), vowel(3.0, 200.0))
    assert np.array_equal(again, calls[7])
    loudest = [int(np.abs(call.astype(int)).max()) for call in calls]
    assert min(loudest) < 4000 < 15000 < max(loudest)
    for count in (0, 1, 100):
        assert len(channel.telephone(np.random.default_rng(1), np.zeros(count, np.float32))) == count


def test_lost_packets_come_in_runs() -> None:
    """The share and the mean run that were asked for."""
    lost = packets.lost_packets(np.random.default_rng(3), 20_000, 0.05, burst=2.0)
    runs = np.sum(lost[1:] & ~lost[:-1])
    assert lost.mean() == pytest.approx(0.05, abs=0.01)
    assert lost.sum() / runs == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize("how", packets.CONCEALMENTS)
def test_what_arrives_is_left_alone(how: packets.Concealment) -> None:
    """Only the lost packets sound different; a repeated vowel is nearly what it was, silence is none."""
    pcm = to_pcm(vowel())
    lost = np.zeros(50, np.bool_)
    lost[20] = True
    heard = packets.conceal(pcm, lost, how, np.random.default_rng(1))
    gap = slice(20 * packets.PACKET, 21 * packets.PACKET)
    assert np.array_equal(np.delete(heard, np.r_[gap]), np.delete(pcm, np.r_[gap]))
    if how == "silence":
        assert not heard[gap].any()
    if how == "repeat":
        assert likeness(heard[gap], pcm[gap]) > 0.9


@pytest.mark.parametrize("name", ["amr-0", "amr-7", "gsm"])
def test_mobile_codecs_keep_the_voice(name: str) -> None:
    """Same length, same moment, much the same sound; a lost frame is concealed and not silent."""
    known = codec.mobile()
    if name not in known:
        pytest.skip(f"apt-get install {' '.join(codec.missing())}")
    pcm = to_pcm(vowel())
    clean = known[name](pcm, np.zeros(50, np.bool_))
    assert len(clean) == len(pcm)
    assert likeness(clean[800:], pcm[800:]) > 0.8
    lost = np.zeros(50, np.bool_)
    lost[30] = True
    broken = known[name](pcm, lost)
    assert np.array_equal(broken[: 29 * 160], clean[: 29 * 160])
    assert not np.array_equal(broken, clean)
    assert np.abs(broken[30 * 160 : 31 * 160].astype(int)).max() > 100


@pytest.mark.parametrize("source", sorted({*noise.NO_SPEECH}, key=lambda source: source.__name__))
def test_noises_have_unit_power(source: noise.Source) -> None:
    """Whatever it is; and none of a noise is none."""
    sound = source(np.random.default_rng(2), RATE)
    assert np.sqrt(np.mean(np.square(sound))) == pytest.approx(1.0, abs=0.01)
    assert len(source(np.random.default_rng(2), 0)) == 0


def test_stretching_moves_pitch_and_times() -> None:
    """A fifth longer: pitch a fifth lower, phones a fifth later."""
    pcm = to_pcm(vowel())
    longer, starts = warps.stretched(np.random.default_rng(1), pcm, RATE, [0.0, 0.5, 1.0], 1.2, 0.0)
    assert len(longer) == pytest.approx(1.2 * RATE, abs=2)
    assert starts == pytest.approx([0.0, 0.6, 1.2], abs=0.001)
    spectrum = np.abs(np.fft.rfft(longer))
    assert np.argmax(spectrum) * RATE / len(longer) == pytest.approx(600, abs=6)  # the harmonic at 720 Hz
    _, wandering = warps.stretched(np.random.default_rng(1), pcm, RATE, [0.0, 0.25, 0.5, 0.75], 1.0, 0.06)
    assert wandering == sorted(set(wandering))
    assert wandering[2] != pytest.approx(0.5, abs=1e-4)


def test_reshaping_leaves_the_pitch() -> None:
    """Formants move, the harmonics stay where they are; without changes the transform gives back what it got."""
    voice = vowel()
    for seed in range(5):
        other = warps.reshaped(np.random.default_rng(seed), voice)
        assert len(other) == len(voice)
        assert 0.3 < np.std(other) / np.std(voice) < 3
        strongest = np.argmax(np.abs(np.fft.rfft(other)))
        assert min(strongest % 120, -strongest % 120) <= 2


def test_narrowed() -> None:
    """From espeak-ng's 22,050 Hz."""
    assert len(warps.narrowed(np.zeros(22_050, np.int16), 22_050)) == RATE


def test_voices() -> None:
    """None twice; the held-out ones are among all."""
    assert len(set(voices.ALL)) == len(voices.ALL) > 60
    assert {*voices.HELD_OUT} < {*voices.ALL}
    assert {*voices.SEEN} == {*voices.ALL} - {*voices.HELD_OUT}
    drawn = {voices.draw(np.random.default_rng(seed)).variant for seed in range(600)}
    assert {*voices.HELD_OUT} & drawn


def test_features_are_40_a_frame() -> None:
    """10 ms apart, 25 ms long, none for less."""
    assert mfcc(to_pcm(vowel())).shape == (98, 40)
    assert mfcc(np.zeros(100, np.int16)).shape == (0, 40)
