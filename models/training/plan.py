"""How much is spoken and how long it is learned: for two cores, for a GPU, for a test. Pure.

Times are what was measured on two cores of a small cloud machine (2026): a core speaks and distorts 257 hours in one; a
step of 64 chunks of 1.5 s takes two cores 0.11 s at width 256 and 0.14 s at 320, which decodes as fast within a fifth
(1.6 against 1.4 % of a core) and learns more in as many steps.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from core.errors import BadInput
from models.training.net import Shape
from models.training.train import Recipe

SENTENCE_S: Final = 4.8
"""A sentence with its pauses, on average."""
_SPOKEN_IN_REAL_TIME: Final = 250.0
"""Seconds of speech that a core makes in one."""
_WIDTH: Final = 320
"""As wide as the folder's 30 MB allow beside a language model of ``_LM_SENTENCES``."""
_LM_SENTENCES: Final = 260_000
_CORE_FLOPS: Final = 1e11
"""Of one core, in training."""
_GPU_FLOPS: Final = 1e13
"""Of a GPU in such small products: a tenth of what it could."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a build will do."""

    what: str
    """'for 2 cores', ..."""
    hours: float
    """Of speech."""
    lm_sentences: int
    """For the language model."""
    recipe: Recipe
    jobs: int
    """Processes that speak."""
    gpu: bool = False
    smoke: bool = False
    """So little of everything that it is only good for showing that the chain holds."""

    @property
    def sentences(self) -> int:
        """How many are spoken."""
        return max(1, round(3600 * self.hours / SENTENCE_S))

    @property
    def speech_s(self) -> float:
        """How long speaking takes, about."""
        return 2 + 3600 * self.hours / (_SPOKEN_IN_REAL_TIME * self.jobs)

    @property
    def network_s(self) -> float:
        """How long training takes, about."""
        shape = self.recipe.shape
        products = shape.width * (9 * shape.inputs + 3 * shape.width * len(shape.dilations) + shape.outputs)
        work = 3 * 2 * products * 3600 * self.hours / 0.03 * self.recipe.epochs
        return 10 + work / (_GPU_FLOPS if self.gpu else _CORE_FLOPS * self.jobs)

    @property
    def ngram_s(self) -> float:
        """How long counting words takes, about."""
        return 2 + self.lm_sentences / 30_000


def planned(
    *,
    cores: int,
    gpu: bool = False,
    smoke: bool = False,
    hours: float = 0.0,
    epochs: float = 0.0,
    width: int = 0,
    jobs: int = 0,
    seed: int = 1,
    hold_out_voices: bool = False,
) -> Plan:
    """The plan for this machine; 0 = as the plan has it. Raises ``BadInput`` for what cannot be."""
    if min(hours, epochs, width, jobs) < 0:
        raise BadInput("--hours, --epochs, --width and --jobs are numbers above 0")
    jobs = jobs or cores
    common: dict[str, Any] = {"seed": seed, "hold_out_voices": hold_out_voices}
    if smoke:
        recipe = Recipe(shape=Shape(width=width or 128), epochs=epochs or 8.0, batch=32, rate=4e-3, **common)
        return Plan(
            what="a smoke build", hours=hours or 0.6, lm_sentences=4000, recipe=recipe, jobs=jobs, gpu=gpu, smoke=True
        )
    if gpu:
        recipe = Recipe(
            shape=Shape(width=width or _WIDTH),
            epochs=epochs or 12.0,
            batch=256,
            rate=3e-3,
            hours_at_once=150.0,
            bfloat16=True,
            **common,
        )
        return Plan(
            what="for a GPU", hours=hours or 70.0, lm_sentences=_LM_SENTENCES, recipe=recipe, jobs=jobs, gpu=True
        )
    recipe = Recipe(shape=Shape(width=width or _WIDTH), epochs=epochs or 10.0, **common)
    return Plan(
        what=f"for {cores} core{'s' if cores > 1 else ''}",
        hours=hours or 50.0,
        lm_sentences=_LM_SENTENCES,
        recipe=recipe,
        jobs=jobs,
    )
