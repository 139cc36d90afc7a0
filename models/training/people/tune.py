"""``minwon models tune``: the whole way from recordings to a model that is better than before, or is refused.

Every step is cached in the work folder (``models.training.steps``); the first ones (read, align) can be done on one
machine and the training of the network on another one with a GPU: copy the work folder between them.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import msgspec

from models.label import CARD_FILE
from models.training.people import expect
from models.training.people.making import Maker
from models.training.people.options import Options, Tools, keep
from models.training.steps import Audience, Step, run_steps

_HERE: Final = Path(__file__).parent
_TRAINING: Final = _HERE.parent
_COPYING: Final = (_HERE / "copies.py", _HERE / "clip.py", _TRAINING / "sound", _TRAINING / "shards.py")
_LEARNING: Final = (
    *(_HERE / f"{name}.py" for name in ("finetune", "feed", "graph", "mmi", "objective", "phone_lm", "realign")),
    *(_HERE / f"{name}.py" for name in ("specaugment", "widen")),
    *(_TRAINING / f"{name}.py" for name in ("net", "one_cycle")),
)


def tune(options: Options, audience: Audience, tools: Tools) -> Path | None:
    """Do the steps; the tuned model's folder in the work folder, None where ``stop_after`` ends it before.

    Raises ``Refused`` with the figures if the tuned model is worse than the base.
    """
    options = keep(options)
    maker = Maker(options, tools)
    maker.take_base()
    run_steps(steps(options, maker), options.work, audience, stop_after=options.stop_after)
    if options.stop_after and options.stop_after != "card":
        return None
    shutil.copyfile(options.work / "card" / CARD_FILE, maker.model / CARD_FILE)
    return maker.model


def steps(options: Options, maker: Maker) -> list[Step]:
    """In order, with what each needs and about how long it takes."""
    projected = expect.cost(
        options.hours, options.copies, options.recipe.steps, options.recipe.frames,
        jobs=options.jobs, gpu=options.gpu,
    )  # fmt: skip
    recipe = msgspec.to_builtins(options.recipe)
    words = {"text": str(options.text), "transcripts": options.mixture.transcripts, "share": options.mixture.text}
    corpus = {"speech": options.speech.name, "share": options.share}
    if options.recordings:
        corpus["recordings"] = options.recordings
    spoken = [] if options.synthetic else [
        Step(name="speech", says="speak synthetic sentences", seconds=90, work=maker.speech,
             options={"sentences": options.sentences}),
    ]  # fmt: skip
    needs = tuple(step.name for step in spoken)
    return [
        Step(name="read", says="read and clean the recordings", seconds=projected.read_s, work=maker.read,
             options=corpus, sources=(_HERE / "transcript.py", _HERE / "figures.py", _HERE / "clean.py")),
        *spoken,
        Step(name="align", says="find where each sound lies", seconds=projected.align_s, work=maker.align,
             needs=("read", *needs), sources=(_HERE / "align.py", _HERE / "gmm.py", _HERE / "graph.py")),
        Step(name="copies", says=f"put each recording through {options.copies} telephone calls",
             seconds=projected.copies_s, work=maker.copies, needs=("align",), options={"copies": options.copies},
             sources=_COPYING),
        Step(name="network", says=f"train the network, {options.recipe.steps:,} steps", seconds=projected.network_s,
             work=maker.network, needs=("copies", *needs), options={"recipe": recipe, "base": options.base.name},
             sources=_LEARNING),
        Step(name="folder", says="put words, sentences and network together", seconds=40, work=maker.folder,
             needs=("network", "read"), options={"name": options.name, **words},
             sources=(options.text,) if options.text else ()),
        Step(name="measure", says="hear people and synthetic voices, before and after", seconds=projected.measure_s,
             work=maker.measure, needs=("folder",), options={"checks": [str(path) for path in options.checks]}),
        Step(name="card", says="judge, and write the card", seconds=1, work=maker.card, needs=("measure",)),
    ]  # fmt: skip
