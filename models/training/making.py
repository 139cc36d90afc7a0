"""What each step of a build does, in its own folder, with what earlier steps left in theirs."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from core.errors import ModelFault
from models.kaldi.folder import write_acoustics, write_graphs, write_source
from models.kaldi.fst import const_bytes, read_fst
from models.kaldi.lexicon import ordered, read_lexicon, write_lexicon
from models.kaldi.lookahead import word_graph
from models.kaldi.ngram import estimated
from models.kaldi.ngram_fst import to_fst
from models.label import CARD_FILE, LABEL_FILE, Label, sizes_of, written
from models.training import net, speaking, speech
from models.training.card import Build, Figures, Measure, card, label_sentence
from models.training.people.folder import NETWORK
from models.training.plan import Plan
from models.training.sound import codec
from models.training.steps import Tell, remembered
from models.training.text import classes, full_lexicon, lm_sentences, training_sentences, vocabulary
from models.training.train import Progress, Trained, train
from models.training.verify import Scored, verify

LARGEST: Final = 30_000_000
"""Bytes of a model that ships with the product."""
_NO_SPEECH_EVERY: Final = 20
"""One clip in so many holds no speech."""
_VERIFIED: Final = ("가로등이 고장 났어요", "담당 부서 연결해 주세요", "네")
_STEPS: Final = ("network", "lexicon", "ngram", "folder", "verify", "measure")
"""What every build does before its card is written."""


class Tools(msgspec.Struct, frozen=True, kw_only=True):
    """What a build needs of the rooms above it; without them it stops after the step before."""

    scored: Scored
    measure: Measure


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the command was asked for."""

    name: str
    """Of the model."""
    work: Path
    """Where steps keep what they made."""
    plan: Plan
    stop_after: str = ""
    network: Path | None = None
    """A trained network (.npz) instead of training one."""
    people: Path | None = None
    """A folder of real people's recordings to learn from as well."""


