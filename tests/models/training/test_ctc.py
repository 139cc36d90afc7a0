"""Training of the CTC model: what it learns from, and that it learns."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from models import shelf

pytest.importorskip("jax", reason="what training needs is not installed: pip install 'minwon[training]'")

pytest.importorskip("onnx", reason="what training needs is not installed: pip install 'minwon[training]'")

from models.training import ctc, ctc_data, ctc_onnx, net
from models.training.shards import Shard, write
from models.training.sound.labels import label_count
from tests.fakes.ctc_file import read_layers

SAID = {"네": 1.0, "아니요": -1.0, "가": 3.0}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> ctc_data.Utterances:
    """Two shards of invented sounds: every word is a constant; some utterances can't be learnt from."""
    folder = tmp_path_factory.mktemp("speech")
    rng = np.random.default_rng(2)
    texts = [*rng.choice(list(SAID), 118).tolist(), "3번", "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허"]
    lengths = [60] * 119 + [70]
    assert len(texts) == len(lengths)
    for number, part in enumerate((slice(0, 60), slice(60, 120))):
        feats = [
            np.full((length, 40), SAID.get(text, 0.0)) for text, length in zip(texts[part], lengths[part], strict=True)
        ]
        noisy = np.concatenate(feats) + rng.standard_normal((sum(lengths[part]), 40)) * 0.3
        write(
            folder / f"{number:03}.npz",
            Shard(
                feats=noisy.astype(np.float16),
                labels=np.zeros(sum(label_count(length) for length in lengths[part]), np.int16),
                lengths=np.array(lengths[part], np.int32),
                voices=np.zeros(len(lengths[part]), np.int16),
                texts=tuple(texts[part]),
            ),
        )
    return ctc_data.utterances(sorted(folder.glob("*.npz")), ctc_onnx.STRIDE)


@pytest.fixture(scope="module")
def start() -> ctc.Network:
    """A small acoustic network."""
    shape = net.Shape(width=16, dilations=(1,))
    return ctc.Network(shape, *net.init(ctc.jax.random.key(1), shape))


def test_what_cannot_be_learnt_from_is_left_out(data: ctc_data.Utterances) -> None:
    """Figures, and more letters than outputs."""
    assert set(data.texts) == set(SAID)
    assert len(data.texts) == 118
    assert sorted([*data.learnt, *data.held_back]) == list(range(118))
    assert ctc_data.outputs_needed([5, 5, 7]) == 4


def test_a_batch(data: ctc_data.Utterances) -> None:
    """The edges repeat outwards; padding is told."""
    shape = net.Shape(width=8, dilations=(1,), outputs=87)
    batch = ctc_data.batch(data, np.array([3, 4]), shape)
    assert batch.features.shape == (2, 150 - 2 + 2 * shape.context, 40)
    assert np.array_equal(batch.features[0, 0], data.features[data.starts[3]])
    assert np.array_equal(batch.features[0, -1], data.features[data.starts[3] + 59])
    assert batch.padding[0].tolist() == [0.0] * 20 + [1.0] * 30
    assert (batch.letters_padding == 0).sum(1).tolist() == [len(data.tokens[at]) for at in (3, 4)]


def test_too_little_to_learn_from(data: ctc_data.Utterances) -> None:
    """Not one batch."""
    with pytest.raises(ValueError, match="do not fill one batch"):
        next(ctc_data.endless(data, 1_000_000, 1))


@pytest.mark.slow
def test_it_learns(data: ctc_data.Utterances, start: ctc.Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a small acoustic network, whose layers stay below the new ones."""
    monkeypatch.setattr(ctc, "ON_TOP", (2,))
    told: list[str] = []
    network = ctc.train(data, ctc.Recipe(steps=30, batch_frames=3000, rate=1e-2), start, told.append)
    assert network.shape.dilations == (1, *ctc.ON_TOP)
    [loss] = re.findall(r"step 30/30: loss (\S+) a letter", told[-1])
    assert float(loss) < 10  # it begins with 46
    out = network.params.out
    mute = network._replace(params=network.params._replace(out=out._replace(bias=out.bias.at[0].set(1000.0))))
    assert ctc.error_rate(data, mute) == 100  # nothing but blanks


def test_it_is_written_as_a_model(start: ctc.Network, tmp_path: Path) -> None:
    """Complete, labelled, and the network can be read back."""
    network = ctc.grown(start, np.random.default_rng(1).standard_normal((9700, 40)).astype(np.float16), 1)
    ctc.write(tmp_path, network)
    info = shelf.find(str(tmp_path))
    assert (info.engine, info.kind, info.rate, info.language) == ("sherpa", "zipformer2_ctc", 8000, "ko")
    assert "does not understand people" in info.label
    layers = read_layers((tmp_path / "model.onnx").read_bytes())
    wanted = net.layers(network.params, network.state, network.shape)
    for read, written in zip(layers, wanted, strict=True):
        assert read.offsets == written.offsets
        assert np.abs(read.weight - written.weight).max() < 0.002 * np.abs(written.weight).max()
