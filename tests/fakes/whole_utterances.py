"""Our CTC network as a model for whole utterances (sherpa-onnx: zipformer_ctc); what ships is the streaming one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.training.ctc_onnx import CHUNK, STRIDE
from models.training.ctc_tokens import TOKENS, table

_NETWORK: Final = ("Conv", "Relu", "Cast", "LogSoftmax")


def hearing(folder: Path, streaming: bytes) -> Path:
    """What ``ctc_onnx.streaming`` made, with all its frames at once; the outermost ones repeat as its context."""
    made = onnx.load_from_string(streaming)
    scores = next(node for node in made.graph.node if node.op_type == "LogSoftmax").input[0]
    shapes = {value.name: [size.dim_value for size in value.type.tensor_type.shape.dim] for value in made.graph.input}
    about = {each.key: each.value for each in made.metadata_props}
    (_, window, bands), left = shapes["x"], shapes["cached_conv1_0"][2]
    pads = [0, 0, left, 0, 0, window - (CHUNK - STRIDE + 1)]
    network = [node for node in made.graph.node if node.op_type in _NETWORK or node.output[0] == scores]
    seen = next(node for node in network if node.op_type == "Conv").input[0]
    front = [
        helper.make_node("Transpose", ["x"], ["frames"], perm=[0, 2, 1]),
        helper.make_node("Pad", ["frames", "pads"], [seen], mode="edge"),
        helper.make_node("Add", ["x_lens", "round_up"], ["longer"]),
        helper.make_node("Div", ["longer", "stride"], ["log_probs_len"]),
    ]
    constants = {"pads": pads, "round_up": STRIDE - 1, "stride": STRIDE}
    graph = helper.make_graph(
        [*front, *network],
        "network",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", "T", bands]),
            helper.make_tensor_value_info("x_lens", TensorProto.INT64, ["N"]),
        ],
        [
            helper.make_tensor_value_info("log_probs", TensorProto.FLOAT, ["N", "U", len(TOKENS)]),
            helper.make_tensor_value_info("log_probs_len", TensorProto.INT64, ["N"]),
        ],
        [
            *made.graph.initializer,
            *(numpy_helper.from_array(np.asarray(value, np.int64), name) for name, value in constants.items()),
        ],
    )
    whole = helper.make_model(graph, opset_imports=made.opset_import)
    whole.ir_version = made.ir_version
    features = {key: value for key, value in about.items() if key.startswith("feature_")}
    kept = {key: about[key] for key in ("sample_rate", "subsampling_factor")}
    helper.set_model_props(whole, {"model_type": "zipformer2_ctc", **kept, **features})
    onnx.checker.check_model(whole)
    onnx.save(whole, folder / "model.onnx")
    (folder / "tokens.txt").write_text(table(), encoding="utf-8")
    return folder