class Maker:
    """The steps' work (``steps.Work``)."""

    def __init__(self, options: Options, tools: Tools | None) -> None:
        self._options = options
        self._plan = options.plan
        self._work = options.work
        self._tools = tools

    @property
    def model(self) -> Path:
        """The model's folder."""
        return self._work / "folder" / self._options.name

    def sentences(self, folder: Path, tell: Tell) -> str:
        texts = training_sentences(self._plan.sentences, self._plan.recipe.seed)
        for at in range(_NO_SPEECH_EVERY - 1, len(texts), _NO_SPEECH_EVERY):
            texts[at] = ""
        (folder / "sentences.txt").write_text("\n".join(texts), encoding="utf-8")
        return f"{len(texts):,} sentences"

    def speech(self, folder: Path, tell: Tell) -> str:
        texts = (self._work / "sentences/sentences.txt").read_text(encoding="utf-8").split("\n")
        paths = speech.speak(texts, folder, seed=self._plan.recipe.seed, jobs=self._plan.jobs, tell=tell)
        without = f"; without mobile codecs: apt-get install {' '.join(codec.missing())}" if codec.missing() else ""
        return f"{len(paths)} shards, {sum(path.stat().st_size for path in paths) / 1e6:.0f} MB{without}"

    def people(self, folder: Path, tell: Tell) -> str:
        from models.training.people.mixed import prepare

        assert self._options.people is not None
        paths = prepare(self._options.people, folder, self._shards("speech"), tell, self._plan.jobs)
        return f"{len(paths)} shards"

    def network(self, folder: Path, tell: Tell) -> str:
        def show(progress: Progress) -> None:
            tell(progress.step / progress.steps)

        shards = [path for step in self._heard for path in self._shards(step)]
        trained = train(shards, folder / "network.npz", self._plan.recipe, show)
        (folder / "network.json").write_bytes(msgspec.json.encode(trained))
        return f"{trained.steps:,} steps, {100 * trained.accuracy:.1f} % of held-back frames right"

    def given_network(self, folder: Path, tell: Tell) -> str:
        given = self._options.network
        assert given is not None
        shape, _, _ = net.load(given)
        shutil.copyfile(given, folder / "network.npz")
        if given.with_suffix(".json").exists():
            shutil.copyfile(given.with_suffix(".json"), folder / "network.json")
        return f"width {shape.width}"

    def lexicon(self, folder: Path, tell: Tell) -> str:
        lexicon = full_lexicon(self._words())
        write_lexicon(folder / "lexicon.tsv.xz", lexicon)
        return f"{len(lexicon):,} words, {sum(len(ways) for ways in lexicon.values()):,} pronunciations"

    def _words(self) -> Iterable[str]:
        """All, or of a smoke build those that its language model counts."""
        if not self._plan.smoke:
            return vocabulary()
        return (word for sentence in self._lm_sentences() for word in sentence.split())

    def _lm_sentences(self) -> Iterator[str]:
        return lm_sentences(self._plan.lm_sentences, self._plan.recipe.seed + 1)

    def ngram(self, folder: Path, tell: Tell) -> str:
        lexicon = read_lexicon(self._work / "lexicon/lexicon.tsv.xz")
        numbered, _ = ordered(lexicon)
        grammar = to_fst(estimated(self._lm_sentences(), lexicon), numbered)
        (folder / "Gr.fst").write_bytes(const_bytes(grammar))
        return f"{len(grammar.arcs):,} n-grams"

    def folder(self, folder: Path, tell: Tell) -> str:
        target = folder / self._options.name
        shutil.rmtree(target, ignore_errors=True)
        shape, params, state = net.load(self._work / "network/network.npz")
        lexicon = read_lexicon(self._work / "lexicon/lexicon.tsv.xz")
        numbered, entries = ordered(lexicon)
        write_acoustics(target, net.layers(params, state, shape))
        tell(0.2)
        grammar = read_fst((self._work / "ngram/Gr.fst").read_bytes())
        write_graphs(target, numbered, word_graph(numbered, entries), grammar)
        tell(0.8)
        write_source(target, lexicon, classes())
        net.save(target / NETWORK, shape, params, state, np.float16)
        label = Label(language="ko", label=label_sentence(self._plan.smoke), sizes=sizes_of(target))
        (target / LABEL_FILE).write_text(written(label), encoding="utf-8")
        size = sum(label.sizes.values())
        if size > LARGEST:
            raise ModelFault(
                f"the model takes {size / 1e6:.1f} MB, more than {LARGEST / 1e6:.0f}: give it fewer n-grams"
            )
        return f"{size / 1e6:.1f} MB"

    def verify(self, folder: Path, tell: Tell) -> str:
        assert self._tools is not None
        network = net.load(self._work / "network/network.npz")
        clips = [speaking.clip(text, self._plan.recipe.seed, at).samples for at, text in enumerate(_VERIFIED)]
        checks = verify(*network, clips, folder / "phones", self._tools.scored)
        shutil.rmtree(folder / "phones")
        return "; ".join(f"{check.ours:.3f} = {check.theirs:.3f}" for check in checks)

    def measure(self, folder: Path, tell: Tell) -> str:
        assert self._tools is not None
        figures = self._tools.measure(self.model, self._plan.smoke)
        (folder / "figures.json").write_bytes(msgspec.json.encode(figures))
        return figures.rows[0].value if figures.rows else "nothing measured"

    def card(self, folder: Path, tell: Tell) -> str:
        made = Build(
            name=self._options.name,
            plan=self._plan.what,
            trained=_trained(self._work / "network/network.json"),
            words=len(read_lexicon(self._work / "lexicon/lexicon.tsv.xz")),
            held_out=self._plan.recipe.hold_out_voices,
            smoke=self._plan.smoke,
            steps=self._story(),
        )
        figures = msgspec.json.decode((self._work / "measure/figures.json").read_bytes(), type=Figures)
        (folder / CARD_FILE).write_text(card(made, figures, sizes_of(self.model)), encoding="utf-8")
        return str(folder / CARD_FILE)

    @property
    def _heard(self) -> tuple[str, ...]:
        """Steps whose shards the network learns from; what other builds left in the same folder is not looked at."""
        if self._options.network is not None:
            return ()
        return ("speech", "people") if self._options.people is not None else ("speech",)

    def _story(self) -> tuple[str, ...]:
        """A line for each step that was done."""
        steps = (*(("sentences", *self._heard) if self._heard else ()), *_STEPS)
        memories = ((name, remembered(self._work / name)) for name in steps)
        return tuple(
            f"{name}: {memory.result} ({memory.seconds:.0f} s)" for name, memory in memories if memory is not None
        )

    def _shards(self, step: str) -> list[Path]:
        return sorted((self._work / step).glob("*.npz"))


def _trained(path: Path) -> Trained:
    if not path.exists():
        return Trained(steps=0, hours=0.0, accuracy=0.0)
    return msgspec.json.decode(path.read_bytes(), type=Trained)
