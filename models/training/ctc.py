"""Our own streaming CTC model for sherpa-onnx: the same network as the Vosk model's, with Hangul letters for outputs.

Trained on the build's shards (features and texts; the phones' times are not needed) by connectionist temporal
classification (Graves et al. 2006). It starts from the trained acoustic network and grows some layers on top of it,
because a letter depends on more sound than a phone: Korean is not written as it is spoken. There is no language model:
it is a model for tests, for `minwon replay --engine sherpa` and for seeing how sherpa-onnx runs on a machine.

    python3 -m models.training.ctc --speech WORK/speech --start WORK/network/network.npz --to models/ko-hanbit-ctc
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import jax
import jax.numpy as jnp
import msgspec
import numpy as np
import numpy.typing as npt
import optax
from rapidfuzz.distance import Levenshtein

from models.label import LABEL_FILE, Label, written
from models.training import ctc_data, ctc_onnx, ctc_tokens, net
from models.training.ctc_data import Utterances
from models.training.one_cycle import one_cycle

LABEL: Final = (
    "Demonstration of sherpa-onnx: synthetic (espeak-ng) voices, no language model; it does not understand people"
)
ON_TOP: Final = (2, 2, 2)
"""Dilations of the layers that grow on top of the acoustic network: 180 ms more to see on either side."""
MEASURED: Final = 200
"""At most so many of the utterances held back are measured at the end."""
_TOLD: Final = 100


class Network(NamedTuple):
    """A network, as ``net`` has it."""

    shape: net.Shape
    params: net.Params
    state: net.State


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """How it is trained."""

    steps: int = 6000
    batch_frames: int = 24_000
    """Frames in a step: 240 s of speech."""
    rate: float = 1e-3
    """The highest learning rate."""
    seed: int = 7
    precision: str = "float32"
    """Of the products: 'bfloat16' on a GPU."""


def grown(start: Network | None, features: npt.NDArray[np.float16], seed: int) -> Network:
    """The network to train: the acoustic one with layers on top, or a fresh one."""
    below = start.shape if start else net.Shape()
    shape = msgspec.structs.replace(
        below, dilations=(*below.dilations, *ON_TOP), outputs=len(ctc_tokens.TOKENS), stride=ctc_onnx.STRIDE
    )
    sample = features[::97].astype(np.float32)
    params, state = net.init(jax.random.key(seed), shape, sample.mean(0), sample.std(0) + 1e-3)
    if start:
        count = len(start.params.hidden)
        params = params._replace(
            hidden=(*start.params.hidden, *params.hidden[count:]), norms=(*start.params.norms, *params.norms[count:])
        )
        state = start.state._replace(running=(*start.state.running, *state.running[count:]))
    return Network(shape, params, state)


def train(data: Utterances, recipe: Recipe, start: Network | None, say: Callable[[str], None]) -> Network:
    """Train; ``say`` hears how it goes."""
    shape, params, state = grown(start, data.features, recipe.seed)
    optimiser = one_cycle(recipe.rate, recipe.steps)
    precision = jnp.dtype(recipe.precision)

    @jax.jit
    def step(params: Any, state: Any, memory: Any, batch: ctc_data.Batch, key: jax.Array) -> Any:
        def loss(params: Any) -> Any:
            logits, after = net.apply(
                params, state, jnp.asarray(batch.features), shape, dropout=key, training=True, precision=precision
            )
            losses = optax.ctc_loss(logits, batch.padding, batch.letters, batch.letters_padding)
            return losses.sum() / (1 - batch.letters_padding).sum(), after

        (value, state), slope = jax.value_and_grad(loss, has_aux=True)(params)
        change, memory = optimiser.update(slope, memory, params)
        return optax.apply_updates(params, change), state, memory, value

    memory = optimiser.init(params)
    key = jax.random.key(recipe.seed)
    began = time.monotonic()
    batches = ctc_data.endless(data, recipe.batch_frames, recipe.seed)
    for number, items in zip(range(1, recipe.steps + 1), batches, strict=False):
        batch = ctc_data.batch(data, items, shape)
        params, state, memory, value = step(params, state, memory, batch, jax.random.fold_in(key, number))
        if number % _TOLD == 0 or number == recipe.steps:
            spent = time.monotonic() - began
            left = spent / number * (recipe.steps - number)
            say(f"step {number}/{recipe.steps}: loss {float(value):.3f} a letter, {spent:.0f} s, {left:.0f} s left")
    return Network(shape, params, state)


def error_rate(data: Utterances, network: Network) -> float:
    """Letters wrong (CER without spaces, per cent) in the best path of utterances held back."""
    apply = jax.jit(lambda x: net.apply(network.params, network.state, x, network.shape)[0].argmax(-1))
    wrong = letters = 0
    for at in data.held_back[:MEASURED]:
        batch = ctc_data.batch(data, np.array([at]), network.shape)
        outputs = np.asarray(apply(batch.features)[0])[batch.padding[0] == 0]
        heard = ctc_tokens.decode(ctc_tokens.best(outputs.tolist())).replace(" ", "")
        said = data.texts[at].replace(" ", "")
        wrong += Levenshtein.distance(said, heard)
        letters += len(said)
    return 100 * wrong / max(letters, 1)


def write(to: Path, network: Network) -> None:
    """The model's folder."""
    to.mkdir(parents=True, exist_ok=True)
    files = {
        "model.onnx": ctc_onnx.streaming(net.layers(network.params, network.state, network.shape)),
        "tokens.txt": ctc_tokens.table().encode(),
    }
    for name, content in files.items():
        (to / name).write_bytes(content)
    sizes = {name: len(content) for name, content in files.items()}
    label = Label(language="ko", label=LABEL, engine="sherpa", kind="zipformer2_ctc", sizes=sizes)
    (to / LABEL_FILE).write_text(written(label), encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train our own streaming CTC model and export it for sherpa-onnx.")
    parser.add_argument("--speech", type=Path, required=True, help="folder of shards")
    parser.add_argument("--start", type=Path, help="acoustic network to start from (network.npz)")
    parser.add_argument("--to", type=Path, required=True, help="folder of the model")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--batch-frames", type=int, default=Recipe().batch_frames)
    parser.add_argument("--rate", type=float, default=Recipe().rate)
    parser.add_argument("--precision", default=Recipe().precision)
    given = parser.parse_args()

    def say(line: str) -> None:
        print(line, flush=True)

    data = ctc_data.utterances(sorted(given.speech.glob("*.npz")), ctc_onnx.STRIDE)
    recipe = Recipe(steps=given.steps, batch_frames=given.batch_frames, rate=given.rate, precision=given.precision)
    say(f"{len(data.lengths)} utterances, {data.lengths.sum() / 360_000:.1f} h")
    network = train(data, recipe, Network(*net.load(given.start)) if given.start else None, say)
    write(given.to, network)
    say(f"{error_rate(data, network):.1f} % of letters wrong in utterances held back")


if __name__ == "__main__":
    main()
