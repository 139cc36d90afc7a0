"""``python -m models.training build``: the steps that need no speech engine, on a machine that has little but JAX.

For a borrowed GPU: ``--stop-after network``, then carry ``WORK/network/network.npz`` home and give it to
``minwon models train --network``.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import jax
from rich.console import Console

from core.errors import MinwonError
from models.training.build import build
from models.training.making import Options
from models.training.plan import planned
from models.training.progress import Shown, plan_in_words


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    parser.add_argument("command", choices=["build"])
    parser.add_argument("--work", type=Path, required=True, help="where steps keep what they made")
    parser.add_argument("--name", default="ko-hanbit")
    parser.add_argument("--stop-after", default="network", metavar="STEP")
    parser.add_argument("--hold-out-voices", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    for name, kind in (("hours", float), ("epochs", float), ("width", int), ("jobs", int)):
        parser.add_argument(f"--{name}", type=kind, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--network", type=Path, help="a trained network instead of training one")
    given = vars(parser.parse_args())
    work, name, stop_after, network = (given.pop(key) for key in ("work", "name", "stop_after", "network"))
    del given["command"]
    try:
        plan = planned(cores=len(os.sched_getaffinity(0)), gpu=jax.default_backend() != "cpu", **given)
        console = Console(highlight=False)
        console.print(plan_in_words(plan, work), markup=False, soft_wrap=True)
        with Shown(console) as shown:
            build(Options(name=name, work=work, plan=plan, stop_after=stop_after, network=network), shown)
    except MinwonError as fault:
        print(f"training: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
