"""The whole way on a handful of sentences that four synthetic 'people' say: recordings, network, folder, verdict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from core.errors import Refused
from core.spoken import write_wav
from models.kaldi.folder import write_folder
from models.kaldi.ngram import estimated
from models.korean.lexicon import lexicon
from models.training.steps import Remembered, Step
from tests.stt.spoken import say

pytest.importorskip("jax", reason="minwon[training] is not installed")
import jax

from models.training import net, speech
from models.training.people import feed, finetune, tune
from models.training.people.options import Options, Tools, kept

SENTENCES = ("여보세요", "가로등이 고장 났어요", "담당 부서 연결해 주세요")
PEOPLE = {"a": "m1", "b": "f1", "c": "m3", "d": "f2"}


class Silent:
    """An ``Audience`` that remembers which steps were done."""

    def __init__(self) -> None:
        self.done: list[tuple[str, bool]] = []

    def begin(self, step: Step) -> None:
        """Nothing."""

    def tell(self, share: float) -> None:
        """Within bounds."""
        assert 0 <= share <= 1.0001

    def end(self, step: Step, memory: Remembered, *, cached: bool) -> None:
        """Remember."""
        self.done.append((step.name, cached))


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Options:
    """Four people, three sentences each; a base of almost no network; one program to compile a phase."""
    monkeypatch.setattr(feed, "ROWS", (150,))
    for person, variant in PEOPLE.items():
        for at, text in enumerate(SENTENCES):
            path = tmp_path / f"corpus/{person}/{at}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_wav(path, (12_000 * say(text, f"ko+{variant}")).astype(np.int16))
            path.with_suffix(".txt").write_text(text, encoding="utf-8")
    spoken = speech.speak(SENTENCES * 4, tmp_path / "speech", seed=3, jobs=1)
    base = tmp_path / "base"
    shape = net.Shape(width=16, dilations=(1, 2))
    network = net.init(jax.random.key(0), shape, 0.0, 20.0)
    words = lexicon([word for text in SENTENCES for word in text.split()])
    ngram = estimated(SENTENCES, words)
    write_folder(base, layers=net.layers(*network, shape), lexicon=words, ngram=ngram)
    net.save(base / "source/network.npz", shape, *network)
    assert len(spoken) == 1
    return Options(
        speech=tmp_path / "corpus",
        base=base,
        name="tuned",
        work=tmp_path / "work",
        copies=2,
        recipe=finetune.Recipe(steps=6, frames=600, times=1, checkpoint_every=2),
        jobs=1,
        synthetic=tmp_path / "speech",
        checks=(tmp_path / "corpus",),
    )


@pytest.mark.slow
def test_tune(options: Options) -> None:
    """A model that is better is written with its card and normalisation; all is cached; a worse one is refused."""
    better = True

    def decode(folder: Path, clips: Sequence[bytes], grammar: Sequence[str]) -> list[str]:
        assert all(len(clip) > 8000 for clip in clips)
        return list((SENTENCES * 20)[: len(clips)]) if (folder.name != "base") == better else [""] * len(clips)

    audience = Silent()
    model = tune.tune(options, audience, Tools(decode=decode, synthetic=lambda folder: 1.0))
    assert model is not None
    assert [name for name, _ in audience.done] == ["read", "align", "copies", "network", "folder", "measure", "card"]
    assert (model / "am/global_cmvn.stats").stat().st_size > 300
    card = (model / "CARD.md").read_text(encoding="utf-8")
    assert "| people held out | 100.0 % |" in card and "the right sentence of its own list" in card
    assert "1 of 4 speakers are held out" in (options.work / "read/report.txt").read_text(encoding="utf-8")
    shape, _, _ = net.load(model / "source/network.npz")
    assert shape.width == 16
    again = Silent()
    assert kept(options.work) == options
    tune.tune(options, again, Tools(decode=decode, synthetic=lambda folder: 1.0))
    assert all(cached for _, cached in again.done)
    better = False
    unchecked = msgspec.structs.replace(options, checks=())  # measured anew
    with pytest.raises(Refused, match="heard no better"):
        tune.tune(unchecked, Silent(), Tools(decode=decode, synthetic=lambda folder: 1.0))
