"""From text to a verified model folder: the steps of ``minwon models train``.

sentences -> speech -> (people) -> network; lexicon -> ngram; folder -> verify -> measure -> card. Each is cached and
can be broken off (``steps.py``); what each does is in ``making.py``.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import msgspec

from models.label import CARD_FILE
from models.training.making import Maker, Options, Tools
from models.training.people.readers import corpus_print
from models.training.sound import codec
from models.training.steps import Audience, Step, run_steps

_HERE: Final = Path(__file__).parent
_MODELS: Final = _HERE.parent


def build(options: Options, audience: Audience, tools: Tools | None = None) -> Path:
    """Do all steps that are not done; the finished model's folder (in ``options.work``).

    Without ``tools`` it ends with the step "folder" at the latest. Raises ``BadInput`` for options that do not fit,
    ``ModelFault`` when the model is not what was trained.
    """
    maker = Maker(options, tools)
    steps = steps_of(options, maker)
    names = [step.name for step in steps]
    stop = options.stop_after
    if tools is None and stop in ("", *names[names.index("folder") :]):
        stop = "folder"
    run_steps(steps, options.work, audience, stop_after=stop)
    if stop in ("", "card"):
        shutil.copyfile(options.work / "card" / CARD_FILE, maker.model / CARD_FILE)
    return maker.model


def steps_of(options: Options, maker: Maker) -> list[Step]:
    """In order."""
    plan, text, korean, kaldi = options.plan, _HERE / "text", _MODELS / "korean", _MODELS / "kaldi"
    sound = (*(_HERE / name for name in ("sound", "speaking.py", "speech.py", "shards.py")), kaldi / "phones.py")
    learning = tuple(_HERE / name for name in ("net.py", "train.py", "batches.py", "one_cycle.py"))
    recipe = msgspec.to_builtins(plan.recipe)
    given = options.network
    speak = [
        Step(
            name="sentences",
            says=f"write {plan.sentences:,} sentences to be spoken",
            seconds=2 + plan.sentences / 4000,
            work=maker.sentences,
            options={"count": plan.sentences, "seed": plan.recipe.seed},
            sources=(text, korean),
        ),
        Step(
            name="speech",
            says=f"speak {plan.hours:g} h over telephone channels, in {plan.jobs} processes",
            seconds=plan.speech_s,
            work=maker.speech,
            needs=("sentences",),
            options={"codecs": sorted(codec.mobile())},
            sources=sound,
        ),
    ]
    learn = Step(
        name="network",
        says=f"train a network of width {plan.recipe.shape.width} for {plan.recipe.epochs:g} epochs",
        seconds=plan.network_s,
        work=maker.network,
        needs=tuple(step.name for step in speak),
        options={"recipe": recipe},
        sources=learning,
    )
    if given is not None:
        speak = []
        learn = Step(
            name="network", says=f"take the network {given}", seconds=0, work=maker.given_network, sources=(given,)
        )
    elif options.people is not None:
        speak.append(
            Step(
                name="people",
                says=f"read the recordings in {options.people}",
                seconds=600,
                work=maker.people,
                needs=("speech",),
                options={"recordings": corpus_print(options.people)},
                sources=(_HERE / "people",),
            )
        )
        learn = msgspec.structs.replace(learn, needs=tuple(step.name for step in speak))
    return [
        *speak,
        learn,
        Step(
            name="lexicon",
            says="pronounce every word",
            seconds=15 if plan.smoke else 30,
            work=maker.lexicon,
            options={"sentences": plan.lm_sentences, "seed": plan.recipe.seed} if plan.smoke else {},
            sources=(text, korean),
        ),
        Step(
            name="ngram",
            says=f"count the words of {plan.lm_sentences:,} sentences",
            seconds=plan.ngram_s,
            work=maker.ngram,
            needs=("lexicon",),
            options={"count": plan.lm_sentences, "seed": plan.recipe.seed},
            sources=(kaldi,),
        ),
        Step(
            name="folder",
            says="put the model's folder together",
            seconds=15,
            work=maker.folder,
            needs=("network", "lexicon", "ngram"),
            options={"name": options.name},
            sources=(kaldi,),
        ),
        Step(
            name="verify",
            says="compare libvosk's scores with ours",
            seconds=5,
            work=maker.verify,
            needs=("folder",),
            sources=(_HERE / "verify.py",),
        ),
        Step(
            name="measure",
            says="decode test sentences",
            seconds=10 if plan.smoke else 90,
            work=maker.measure,
            needs=("folder",),
            options={"quickly": plan.smoke},
        ),
        Step(
            name="card",
            says="write the model card and the label",
            seconds=1,
            work=maker.card,
            needs=("verify", "measure"),
            sources=(_HERE / "card.py",),
        ),
    ]
