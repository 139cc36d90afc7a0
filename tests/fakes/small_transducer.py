"""Streaming transducers for sherpa-onnx: one of our CTC network, and one that hears nothing but prefers.

The network's outputs are the encoder's. A table stands for the prediction network: its row is that of the last token.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.training.ctc_tokens import TOKENS, table

CONTEXT: Final = 2
"""Tokens that the prediction network is given; it looks at the last one."""
_COUNT: Final = len(TOKENS)
_SURE: Final = 100.0


def hearing(folder: Path, streaming: bytes) -> Path:
    """What ``ctc_onnx.streaming`` made, as a transducer that hears the same: a token that is still the likeliest one is
    not said again, but a blank."""
    last = np.diag([0.0] + [1.0] * (_COUNT - 1)).astype(np.float32)
    blank = np.array([_SURE] + [0.0] * (_COUNT - 1), np.float32)
    again = [
        helper.make_node("ReduceMax", ["encoder_out"], ["most"], axes=[1], keepdims=1),
        helper.make_node("Equal", ["encoder_out", "most"], ["likeliest"]),
        helper.make_node("Cast", ["likeliest"], ["likeliest_now"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["likeliest_now", "decoder_out"], ["both"]),
        helper.make_node("ReduceMax", ["both"], ["again"], axes=[1], keepdims=1),
        helper.make_node("Mul", ["again", "blank"], ["hush"]),
        helper.make_node("Add", ["encoder_out", "hush"], ["logit"]),
    ]
    return _write(folder, onnx.load_from_string(streaming), last, again, [numpy_helper.from_array(blank, "blank")])


def preferring(folder: Path, streaming: bytes, after: npt.NDArray[np.float32]) -> Path:
    """Only the table counts, (tokens, tokens) scores after each last token, whatever is said."""
    deaf = [
        helper.make_node("Mul", ["encoder_out", "nothing"], ["silence"]),
        helper.make_node("Add", ["silence", "decoder_out"], ["logit"]),
    ]
    nothing = numpy_helper.from_array(np.array(0, np.float32), "nothing")
    return _write(folder, onnx.load_from_string(streaming), after, deaf, [nothing])


def _write(folder: Path, encoder: Any, after: npt.NDArray[np.float32], joiner: list[Any], constants: list[Any]) -> Path:
    for node in encoder.graph.node:
        node.output[:] = ["encoder_out" if name == "log_probs" else name for name in node.output]
    encoder.graph.output[0].name = "encoder_out"
    onnx.save(encoder, folder / "encoder.onnx")
    row = [numpy_helper.from_array(np.array(CONTEXT - 1), "last"), numpy_helper.from_array(after, "rows")]
    decoder = [
        helper.make_node("Gather", ["y", "last"], ["token"], axis=1),
        helper.make_node("Gather", ["rows", "token"], ["decoder_out"], axis=0),
    ]
    about = {"vocab_size": _COUNT, "context_size": CONTEXT}
    _save(folder / "decoder.onnx", decoder, {"y": (TensorProto.INT64, CONTEXT)}, "decoder_out", row, about)
    both = dict.fromkeys(("encoder_out", "decoder_out"), (TensorProto.FLOAT, _COUNT))
    _save(folder / "joiner.onnx", joiner, both, "logit", constants, {"joiner_dim": _COUNT})
    (folder / "tokens.txt").write_text(table(), encoding="utf-8")
    return folder


def _save(
    path: Path,
    nodes: list[Any],
    inputs: dict[str, tuple[int, int]],
    output: str,
    constants: list[Any],
    about: dict[str, int],
) -> None:
    infos = [helper.make_tensor_value_info(name, kind, ["N", size]) for name, (kind, size) in inputs.items()]
    out = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", _COUNT])
    made = helper.make_model(
        helper.make_graph(nodes, "network", infos, [out], constants), opset_imports=[helper.make_opsetid("", 17)]
    )
    made.ir_version = 9
    helper.set_model_props(made, {key: str(value) for key, value in about.items()})
    onnx.checker.check_model(made)
    onnx.save(made, path)
