"""The network in an ONNX file of ours, read back."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper

from models.kaldi.acoustic import Layer
from models.training.cepstra import cepstra
from models.training.ctc_onnx import STRIDE


def read_layers(file: bytes) -> list[Layer]:
    """The network in what ``streaming`` wrote."""
    graph = onnx.load_from_string(file).graph
    constants = {constant.name: numpy_helper.to_array(constant) for constant in graph.initializer}
    cast = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Cast"}
    layers: list[Layer] = []
    for node in graph.node:
        if node.op_type != "Conv":
            continue
        weight = constants[cast.get(node.input[1], node.input[1])].astype(np.float64).transpose(0, 2, 1)
        taps = weight.shape[1]
        attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        if not layers:
            weight = weight @ np.linalg.inv(cepstra(weight.shape[2]))
        step = attributes["dilations"][0] * (STRIDE if layers else 1)
        layers.append(
            Layer(
                offsets=tuple(step * (tap - taps // 2) for tap in range(taps)),
                weight=weight.reshape(len(weight), -1).astype(np.float32),
                bias=constants[node.input[2]],
            )
        )
    return layers
