"""What each step of a tuning does, in its own folder, with what earlier steps left in theirs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import msgspec

from core.errors import BadInput, Refused
from models.label import CARD_FILE
from models.training import speech as speaking
from models.training.people import align, copies, finetune, folder, measuring, mixed, pack, readers, wording
from models.training.people.card import card
from models.training.people.clean import Report
from models.training.people.measuring import Figures, Sayings
from models.training.people.options import Options, Tools
from models.training.people.split import Split
from models.training.steps import Tell
from models.training.text import training_sentences

_SEED: Final = 31
_BASE: Final = "base.npz"
_HELD: Final = "people held out"
_REPORT: Final = "report.json"
"""Of the recordings that are learnt from, after the step ``align``."""
_MEASURED: Final = "figures.json"
NO_ONE: Final = Split(speakers=frozenset(), of=0, clips=0)


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What the step ``measure`` leaves."""

    before: Figures
    after: Figures
    right: dict[str, float]
    """Set -> percent of sentences right out of its own list."""


class Maker:
    """The steps' work (``steps.Work``)."""

    def __init__(self, options: Options, tools: Tools) -> None:
        self._options = options
        self._tools = tools
        self._work = options.work

    @property
    def model(self) -> Path:
        """The tuned model's folder."""
        return self._work / "folder" / self._options.name

    def take_base(self) -> None:
        """The network that is tuned, into the work folder: training may go on where the base model is not.

        Raises ``ModelFault`` if the base can't be tuned.
        """
        if not (self._work / _BASE).is_file():
            shutil.copyfile(folder.base_network(self._options.base), self._work / _BASE)

    def read(self, target: Path, tell: Tell) -> str:
        options = self._options
        held = mixed.divided(options.speech)
        clips = readers.clips(options.speech)
        saved = pack.pack(clips, held, target, jobs=options.jobs, share=options.share, tell=tell)
        lines = [*saved.train.lines(), f"held out: {saved.held.kept:,} recordings; {held.said()}"]
        (target / "report.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return "\n".join(lines)

    def speech(self, target: Path, tell: Tell) -> str:
        texts = training_sentences(self._options.sentences, _SEED)
        paths = speaking.speak(texts, target, seed=_SEED, jobs=self._options.jobs, tell=tell)
        return f"{len(paths)} shards"

    def align(self, target: Path, tell: Tell) -> str:
        saved = pack.saved(self._work / "read")
        mixed.aligned(self._packed(), self._synthetic(), target, saved, jobs=self._options.jobs, tell=tell)
        (target / _REPORT).write_bytes(msgspec.json.encode(saved.train))
        return "\n".join(saved.train.lines())

    def copies(self, target: Path, tell: Tell) -> str:
        many = self._options.copies
        paths = copies.make(self._packed(), self._work / "align", target, many, jobs=self._options.jobs, tell=tell)
        return f"{many} copies of each, {sum(path.stat().st_size for path in paths) / 1e6:.0f} MB"

    def network(self, target: Path, tell: Tell) -> str:
        shards = pack.shards(self._work / "copies")
        tuned = finetune.tune(
            self._work / _BASE, shards, self._synthetic(), target / "network.npz", self._options.recipe, tell=tell
        )
        (target / "network.json").write_bytes(msgspec.json.encode(tuned))
        mmi, people, synthetic = tuned.parts
        return (
            f"{tuned.parameters / 1e6:.1f} M parameters, {tuned.steps:,} steps in {tuned.seconds:.0f} s; at the end "
            f"mmi {mmi:.3f}, cross-entropy on people {people:.3f}, on synthetic voices {synthetic:.3f}"
        )

    def folder(self, target: Path, tell: Tell) -> str:
        options = self._options
        text = wording.domain_sentences(options.text) if options.text else []
        network = self._work / "network/network.npz"
        said = folder.write(self.model, options.base, network, self._transcripts(), text, options.mixture)
        return said + (f"; {len(text):,} sentences of the domain's text" if text else "")

    def measure(self, target: Path, tell: Tell) -> str:
        decode, synthetic = self._tools.decode, self._tools.synthetic
        held = measuring.sayings(_HELD, pack.shards(self._work / "read/held"))
        sets = [held, *(self._checked(path, target) for path in self._options.checks)]
        before = measuring.figures(self._options.base, sets, decode, synthetic)
        tell(0.4)
        after = measuring.figures(self.model, sets, decode, synthetic)
        tell(0.8)
        right: dict[str, float] = {}
        for each in (one for one in sets[1:] if one.list):
            closed = target / f"{each.name}-closed"
            folder.write_closed(closed, self.model, each.list)
            right[f"{each.name}, as a run-time grammar"] = measuring.sentences_right(self.model, each, decode)
            right[f"{each.name}, nearest to what a model of the list alone hears"] = measuring.nearest_right(
                closed, each, decode
            )
        found = Measured(before=before, after=after, right=right)
        (target / _MEASURED).write_bytes(msgspec.json.encode(found))
        return "\n".join(measuring.table(before, after, right))

    def card(self, target: Path, tell: Tell) -> str:
        found = msgspec.json.decode((self._work / "measure" / _MEASURED).read_bytes(), type=Measured)
        why = measuring.refusal(found.before, found.after)
        if why:
            raise Refused(f"the tuned model is not installed: {why}; it lies in {self.model}")
        report = msgspec.json.decode((self._work / "align" / _REPORT).read_bytes(), type=Report)
        text = card(self._options, report, measuring.table(found.before, found.after, found.right))
        (target / CARD_FILE).write_text(text, encoding="utf-8")
        return "better than before"

    def _packed(self) -> list[Path]:
        return pack.shards(self._work / "read/train")

    def _synthetic(self) -> list[Path]:
        folder = self._options.synthetic or self._work / "speech"
        found = pack.shards(folder)
        if not found:
            raise BadInput(f"{folder} holds no shards of synthetic speech; --synthetic names those of `train`")
        return found

    def _transcripts(self) -> list[str]:
        limit = align.limit(self._work / "align")
        found = []
        for path in self._packed():
            scores = align.read(self._work / "align" / path.name).scores
            found += [text for text, score in zip(pack.contents(path).texts, scores, strict=True) if score >= limit]
        return found

    def _checked(self, speech: Path, target: Path) -> Sayings:
        packed = target / speech.name
        everybody = msgspec.structs.replace(NO_ONE, clips=sum(1 for _ in readers.clips(speech)))
        pack.pack(readers.clips(speech), everybody, packed, jobs=self._options.jobs, share=1.0, tell=lambda share: None)
        return measuring.sayings(speech.name, [*pack.shards(packed / "train"), *pack.shards(packed / "held")])
