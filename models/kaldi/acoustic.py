"""``am/final.mdl``: transition model, time-delay network (Kaldi nnet3) and no priors.

Outside JAX a network is a list of :class:`Layer`. A layer puts together frames of the layer below at fixed offsets, and
all but the last end in a rectifier. The last one's outputs are scores of pdfs as they are: no log-softmax, no priors.

Format: kaldi/src/hmm/{topology,transition-model}.cc, nnet3/{nnet-nnet,am-nnet-simple}.cc. libvosk works out the
contexts anew and folds components together; it needs a node named ``output``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import msgspec

from models.kaldi import binary, phones
from models.kaldi.binary import Floats

LOOP_COST: Final = math.log(2)
"""-log of the probability that a phone goes on for another frame; leaving it costs the same."""


class Layer(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One affine layer over spliced frames."""

    offsets: tuple[int, ...]
    """Which frames of the layer below it sees, in input frames of 10 ms, ascending."""
    weight: Floats
    """(outputs, offsets x inputs): column = place of the offset x inputs + input."""
    bias: Floats
    """(outputs,)"""


def context(layers: Sequence[Layer]) -> tuple[int, int]:
    """How many input frames before and after a frame decide its scores."""
    return -sum(layer.offsets[0] for layer in layers), sum(layer.offsets[-1] for layer in layers)


def acoustic_model(layers: Sequence[Layer]) -> bytes:
    """The bytes of ``am/final.mdl``."""
    left, right = context(layers)
    return (
        binary.BINARY
        + _transition_model()
        + _network(layers)
        + binary.token("<LeftContext>")
        + binary.int32(left)
        + binary.token("<RightContext>")
        + binary.int32(right)
        + binary.token("<Priors>")
        + binary.vector([])
    )


def _transition_model() -> bytes:
    """Every phone has one state whose first frame has a pdf of its own.

    Transition 2p - 1 is phone p's self-loop, 2p leaves it. In libvosk's ("reordered") graphs the leaving one is taken
    first, on entering the phone, and bears the forward pdf.
    """
    count = len(phones.GRAPH_PHONES)
    out = [binary.token("<TransitionModel>"), binary.token("<Topology>")]
    out += [binary.int32s(range(1, count + 1)), binary.int32s([-1] + [0] * count)]
    out += [binary.int32(-1)]  # the loops have pdfs of their own
    out += [binary.int32(number) for number in (1, 2)]  # one entry, of two states
    out += [binary.int32(number) for number in (0, 1, 2)]  # classes of forward and loop pdf, transitions
    out += [binary.int32(0), binary.float32(0.5), binary.int32(1), binary.float32(0.5)]
    out += [binary.int32(number) for number in (-1, -1, 0)]  # the end: no pdf, no transition
    out += [binary.token("</Topology>"), binary.token("<Tuples>"), binary.int32(count)]
    for phone in range(1, count + 1):
        base = phones.base_of(phone)
        out += [binary.int32(number) for number in (phone, 0, phones.forward_pdf(base), phones.loop_pdf(base))]
    out += [binary.token("</Tuples>"), binary.token("<LogProbs>")]
    out += [binary.vector([0.0] + [-LOOP_COST] * (2 * count))]  # counted from 1
    return b"".join([*out, binary.token("</LogProbs>"), binary.token("</TransitionModel>")])


def _network(layers: Sequence[Layer]) -> bytes:
    inputs = layers[0].weight.shape[1] // len(layers[0].offsets)
    lines, parts, below = [f"input-node name=input dim={inputs}"], [], "input"
    for number, layer in enumerate(layers, start=1):
        terms = [below if offset == 0 else f"Offset({below}, {offset})" for offset in layer.offsets]
        descriptor = terms[0] if len(terms) == 1 else f"Append({', '.join(terms)})"
        name = "output" if number == len(layers) else f"tdnn{number}"
        lines.append(f"component-node name={name}.affine component={name}.affine input={descriptor}")
        parts.append((f"{name}.affine", _affine(layer)))
        if name == "output":
            lines.append("output-node name=output input=output.affine objective=linear")
        else:
            lines.append(f"component-node name={name}.relu component={name}.relu input={name}.affine")
            parts.append((f"{name}.relu", _rectifier(len(layer.bias))))
        below = f"{name}.relu"
    out = [binary.token("<Nnet3>"), b"\n", "\n".join(lines).encode(), b"\n\n"]
    out += [binary.token("<NumComponents>"), binary.int32(len(parts))]
    for name, part in parts:
        out += [binary.token("<ComponentName>"), binary.token(name), part]
    return b"".join([*out, binary.token("</Nnet3>")])


def _affine(layer: Layer) -> bytes:
    out = [binary.token("<NaturalGradientAffineComponent>"), binary.token("<LearningRate>"), binary.float32(0.001)]
    out += [binary.token("<LinearParams>"), binary.matrix(layer.weight)]
    out += [binary.token("<BiasParams>"), binary.vector(layer.bias)]
    # What Kaldi's own training would go on with; its reader asks for it.
    out += [binary.token("<RankIn>"), binary.int32(20), binary.token("<RankOut>"), binary.int32(80)]
    out += [binary.token("<UpdatePeriod>"), binary.int32(4)]
    out += [binary.token("<NumSamplesHistory>"), binary.float32(2000.0), binary.token("<Alpha>"), binary.float32(4.0)]
    return b"".join([*out, binary.token("</NaturalGradientAffineComponent>")])


def _rectifier(width: int) -> bytes:
    out = [binary.token("<RectifiedLinearComponent>"), binary.token("<Dim>"), binary.int32(width)]
    out += [binary.token("<ValueAvg>"), binary.vector([]), binary.token("<DerivAvg>"), binary.vector([])]
    out += [binary.token("<Count>"), binary.float64(0.0), binary.token("<OderivRms>"), binary.vector([])]
    for name in ("<OderivCount>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>"):
        out += [binary.token(name), binary.float64(0.0)]
    return b"".join([*out, binary.token("</RectifiedLinearComponent>")])
