"""``minwon models train``: builds a model, with the engine and the measuring that ``models.training`` may not know."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from rich.console import Console

from core.errors import BadInput
from core.home import Home
from models import shelf
from models.training.build import build, install
from models.training.card import Figure, Figures
from models.training.device import has_gpu
from models.training.making import Options, Tools
from models.training.plan import Plan, planned
from models.training.progress import Shown, plan_in_words
from server.measuring import people
from server.measuring.measure import QUICK, Task, measured
from server.measuring.scores import Score
from stt.vosk_scores import scored

_SMOKE: tuple[Task, ...] = (Task(set="heldout", voices="seen", limit=12),)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The command's options; 0 and '' = as the plan has it."""

    out: str = ""
    work: Path | None = None
    smoke: bool = False
    hold_out_voices: bool = False
    hours: float = 0.0
    epochs: float = 0.0
    width: int = 0
    jobs: int = 0
    seed: int = 1
    stop_after: str = ""
    network: Path | None = None
    speech: Path | None = None


def train(wanted: Wanted, home: Home) -> Path:
    """Do it, shown on stderr; where the finished model stands (or its steps, when it stops before).

    ``out`` is a name on the home's shelf, or a folder. ``BadInput`` if it is there already, or for wrong options.
    """
    plan = plan_of(wanted)
    target = _target(wanted.out or ("ko-smoke" if wanted.smoke else "ko-trained"), home)
    if target.exists() and not wanted.stop_after:
        raise BadInput(f"{target} is there already; take it away (`minwon models remove`) or give --out another name")
    options = Options(
        name=target.name,
        work=(wanted.work or home.root / "training" / target.name).absolute(),
        plan=plan,
        stop_after=wanted.stop_after,
        network=wanted.network,
        people=wanted.speech,
    )
    console = Console(stderr=True, highlight=False)
    console.print(plan_in_words(plan, options.work), markup=False, soft_wrap=True)
    with Shown(console) as shown:
        model = build(options, shown, Tools(scored=scored, measure=figures))
    if wanted.stop_after and wanted.stop_after != "card":
        return options.work
    install(model, target)
    return target


def plan_of(wanted: Wanted) -> Plan:
    """What will be done on this machine."""
    return planned(
        cores=len(os.sched_getaffinity(0)),
        gpu=has_gpu(),
        smoke=wanted.smoke,
        hours=wanted.hours,
        epochs=wanted.epochs,
        width=wanted.width,
        jobs=wanted.jobs,
        seed=wanted.seed,
        hold_out_voices=wanted.hold_out_voices,
    )


def figures(model: Path, quickly: bool) -> Figures:
    """Measure a model for its card."""
    info = shelf.find(str(model))
    found = measured(info, _SMOKE if quickly else QUICK)
    rows = [Figure(what=str(row.task), value=_in_words(row.score)) for row in found.rows]
    rtf = sum(row.cpu_s for row in found.rows) / sum(row.audio_s for row in found.rows)
    rows += [
        Figure(what="speed", value=f"{100 * rtf:.1f} % of one core per second of speech"),
        Figure(what="loaded", value=f"in {found.load_s:.2f} s, {found.memory_mb} MiB"),
    ]
    heard = () if quickly else [people.heard(info, corpus) for corpus in people.corpora()]
    return Figures(
        people=tuple(
            Figure(what=f"{one.corpus}: {one.what}", value=_in_words(one.score)) for one in heard if one.score.letters
        ),
        rows=tuple(rows),
    )


def _in_words(score: Score) -> str:
    return f"CER {score.cer:.1f} %, {score.exact:.0f} % of {score.sentences} sentences exact"


def _target(out: str, home: Home) -> Path:
    return Path(out).expanduser().absolute() if "/" in out else home.models / out
