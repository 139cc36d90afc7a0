"""``minwon models tune``: tunes a model on recordings of people, with the engine that models may not know.

What needs the packages of training is loaded when they are known to be there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console

from core.errors import BadInput
from core.home import Home
from models import shelf
from models.training.device import check_packages, has_gpu
from models.training.install import install
from models.training.people.wording import Mixture
from server import models_here
from server.measuring.measure import Task, cores, measured
from server.training import made_at
from stt.trial import texts

if TYPE_CHECKING:
    from models.training.people.options import Options

SYNTHETIC: tuple[Task, ...] = (
    Task(set="heldout", limit=100),
    Task(set="handwritten"),
    Task(set="handwritten", respelled=True),
)
"""What must not get worse."""
_CPU_FRAMES, _GPU_FRAMES = 2400, 9600
"""Output frames of people's speech in a batch."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The command's options; 0 and '' = as the size of the corpus has it."""

    speech: Path | None = None
    base: str = ""
    out: str = "ko-tuned"
    work: Path | None = None
    text: Path | None = None
    checks: tuple[Path, ...] = ()
    synthetic: Path | None = None
    hours: float = 0.0
    steps: int = 0
    copies: int = 0
    times: int = 2
    mixture: Mixture = Mixture()
    jobs: int = 0
    stop_after: str = ""
    resume: bool = False
    """Everything else as the tuning in ``work`` was begun, maybe elsewhere."""


def run(wanted: Wanted, home: Home, say: Callable[[str], None]) -> Path:
    """Say what to expect, do it, put the model on the home's shelf; where it stands (or its steps, if it stops before).

    Raises ``BadInput`` for wrong options, ``Refused`` when the tuned model is worse, ``EnvironmentFault`` without the
    packages of training.
    """
    check_packages()
    from models.training.people import tune
    from models.training.people.folder import base_network
    from models.training.people.options import Tools, check_there, kept
    from models.training.progress import Shown

    target = made_at(wanted.out, home, wanted.stop_after)
    work = (wanted.work or home.root / "tuning" / target.name).absolute()
    if wanted.resume:
        options = msgspec.structs.replace(kept(work), name=target.name, stop_after=wanted.stop_after)
        if not wanted.stop_after:  # else only some steps, on a machine that may have no more
            base_network(options.base)
            check_there(options.text, options.checks)
    else:
        options = _options(wanted, work, target.name, models_here.found(home, wanted.base).path, say)
    with Shown(Console(stderr=True, highlight=False)) as shown:
        model = tune.tune(options, shown, Tools(decode=decoded, synthetic=synthetic))
    if model is None:
        return work
    install(model, target)
    return target


def decoded(model: Path, clips: Sequence[bytes], grammar: Sequence[str] = ()) -> list[str]:
    """What the model makes of the clips, in as many child processes as there are cores."""
    many = max(1, min(cores(), len(clips)))
    with ThreadPoolExecutor(many) as pool:
        parts = list(pool.map(lambda part: texts(model, clips[part::many], grammar), range(many)))
    return [parts[at % many][at // many] for at in range(len(clips))]


def synthetic(model: Path) -> float:
    """Character error rate on synthetic voices, percent."""
    found = measured(shelf.find(str(model)), SYNTHETIC, trials=cores())
    return found.together(SYNTHETIC).cer


def _options(wanted: Wanted, work: Path, name: str, base: Path, say: Callable[[str], None]) -> Options:
    from models.training.people import copies, expect
    from models.training.people.finetune import Recipe
    from models.training.people.mixed import divided
    from models.training.people.options import Options, check_there
    from models.training.people.readers import corpus_print
    from models.training.people.size import hours_of
    from models.training.progress import lasting

    if wanted.speech is None:
        raise BadInput("name the folder of recordings: --speech DIR")
    check_there(wanted.text, wanted.checks, wanted.synthetic)
    gpu, jobs = has_gpu(), wanted.jobs or cores()
    held = divided(wanted.speech)
    corpus_hours = hours_of(wanted.speech, held.clips)
    hours = min(corpus_hours, wanted.hours) if wanted.hours else corpus_hours
    recipe = Recipe(
        steps=wanted.steps or expect.steps_for(hours),
        frames=_GPU_FRAMES if gpu else _CPU_FRAMES,
        times=wanted.times,
        bfloat16=gpu,
    )
    many = wanted.copies or copies.copies_for(hours)
    cost = expect.cost(hours, many, recipe.steps, recipe.frames, jobs=jobs, gpu=gpu)
    say(
        f"{held.clips:,} recordings, about {corpus_hours:.1f} h; {held.said()}.\n"
        f"What to expect of {hours:.1f} h: {expect.expectation(hours)}. {expect.FIRST}\n"
        f"It will take about {lasting(cost.seconds)} on {'a GPU' if gpu else f'{jobs} cores'} (network "
        f"{lasting(cost.network_s)}) and {cost.disk_mb / 1000:.1f} GB in {work}; broken off, the same command goes on."
    )
    return Options(
        speech=wanted.speech,
        recordings=corpus_print(wanted.speech),
        base=base,
        name=name,
        work=work,
        copies=many,
        recipe=recipe,
        jobs=jobs,
        gpu=gpu,
        share=hours / corpus_hours,
        hours=hours,
        text=wanted.text,
        checks=wanted.checks,
        mixture=wanted.mixture,
        synthetic=wanted.synthetic,
        stop_after=wanted.stop_after,
    )
