"""Online normalisation as libvosk's, masking in the mel domain, wider networks, Gaussians and their alignment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.kaldi import folder
from models.training.people import cmn, viterbi
from models.training.people.gmm import DIM, STATES, Mixtures, observations
from models.training.people.graph import Graph
from stt.vosk_scores import scored
from tests.fakes.kaldi_files import best_phones
from tests.models.kaldi.small_model import layers
from tests.stt.spoken import line, say

RNG = np.random.default_rng(5)


def test_online_mean() -> None:
    """Of the last 600 frames, 200 global ones standing in as long as there are fewer."""
    features = RNG.normal(3, 1, (900, 4)).astype(np.float32)
    prior = np.array([1.0, 2.0, 3.0, 4.0])
    found = cmn.normalised(features, prior)
    for at in (0, 100, 450, 899):
        window = features[max(0, at - 599) : at + 1]
        lent = min(200, 600 - len(window))
        mean = (window.sum(0) + lent * prior) / (len(window) + lent)
        np.testing.assert_allclose(found[at], features[at] - mean, atol=1e-4)
    assert len(cmn.normalised(features[:0], prior)) == 0


def test_online_mean_is_that_of_libvosk(tmp_path: Path) -> None:
    """With ``global_cmvn.stats`` its best path through a phone loop costs what ours costs on normalised features."""
    mfcc = pytest.importorskip("models.training.sound.features", reason="minwon[training] is not installed").mfcc
    folder.write_phone_loop(tmp_path, layers())
    pcm = line(say("가로등이 고장 났어요"))
    features = mfcc(np.frombuffer(pcm, "<i2"))
    mean = features.mean(0) / 2
    (tmp_path / "am/global_cmvn.stats").write_bytes(cmn.global_stats(mean))
    ((_, heard),) = scored(tmp_path, [pcm])
    ours, _ = best_phones(layers(), cmn.normalised(features, mean))
    plain, _ = best_phones(layers(), features)
    assert heard == pytest.approx(ours, rel=1e-5)
    assert abs(heard - plain) > 1


def test_masking_hides_bands_and_stretches() -> None:
    """MFCC of 40 bands can be turned back; what is hidden is the mean, the rest is untouched."""
    pytest.importorskip("jax", reason="minwon[training] is not installed")
    import jax

    from models.training.people.specaugment import TO_MEL, TO_MFCC, masked

    np.testing.assert_allclose(TO_MEL @ TO_MFCC, np.eye(40), atol=1e-4)
    features = RNG.normal(size=(3, 400, 40)).astype(np.float32)
    mean = features.mean((0, 1))
    found = np.asarray(jax.jit(masked)(jax.random.key(1), features, mean))
    mel, was = (found - mean) @ TO_MEL.T, (features - mean) @ TO_MEL.T
    hidden = np.abs(mel) < 1e-3
    assert 0.02 < hidden.mean() < 0.4
    np.testing.assert_allclose(mel[~hidden], was[~hidden], atol=1e-2)


def test_a_wider_network_says_the_same() -> None:
    """Every unit twice, what it passes on halved; a little noise to make them part ways."""
    pytest.importorskip("jax", reason="minwon[training] is not installed")
    import jax

    from models.training import net
    from models.training.people.widen import widened

    shape = net.Shape(width=12, dilations=(1,))
    params, state = net.init(jax.random.key(0), shape)
    wider, more, figures = widened(jax.random.key(1), shape, params, state, 2)
    features = RNG.normal(size=(1, 60, 40)).astype(np.float32)
    apply = jax.jit(net.apply, static_argnames="shape")
    before, _ = apply(params, state, features, shape=shape)
    after, _ = apply(more, figures, features, shape=wider)
    assert wider.width == 24
    assert np.corrcoef(np.ravel(before), np.ravel(after))[0, 1] > 0.98
    assert widened(jax.random.key(1), shape, params, state, 1)[1] is params


def test_gaussians_find_where_sounds_lie() -> None:
    """Three phones with means of their own: after two rounds each frame is given to the phone that made it."""
    phones = (0, 4, 9, 0)
    graph = Graph(phones, ((), (0,), (1,), (2,)), frozenset({0}), frozenset({3}))
    middle = RNG.normal(0, 4, (12, DIM)).astype(np.float32)
    clips = []
    for _ in range(20):
        lengths = RNG.integers(4, 12, 4)
        true = np.repeat(np.arange(4), lengths)
        clips.append((middle[np.array(phones)[true]] + RNG.normal(0, 1, (len(true), DIM)).astype(np.float32), true))
    # The start is an even division, as if every phone were equally long.
    even = [np.minimum(3 * np.arange(len(x)) * 4 // len(x), 11) for x, _ in clips]
    states = [3 * np.array(phones)[at // 3] + at % 3 for at in even]
    mixtures = Mixtures(np.concatenate([x for x, _ in clips]), np.concatenate(states))
    for number in range(3):
        paths = viterbi.best_paths([mixtures.scores(x) for x, _ in clips], [graph] * len(clips))
        if number == 1:
            mixtures.split()
        found = [path for path in paths if path is not None]
        assert len(found) == len(clips)
        mixtures.update(np.concatenate([x for x, _ in clips]), np.concatenate([path.states for path in found]))
    right = np.mean([np.mean(path.nodes == true) for path, (_, true) in zip(found, clips, strict=True)])
    assert right > 0.95
    assert mixtures.scores(clips[0][0]).shape[1] == STATES


def test_too_short_for_its_words() -> None:
    """Three frames a phone at least."""
    graph = Graph((0, 4), ((), (0,)), frozenset({0}), frozenset({1}))
    scores = RNG.normal(size=(6, STATES)).astype(np.float32)
    assert viterbi.best_paths([scores[:5], scores], [graph, graph])[0] is None
    path = viterbi.best_paths([scores], [graph])[0]
    assert path is not None and path.states.tolist() == [0, 1, 2, 12, 13, 14]


def test_observations_do_not_know_the_level() -> None:
    """The clip's mean is taken away; a constant clip has no slope."""
    mfcc = RNG.normal(size=(50, 40)).astype(np.float32)
    np.testing.assert_allclose(observations(mfcc), observations(mfcc + 7), atol=1e-4)
    assert np.allclose(observations(np.ones((20, 40), np.float32)), 0)
