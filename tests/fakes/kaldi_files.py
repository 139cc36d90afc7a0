"""Kaldi's files of ours read back, and what libvosk makes of a network reckoned once more in plain numpy: what the
writers of ``models.kaldi`` are checked against, and how tests get at the bundled network.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from models.kaldi.acoustic import Layer
from models.kaldi.binary import Floats
from models.kaldi.fst import read_header, read_part
from models.kaldi.lookahead import WordGraph
from models.kaldi.ngram import NGram
from models.kaldi.ngram_counts import ORDER, encoded, grams
from models.kaldi.phone_loop import best_way

_STRIDE: Final = 3
_TERM: Final = re.compile(r"Offset\([\w.]+, (-?\d+)\)|\b(?:input|\w+\.relu)\b")
_NODE: Final = re.compile(r"component-node name=(\S+\.affine) component=\S+ input=(.*)")


class Reader:
    """Takes tokens off the front of a binary file (kaldi/src/base/io-funcs.h)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next bytes."""
        assert self._at + count <= len(self._data)
        self._at += count
        return self._data[self._at - count : self._at]

    def until(self, end: bytes) -> str:
        """Text up to that mark, which is taken as well."""
        return self.take(self._data.index(end, self._at) + len(end) - self._at)[: -len(end)].decode(errors="replace")

    def expect(self, *names: str) -> None:
        """These names come next."""
        assert tuple(self.until(b" ") for _ in names) == names

    def int32(self) -> int:
        """The next number."""
        assert self.take(1) == b"\x04"
        return int(struct.unpack("<i", self.take(4))[0])

    def vector(self) -> Floats:
        """The next vector."""
        self.expect("FV")
        return np.frombuffer(self.take(4 * self.int32()), "<f4").astype(np.float32)

    def matrix(self) -> Floats:
        """The next matrix."""
        self.expect("FM")
        rows, columns = self.int32(), self.int32()
        return np.frombuffer(self.take(4 * rows * columns), "<f4").astype(np.float32).reshape(rows, columns)


def read_acoustic(data: bytes) -> list[Layer]:
    """The network in a ``final.mdl`` of ours."""
    reader = Reader(data)
    reader.until(b"</TransitionModel> ")
    reader.expect("<Nnet3>")
    reader.until(b"\n")
    offsets: dict[str, tuple[int, ...]] = {}
    while line := reader.until(b"\n"):
        if found := _NODE.match(line):
            offsets[found[1]] = tuple(int(term[1] or 0) for term in _TERM.finditer(found[2]))
    reader.expect("<NumComponents>")
    layers = []
    for _ in range(reader.int32()):
        reader.expect("<ComponentName>")
        name = reader.until(b" ")
        if name not in offsets:
            reader.until(b"</RectifiedLinearComponent> ")
            continue
        reader.until(b"<LinearParams> ")
        weight = reader.matrix()
        reader.expect("<BiasParams>")
        layers.append(Layer(offsets=offsets[name], weight=weight, bias=reader.vector()))
        reader.until(b"</NaturalGradientAffineComponent> ")
    reader.expect("</Nnet3>")
    return layers


def read_lookahead(data: bytes) -> WordGraph:
    """The graph in an ``HCLr.fst`` of ours."""
    _, _, at = read_header(data, 0)
    fst, at = read_part(data, at + 4, "the graph within")
    final_label, states = struct.unpack_from("<iq", data, at + 5)
    numbers = np.frombuffer(data, "<i4", offset=at + 17).tolist()
    reach, at = [], 0
    for _ in range(states):
        end = at + 2 + 2 * numbers[at]
        reach.append(tuple(zip(numbers[at + 2 : end : 2], numbers[at + 3 : end : 2], strict=True)))
        at = end + 1
    assert at == len(numbers)
    return WordGraph(fst, reach, final_label)


def forward(layers: Sequence[Layer], features: npt.NDArray[np.floating]) -> Floats:
    """Scores as libvosk computes them: (frames, inputs) -> (ceil(frames / 3), pdfs). Beyond either end the outermost
    frame repeats."""
    times = [np.arange(0, len(features), _STRIDE)]
    for layer in reversed(layers[1:]):
        times.append(np.unique(times[-1][:, None] + np.array(layer.offsets)))
    values, seen = np.asarray(features, np.float32), np.arange(len(features))
    for number, (layer, wanted) in enumerate(zip(layers, reversed(times), strict=True)):
        spliced = wanted[:, None] + np.array(layer.offsets)
        rows = np.searchsorted(seen, spliced if number else np.clip(spliced, 0, len(features) - 1))
        values = values[rows].reshape(len(wanted), -1) @ layer.weight.T + layer.bias
        if number + 1 < len(layers):
            values = np.maximum(values, 0)
        seen = wanted
    return values


def best_phones(layers: Sequence[Layer], features: npt.NDArray[np.floating]) -> tuple[float, list[str]]:
    """Score and phones of the best way through a phone loop, for MFCC features (frames, 40)."""
    return best_way(forward(layers, features))


def score(ngram: NGram, sentences: Iterable[str]) -> tuple[float, int]:
    """Sum of log p over all words and sentence ends that the model can predict, and how many these are."""
    numbers, lengths = encoded(ngram.words, list(sentences))
    starts = np.cumsum(lengths) - lengths
    openings = numbers[starts] * ngram.words.base + numbers[starts + 1]
    found = [ngram.logp(openings[numbers[starts + 1] >= 0], 2)]
    found.append(ngram.logp(grams(ngram.words, numbers, lengths, ORDER), ORDER))
    return float(sum(part.sum() for part in found)), sum(map(len, found))


def perplexity(ngram: NGram, sentences: Iterable[str]) -> float:
    """How many words it hesitates between, on average."""
    total, count = score(ngram, sentences)
    return float(np.exp(-total / max(1, count)))
