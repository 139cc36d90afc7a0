"""Tuning the network on people: frame by frame first, then, with labels that it found itself, by whole sentences.

Synthetic speech stands in every batch, so that old voices are not forgotten and batch normalisation sees both. What is
kept is a running average of the weights (Polyak and Juditsky, 1992): steadier than the last step's. Can be broken off.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import jax
import jax.numpy as jnp
import msgspec
import numpy as np
import numpy.typing as npt
import optax

from models.training import checkpoint, net, shards
from models.training.net import Params, Shape, State
from models.training.one_cycle import one_cycle
from models.training.people import feed, phone_lm
from models.training.people.feed import Batch, Feed, Utterance
from models.training.people.mmi import Nodes, nodes_of
from models.training.people.objective import FRAMES, SENTENCES, Parts, Weights, objective
from models.training.people.realign import realign
from models.training.people.specaugment import masked
from models.training.people.widen import widened
from models.training.steps import Tell

_MEAN_FRAMES: Final = 200_000
_STATISTICS: Final = 200
"""Shards that the phone n-gram is counted from, of people and of synthetic speech each: some fifty hours."""
_SHOWN: Final = 50
"""Steps between lines of progress."""

Floats = npt.NDArray[np.float32]


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """How it is tuned."""

    steps: int = 4000
    frames: int = 4800
    """Output frames of people's speech in a batch: 144 s."""
    rate: float = 2e-3
    """The highest learning rate."""
    times: int = 2
    """So many times as wide as the base network."""
    alone: float = 0.5
    """Share of the steps before whole sentences count."""
    averaged: float = 0.999
    bfloat16: bool = False
    checkpoint_every: int = 500
    seed: int = 1


