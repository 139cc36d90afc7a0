"""``python3 -m models.training.people WORK``: goes on with a tuning that was begun elsewhere, up to its network.

For a machine with a GPU and little else (numpy, scipy, JAX, optax, msgspec, rich, soxr, kaldi-native-fbank): copy the
work folder of ``minwon models tune --stop-after align`` there, and back afterwards; ``minwon models tune --work WORK
--resume`` does the rest. ``read/held`` need not travel.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec
from rich.console import Console

from core.errors import EnvironmentFault
from models.training.people import tune
from models.training.people.options import Options, Tools, kept
from models.training.progress import Shown


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="python3 -m models.training.people", description=__doc__)
    parser.add_argument("work", type=Path, help="the tuning's --work folder")
    parser.add_argument("--synthetic", type=Path, help="shards of synthetic speech, where they lie on this machine")
    parser.add_argument("--steps", type=int, help="of training")
    parser.add_argument("--frames", type=int, help="output frames of people's speech in a batch")
    parser.add_argument("--times", type=int, help="so many times as wide as the base network")
    parser.add_argument("--copies", type=int, help="of each recording")
    parser.add_argument("--jobs", type=int, help="processes that make copies")
    parser.add_argument("--bfloat16", action="store_true", default=None, help="products at half width")
    parser.add_argument("--stop-after", default="network", choices=("align", "copies", "network"))
    given = {name: value for name, value in vars(parser.parse_args()).items() if value is not None}
    found = kept(given.pop("work"))
    recipe = {name: given.pop(name) for name in ("steps", "frames", "times", "bfloat16") if name in given}
    return msgspec.structs.replace(found, recipe=msgspec.structs.replace(found.recipe, **recipe), **given)


def _elsewhere(*_: object) -> list[str]:
    raise EnvironmentFault("nothing is decoded here: `minwon models tune --resume` does that")


def main() -> None:
    """Run the steps."""
    with Shown(Console(stderr=True, highlight=False)) as shown:
        tune.tune(_options(), shown, Tools(decode=_elsewhere, synthetic=lambda _: 0.0))


if __name__ == "__main__":
    main()
