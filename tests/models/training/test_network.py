"""The network, its batches and its training: small ones that learn something in a second."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

pytest.importorskip("jax", reason="what training needs is not installed: pip install 'minwon[training]'")

import jax

from core.errors import BadInput, EnvironmentFault, ModelFault
from models.kaldi.acoustic import context
from models.kaldi.phones import NUM_PDFS
from models.training import batches, net, shards, train
from models.training.sound import voices
from models.training.sound.labels import label_count
from tests.fakes.kaldi_files import forward

SMALL = net.Shape(width=32, dilations=(), inputs=40, outputs=6)
RECIPE = train.Recipe(shape=SMALL, epochs=4, batch=8, rate=1e-2, checkpoint_every=3, hours_at_once=40 / 3600)


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three shards of 12 utterances: every third frame's level is its label."""
    folder = tmp_path_factory.mktemp("speech")
    rng = np.random.default_rng(5)
    paths = []
    for number in range(3):
        utterances = []
        for voice in range(12):
            length = int(rng.integers(90, 400))
            labels = np.repeat(rng.integers(0, 6, label_count(length) // 5 + 1), 5)[: label_count(length)]
            feats = np.repeat(labels, 3)[:length, None] + 0.3 * rng.standard_normal((length, 40))
            name = voices.HELD_OUT[0] if voice == 5 else "f1"
            utterances.append((feats.astype(np.float32), labels.astype(np.int16), voices.ALL.index(name), "네"))
        paths.append(folder / f"{number:03}.npz")
        shards.write(paths[-1], shards.shard_of(utterances))
    return paths


def test_layers_compute_what_the_network_computes(tmp_path: Path) -> None:
    """Normalisation folded in, also after figures have moved; saved and loaded."""
    shape = net.Shape(width=16)
    apply = jax.jit(net.apply, static_argnames=("shape", "training"))
    params, state = net.init(jax.random.key(1), shape, mean=np.arange(40.0), deviation=2.0)
    features = np.random.default_rng(1).normal(5, 3, (2, 3 * 19 + 1 + 2 * shape.context, 40)).astype(np.float32)
    _, state = apply(params, state, features, shape, training=True, dropout=jax.random.key(2))
    logits, _ = apply(params, state, features, shape)
    assert logits.shape == (2, 20, NUM_PDFS)
    layers = net.layers(params, state, shape)
    assert context(layers) == (shape.context, shape.context) == (22, 22)
    inner = forward(layers, features[0][22:-22])[8:-8]  # its edges are repeated, ours went on
    np.testing.assert_allclose(inner, logits[0][8:-8], rtol=1e-4, atol=1e-4)
    net.save(tmp_path / "half.npz", shape, params, state, np.float16)
    loaded = net.load(tmp_path / "half.npz")
    assert loaded[0] == shape
    np.testing.assert_allclose(apply(loaded[1], loaded[2], features, shape)[0], logits, atol=0.1)
    (tmp_path / "half.npz").write_bytes(b"no")
    with pytest.raises(ModelFault, match="train it again"):
        net.load(tmp_path / "half.npz")


def test_chunks_and_edges(speech: list[Path]) -> None:
    """All labels are covered; beyond an utterance its edge frames are repeated, missing labels ignored."""
    head = shards.heads(speech[:1])[0]
    rows = batches.chunks_of(head.lengths, np.ones(12, np.bool_))
    group, table = batches.load([head], [rows])
    features, labels = (np.asarray(part) for part in batches.gathered(group, table, SMALL))
    shard = shards.read(speech[0])
    assert features.shape == (len(rows), 3 * 49 + 1 + 2 * SMALL.context, 40)
    seen = np.zeros(len(shard.labels), np.bool_)
    for (begin, end, first, label), cut, named in zip(rows, features, labels, strict=True):
        count = min(batches.CHUNK, label_count(end - begin) - first)
        seen[label + first : label + first + count] = True
        assert named[:count].tolist() == shard.labels[label + first : label + first + count].tolist()
        assert (named[count:] == batches.IGNORED).all()
        wanted = np.clip(np.arange(len(cut)) + begin + 3 * first - SMALL.context, begin, end - 1)
        assert np.array_equal(cut, shard.feats[wanted])
    assert seen.all()


def test_the_plan_is_bounded_and_follows_its_seed() -> None:
    """Every chunk once an epoch, never more on the device than allowed, the same again; nothing of an empty shard."""
    chunks = [np.zeros((count, 4), np.int32) for count in (8, 4, 12, 0)]
    frames = [3000, 1000, 2000, 4000]

    def planned(seed: int) -> list[tuple[tuple[int, ...], list[int]]]:
        endless = batches.plan(chunks, frames, batch=4, seconds_at_once=40, seed=seed)
        return [(group, rows.tolist()) for group, rows in islice(endless, 12)]

    assert planned(1) == planned(1) != planned(2)
    epoch = planned(1)[:6]
    assert sorted(len(set(rows)) for _, rows in epoch) == [4] * 6
    assert all(sum(frames[at] for at in group) <= 4000 for group, _ in epoch)
    assert {at for group, _ in epoch for at in group} == {0, 1, 2}


def test_it_learns_and_goes_on_where_it_was_broken_off(
    speech: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frames it never saw are named right; a run with an interruption ends with the very same numbers."""
    told: list[train.Progress] = []
    whole = train.train(speech, tmp_path / "whole.npz", RECIPE, told.append)
    assert whole.accuracy > 0.6 and told[-1].step == whole.steps
    assert told[-1].loss < 1.5

    class Broken(Exception):
        pass

    real, calls = batches.load, []

    def breaks(*given: object) -> object:
        calls.append(1)
        if len(calls) == 5:
            raise Broken
        return real(*given)  # type: ignore[arg-type]

    (tmp_path / "other").mkdir()
    target = tmp_path / "other/network.npz"
    monkeypatch.setattr(batches, "load", breaks)
    with pytest.raises(Broken):
        train.train(speech, target, RECIPE)
    assert not target.exists() and (tmp_path / "other/checkpoint.npz").exists()
    with pytest.raises(EnvironmentFault, match="other options"):
        train.train(speech, target, train.Recipe(shape=SMALL, epochs=1, batch=8))
    assert train.train(speech, target, RECIPE).steps == whole.steps
    assert not (tmp_path / "other/checkpoint.npz").exists()
    with np.load(tmp_path / "whole.npz") as one, np.load(target) as two:
        for name in one.files:
            np.testing.assert_array_equal(one[name], two[name])


def test_held_out_voices_are_not_learned(speech: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are tried instead; and where they were everything, there is nothing to learn."""
    real, asked = batches.chunks_of, []

    def chunks_of(lengths: npt.NDArray[np.int32], chosen: npt.NDArray[np.bool_]) -> batches.Rows:
        asked.append(np.flatnonzero(chosen).tolist())
        return real(lengths, chosen)

    monkeypatch.setattr(batches, "chunks_of", chunks_of)
    recipe = train.Recipe(shape=SMALL, epochs=2, batch=8, rate=1e-2, hold_out_voices=True)
    trained = train.train(speech, tmp_path / "network.npz", recipe)
    others = [at for at in range(12) if at != 5]
    assert asked == [[at for at in others if at % 10], others, others, [0, 10], [5]]
    assert trained.accuracy_held_out > 0
    only = shards.shard_of(
        [(np.zeros((90, 40), np.float32), np.zeros(30, np.int16), voices.ALL.index(voices.HELD_OUT[1]), "네")]
    )
    shards.write(tmp_path / "000.npz", only)
    with pytest.raises(BadInput, match="no speech to learn from"):
        train.train([tmp_path / "000.npz"], tmp_path / "network.npz", recipe)
