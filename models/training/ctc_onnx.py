"""A network of ours as ONNX for sherpa-onnx.

It is of the kind zipformer2_ctc, the one kind with standard Kaldi features whose streams sherpa-onnx decodes in
batches. It is handed ``T`` frames and moves on by ``decode_chunk_len``; what it remembers between chunks are the states
of a Zipformer of one layer (icefall, zipformer/export-onnx-streaming-ctc.py): we keep our left context in one of them
(``cached_conv1_0``), the number of frames so far in another (``processed_lens``), and pass the others through. So every
output sees exactly the frames that it saw in training, however the audio was cut.

It takes sherpa-onnx's log-mel energies, with Kaldi's framing and our mel range (the metadata ``feature_...`` tell
``models.sherpa_files``), and turns them into the MFCC that the network was trained on: a matrix, folded into the first
layer. Before an utterance its first frame repeats, as libvosk does it; behind it there is whatever audio the engine
adds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.kaldi.acoustic import Layer, context
from models.training.cepstra import cepstra

STRIDE: Final = 3
CHUNK: Final = 30
"""Frames that a streaming model moves on by: words appear 0.3 s + its right context after they were said, and
neighbouring chunks compute ``context`` frames twice."""
LOW_HZ, HIGH_HZ = 40, 3800
_RATE: Final = 8000
_OPSET: Final = 17
_IR: Final = 9


def streaming(layers: Sequence[Layer]) -> bytes:
    """The file of a streaming model."""
    left, right = context(layers)
    bands = layers[0].weight.shape[1] // len(layers[0].offsets)
    window = CHUNK - STRIDE + 1 + right
    graph = _Graph()
    frames = graph.node("Transpose", ["x"], perm=[0, 2, 1])
    begins = graph.node("Unsqueeze", [graph.node("Equal", ["processed_lens", graph.int64(0)]), graph.int64([1, 2])])
    first = graph.node("Slice", [frames, graph.int64([0]), graph.int64([1]), graph.int64([2])])
    past = graph.node("Where", [begins, first, "cached_conv1_0"])
    seen = graph.node("Concat", [past, frames], axis=2)
    graph.network(layers, seen, "log_probs")
    graph.node(
        "Slice", [seen, graph.int64([CHUNK]), graph.int64([CHUNK + left]), graph.int64([2])], "new_cached_conv1_0"
    )
    graph.node("Add", ["processed_lens", graph.int64(CHUNK)], "new_processed_lens")
    states: dict[str, list[int | str]] = {
        "cached_key_0": [1, "N", 1],
        "cached_nonlin_attn_0": [1, "N", 1, bands * 3 // 4],
        "cached_val1_0": [1, "N", 1],
        "cached_val2_0": [1, "N", 1],
        "cached_conv1_0": ["N", bands, left],
        "cached_conv2_0": ["N", bands, left],
        "embed_states": ["N", 128, 3, "E"],
    }
    for state in states:
        if state != "cached_conv1_0":
            graph.node("Identity", [state], f"new_{state}")
    lengths = {"processed_lens": ["N"]}
    outputs: dict[str, list[int | str]] = {"log_probs": ["N", CHUNK // STRIDE, len(layers[-1].bias)]}
    return graph.model(
        floats={"x": ["N", window, bands], **states},
        integers=lengths,
        out_floats={**outputs, **{f"new_{name}": shape for name, shape in states.items()}},
        out_integers={f"new_{name}": shape for name, shape in lengths.items()},
        about={
            "model_type": "zipformer2",
            "T": window,
            "decode_chunk_len": CHUNK,
            "num_encoder_layers": 1,
            "encoder_dims": bands,
            "cnn_module_kernels": 2 * left,
            "left_context_len": 1,
            "num_heads": 1,
            "query_head_dims": 1,
            "value_head_dims": 1,
            "sample_rate": _RATE,
            "feature_dim": bands,
            "feature_low_freq": LOW_HZ,
            "feature_high_freq": HIGH_HZ,
            "subsampling_factor": STRIDE,
        },
    )


class _Graph:
    """A graph as it grows; names are given as they come."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def node(self, operator: str, inputs: Sequence[str], output: str = "", **attributes: Any) -> str:
        """One more operator; the name of its output."""
        output = output or f"v{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def int64(self, value: int | Sequence[int]) -> str:
        """A constant."""
        return self._constant(np.asarray(value, np.int64))

    def network(self, layers: Sequence[Layer], frames: str, output: str) -> None:
        """(N, bands, frames with context) -> log-probabilities (N, outputs, tokens)."""
        for number, layer in enumerate(layers):
            taps = len(layer.offsets)
            weight = layer.weight.reshape(len(layer.bias), taps, -1).astype(np.float64)
            if number == 0:
                weight = weight @ cepstra(weight.shape[2])
            step = layer.offsets[1] - layer.offsets[0] if taps > 1 else STRIDE
            frames = self.node(
                "Conv",
                [
                    frames,
                    self._weight(weight.transpose(0, 2, 1), half=number > 0),
                    self._constant(layer.bias.astype(np.float32)),
                ],
                kernel_shape=[taps],
                strides=[STRIDE if number == 0 else 1],
                dilations=[step if number == 0 else step // STRIDE],
            )
            if number + 1 < len(layers):
                frames = self.node("Relu", [frames])
        self.node("LogSoftmax", [self.node("Transpose", [frames], perm=[0, 2, 1])], output, axis=2)

    def model(
        self,
        *,
        floats: Mapping[str, Sequence[int | str]],
        integers: Mapping[str, Sequence[int | str]],
        out_floats: Mapping[str, Sequence[int | str]],
        out_integers: Mapping[str, Sequence[int | str]],
        about: Mapping[str, int | str],
    ) -> bytes:
        """The file. ``floats`` ... are inputs and outputs with their shapes, in order; ``about`` is the metadata."""
        graph = helper.make_graph(
            self._nodes,
            "network",
            [*_infos(floats, TensorProto.FLOAT), *_infos(integers, TensorProto.INT64)],
            [*_infos(out_floats, TensorProto.FLOAT), *_infos(out_integers, TensorProto.INT64)],
            self._constants,
        )
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], producer_name="minwon")
        made.ir_version = _IR
        helper.set_model_props(made, {key: str(value) for key, value in about.items()})
        onnx.checker.check_model(made)
        return bytes(made.SerializeToString())

    def _weight(self, weight: npt.NDArray[np.float64], *, half: bool) -> str:
        """``half``: kept in 16 bits, which halves the file; onnxruntime makes floats of it once, when it loads. Not the
        first layer: energies are large numbers, of which it takes small differences."""
        if not half:
            return self._constant(weight.astype(np.float32))
        return self.node("Cast", [self._constant(weight.astype(np.float16))], to=TensorProto.FLOAT)

    def _constant(self, value: npt.NDArray[Any]) -> str:
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name


def _infos(shapes: Mapping[str, Sequence[int | str]], kind: int) -> list[Any]:
    return [helper.make_tensor_value_info(name, kind, list(shape)) for name, shape in shapes.items()]
