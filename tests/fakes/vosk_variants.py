"""The bundled model in the other forms that Vosk models come in: 16 kHz, with i-vectors, with a broken graph."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from models import shelf
from models.kaldi import binary
from models.kaldi.acoustic import Layer, acoustic_model
from tests.fakes.kaldi_files import read_acoustic

_SPLICED = 7
_REDUCED = 4
_IVECTOR = 5
_GAUSSIANS = 2


def copy(folder: Path) -> Path:
    """The bundled model's files."""
    bundled = shelf.find().path
    for part in ("am", "conf", "graph"):
        shutil.copytree(bundled / part, folder / part)
    return folder


def sixteen_kilohertz(folder: Path) -> Path:
    """The same network fed with features of 16 kHz audio, in the same mel bands: nearly the same numbers."""
    conf = copy(folder) / "conf/mfcc.conf"
    wide = conf.read_text().replace("--sample-frequency=8000", "--sample-frequency=16000")
    conf.write_text(wide.replace("--high-freq=-200", "--high-freq=3800"))
    return folder


def with_ivectors(folder: Path) -> Path:
    """A network that is also given i-vectors (and makes nothing of them), and an extractor of random numbers.

    Formats: kaldi/src/ivector/ivector-extractor.cc, gmm/diag-gmm.cc; the network takes them as Kaldi's recipes do,
    ``ReplaceIndex(ivector, t, 0)`` behind the spliced frames.
    """
    network = copy(folder) / "am/final.mdl"
    first, *others = read_acoustic(network.read_bytes())
    ignored = np.zeros((len(first.bias), _IVECTOR), np.float32)
    wider = Layer(offsets=first.offsets, weight=np.hstack([first.weight, ignored]), bias=first.bias)
    inputs = first.weight.shape[1] // len(first.offsets)
    data = acoustic_model([wider, *others])
    for old, new in (
        (f"dim={inputs}\n", f"dim={inputs}\ninput-node name=ivector dim={_IVECTOR}\n"),
        (f"Offset(input, {first.offsets[-1]}))", f"Offset(input, {first.offsets[-1]}), ReplaceIndex(ivector, t, 0))"),
    ):
        assert data.count(old.encode()) == 1
        data = data.replace(old.encode(), new.encode())
    network.write_bytes(data)
    (folder / "ivector").mkdir()
    rng = np.random.default_rng(3)
    files = {
        "splice.conf": f"--left-context={_SPLICED // 2}\n--right-context={_SPLICED // 2}\n".encode(),
        "online_cmvn.conf": b"# none\n",
        "global_cmvn.stats": binary.BINARY + _stats(inputs),
        "final.mat": binary.BINARY + binary.matrix(rng.standard_normal((_REDUCED, inputs * _SPLICED)) * 0.01),
        "final.dubm": binary.BINARY + _gaussians(rng),
        "final.ie": binary.BINARY + _extractor(rng),
    }
    for name, content in files.items():
        (folder / "ivector" / name).write_bytes(content)
    return folder


def with_half_a_graph(folder: Path) -> Path:
    """The second half of the graph is zeros: libvosk takes it, and aborts when it decodes."""
    graph = copy(folder) / "graph/HCLr.fst"
    half = graph.stat().st_size // 2
    graph.write_bytes(graph.read_bytes()[:half] + bytes(half))
    return folder


def _stats(inputs: int) -> bytes:
    """Sums and sums of squares of 100 frames with mean 0 and variance 1; the count stands behind the sums."""
    return binary.matrix(np.vstack([[0.0] * inputs + [100.0], [100.0] * inputs + [0.0]]))


def _gaussians(rng: np.random.Generator) -> bytes:
    return b"".join(
        [
            binary.token("<DiagGMM>"),
            binary.token("<WEIGHTS>"),
            binary.vector(np.full(_GAUSSIANS, 1 / _GAUSSIANS)),
            binary.token("<MEANS_INVVARS>"),
            binary.matrix(rng.standard_normal((_GAUSSIANS, _REDUCED))),
            binary.token("<INV_VARS>"),
            binary.matrix(np.ones((_GAUSSIANS, _REDUCED))),
            binary.token("</DiagGMM>"),
        ]
    )


def _extractor(rng: np.random.Generator) -> bytes:
    out = [binary.token("<IvectorExtractor>"), binary.token("<w>"), binary.matrix(np.zeros((0, 0)))]
    out += [binary.token("<w_vec>"), binary.vector(np.full(_GAUSSIANS, 1 / _GAUSSIANS))]
    out += [binary.token("<M>"), binary.int32(_GAUSSIANS)]
    out += [binary.matrix(rng.standard_normal((_REDUCED, _IVECTOR))) for _ in range(_GAUSSIANS)]
    identity = np.eye(_REDUCED)[np.tril_indices(_REDUCED)].astype("<f4").tobytes()
    out += [binary.token("<SigmaInv>")]
    out += [binary.token("FP") + binary.int32(_REDUCED) + identity for _ in range(_GAUSSIANS)]
    return b"".join([*out, binary.token("<IvectorOffset>"), binary.float64(10.0), binary.token("</IvectorExtractor>")])