class Tuned(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    steps: int
    parameters: int
    parts: tuple[float, float, float]
    """At the end: MMI a frame, cross-entropy on people, on synthetic speech."""
    seconds: float


class _Run(NamedTuple):
    """Everything that a step changes."""

    params: Params
    state: State
    average: tuple[Params, State]
    optimiser: Any


def tune(
    base: Path, people: Sequence[Path], synthetic: Sequence[Path], out: Path, recipe: Recipe, *, tell: Tell
) -> Tuned:
    """Tune the network ``base`` on shards of copies and write ``out`` (.npz).

    Beside it: ``global_mean.npy`` for the model's online normalisation, ``progress.tsv`` (step, seconds, and the means
    of MMI, cross-entropy on people and on synthetic speech), ``realigned/`` labels of the second alignment.
    """
    began = time.monotonic()
    mean = global_mean(people, synthetic)
    np.save(out.with_name("global_mean.npy"), mean)
    key = jax.random.key(recipe.seed)
    shape, params, state = widened(key, *net.load(base), recipe.times)
    # Online normalisation takes the mean away; what the base subtracts itself becomes the rest.
    state = State(jnp.zeros_like(state.mean), state.deviation, state.running)
    optimiser = one_cycle(recipe.rate, recipe.steps)
    # Copies, for the step gives its inputs' memory away.
    run = _Run(params, state, jax.tree.map(jnp.copy, (params, state)), optimiser.init(params))
    saved = out.with_name("checkpoint.npz")
    run, step = checkpoint.restored(saved, run, recipe.steps)
    trigram = jnp.asarray(_trigram(people, synthetic))
    alone = int(recipe.alone * recipe.steps)
    sums: list[Parts] = []
    shown = (0.0, 0.0, 0.0)
    batches: Iterator[Batch] = iter(())
    for number in range(step, recipe.steps):
        sentences = number >= alone
        if number in (step, alone):
            relabelled = out.parent / "realigned" if sentences else None
            if relabelled is not None:
                realign(people, relabelled, (shape, *run.average), mean)
            advance = jax.jit(
                partial(_advanced, optimiser=optimiser, recipe=recipe, shape=shape,
                        weights=SENTENCES if sentences else FRAMES),
                donate_argnums=0,
            )  # fmt: skip
            batches = _batches(people, synthetic, relabelled, mean, shape, recipe, seed=recipe.seed + number)
        batch = next(batches)
        inputs = (batch.features, batch.labels, batch.lengths, nodes_of(batch.nodes))
        run, parts = advance(run, inputs, trigram, jax.random.fold_in(key, number), float(number))
        sums.append(parts)
        if (number + 1) % _SHOWN == 0 or number + 1 == recipe.steps:
            shown = _means(sums)
            sums = []
            with out.with_name("progress.tsv").open("a") as lines:
                lines.write("\t".join(map(str, (number + 1, round(time.monotonic() - began), *shown))) + "\n")
            tell((number + 1) / recipe.steps)
        if (number + 1) % recipe.checkpoint_every == 0 and number + 1 < recipe.steps:
            checkpoint.keep(saved, run, number + 1, recipe.steps)
    draft = out.with_name("draft.npz")
    net.save(draft, shape, *run.average, np.float16)
    draft.rename(out)
    saved.unlink(missing_ok=True)
    return Tuned(
        steps=recipe.steps,
        parameters=sum(leaf.size for leaf in jax.tree.leaves(run.params)),
        parts=shown,
        seconds=round(time.monotonic() - began, 1),
    )


def global_mean(people: Sequence[Path], synthetic: Sequence[Path]) -> Floats:
    """(40,) mean MFCC, people and synthetic speech counting alike."""
    sides = [paths for paths in (people, synthetic) if paths]
    means = []
    for paths in sides:
        wanted = max(1, _MEAN_FRAMES // len(paths))
        sample = [shards.read(path).feats[::7][:wanted].astype(np.float32) for path in paths[:20]]
        means.append(np.concatenate(sample).mean(0))
    mean: Floats = np.mean(means, axis=0).astype(np.float32)
    return mean


def _advanced(
    run: _Run,
    inputs: tuple[jax.Array, jax.Array, jax.Array, Nodes],
    trigram: jax.Array,
    key: jax.Array,
    number: jax.Array,
    *,
    optimiser: optax.GradientTransformation,
    recipe: Recipe,
    shape: Shape,
    weights: Weights,
) -> tuple[_Run, Parts]:
    """One step of the optimiser."""
    features, labels, lengths, nodes = inputs
    hiding, dropping = jax.random.split(key)
    people = lengths.shape[0]
    hidden = masked(hiding, features[:people], run.state.mean)
    features = jnp.concatenate([hidden, features[people:]])

    def loss_of(params: Params) -> tuple[jax.Array, tuple[State, Parts]]:
        precision = jnp.bfloat16 if recipe.bfloat16 else jnp.float32
        logits, state = net.apply(
            params, run.state, features, shape, dropout=dropping, training=True, precision=precision
        )
        loss, parts = objective(logits, labels, lengths, nodes, trigram, weights)
        return loss, (state, parts)

    (_, (state, parts)), gradient = jax.value_and_grad(loss_of, has_aux=True)(run.params)
    updates, optimised = optimiser.update(gradient, run.optimiser, run.params)
    params: Params = optax.apply_updates(run.params, updates)
    slow = jnp.minimum(recipe.averaged, (1 + number) / (10 + number))
    average = jax.tree.map(lambda old, new: slow * old + (1 - slow) * new, run.average, (params, state))
    return _Run(params, state, average, optimised), parts


def _batches(
    people: Sequence[Path],
    synthetic: Sequence[Path],
    relabelled: Path | None,
    mean: Floats,
    shape: Shape,
    recipe: Recipe,
    seed: int,
) -> Iterator[Batch]:
    """Batch after batch, a group of shards after the other, each group once through."""
    rng = np.random.default_rng(seed)
    others = feed.groups(synthetic, rng) if synthetic else iter(())
    beside: list[Utterance] = []
    for number, together in enumerate(feed.groups(people, rng)):
        if synthetic and (number == 0 or len(synthetic) > 1):
            beside = feed.load(next(others), None, mean, graphs=False)
        fed = Feed(feed.load(together, relabelled, mean, graphs=True), shape.context, recipe.frames, seed + number)
        once_only = len(people) > len(together)
        for _ in range(fed.epoch() if once_only else 1 << 60):
            yield fed.next(beside)


def _trigram(people: Sequence[Path], synthetic: Sequence[Path]) -> Floats:
    """Phones as they follow each other in the labels."""
    counted = (*people[:_STATISTICS], *synthetic[:_STATISTICS])
    # Utterances stand behind each other; each begins and ends in silence.
    labels = (shards.read(path).labels.astype(np.int64) for path in counted)
    return phone_lm.phone_ngrams(each[each % 2 == 0] // 2 for each in labels)[0]


def _means(parts: Sequence[Parts]) -> tuple[float, float, float]:
    table = np.array([[float(part) for part in one] for one in parts]).mean(0)
    return float(table[0]), float(table[1]), float(table[2])
