"""``minwon models train``: builds a model, with the engine and the measuring that ``models.training`` may not know.

What needs the packages of training is loaded when they are known to be there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console

from core.errors import BadInput
from core.home import Home
from models.training.device import check_packages, has_gpu
from models.training.install import check_free, install
from stt.vosk_scores import scored

if TYPE_CHECKING:
    from models.training.plan import Plan


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

    ``out`` is a name on the home's shelf, or a folder. ``BadInput`` if it is there already, or for wrong options;
    ``EnvironmentFault`` without the packages of training.
    """
    check_packages()
    from models.training.build import build
    from models.training.making import Options, Tools
    from models.training.progress import Shown, plan_in_words
    from server.measuring.card import for_card

    plan = plan_of(wanted)
    target = made_at(wanted.out or ("ko-smoke" if wanted.smoke else "ko-trained"), home, wanted.stop_after)
    if wanted.network is not None and not wanted.network.is_file():
        raise BadInput(f"there is no file {wanted.network}; --network names a trained network (.npz)")
    if wanted.speech is not None and not wanted.speech.is_dir():
        raise BadInput(f"{wanted.speech} is no folder; --speech names a folder of recordings with transcripts")
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
        model = build(options, shown, Tools(scored=scored, measure=for_card))
    if wanted.stop_after and wanted.stop_after != "card":
        return options.work
    install(model, target)
    return target


def plan_of(wanted: Wanted) -> Plan:
    """What will be done on this machine."""
    from models.training.plan import planned
    from server.measuring.measure import cores

    return planned(
        cores=cores(),
        gpu=has_gpu(),
        smoke=wanted.smoke,
        hours=wanted.hours,
        epochs=wanted.epochs,
        width=wanted.width,
        jobs=wanted.jobs,
        seed=wanted.seed,
        hold_out_voices=wanted.hold_out_voices,
    )


def made_at(out: str, home: Home, stop_after: str) -> Path:
    """Where the model of that name, or folder, shall stand. ``BadInput`` where it would be in the way of another."""
    target = Path(out).expanduser().absolute() if "/" in out else home.models / out
    if not stop_after:
        check_free(target)
    return target
