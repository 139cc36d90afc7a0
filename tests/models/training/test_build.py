"""The steps of a build: what makes which of them anew, and whose shards the network hears."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

pytest.importorskip("jax", reason="what training needs is not installed: pip install 'minwon[training]'")

from models.training.build import steps_of
from models.training.making import Maker, Options
from models.training.plan import planned
from models.training.sound import codec
from models.training.steps import fingerprint


@pytest.fixture
def options(tmp_path: Path) -> Options:
    """A smoke build with a recording."""
    people = tmp_path / "people"
    people.mkdir()
    (people / "a.wav").write_bytes(b"RIFF")
    (people / "a.txt").write_text("네", encoding="utf-8")
    plan = planned(cores=2, smoke=True)
    return Options(name="ko-x", work=tmp_path / "work", plan=plan, people=people)


def prints(options: Options) -> dict[str, str]:
    """Fingerprints by step."""
    found: dict[str, str] = {}
    for step in steps_of(options, Maker(options, None)):
        found[step.name] = fingerprint(step, found)
    return found


def changed(one: Options, other: Options) -> set[str]:
    """Steps of both that are not the same."""
    before, after = prints(one), prints(other)
    return {name for name in before.keys() & after.keys() if before[name] != after[name]}


def test_what_is_made_anew(options: Options) -> None:
    """Another seed: all. Another width: from the network on. Another name: the folder. No people: the network."""
    behind = {"folder", "verify", "measure", "card"}
    seed = msgspec.structs.replace(options, plan=planned(cores=2, smoke=True, seed=2))
    width = msgspec.structs.replace(options, plan=planned(cores=2, smoke=True, width=64))
    assert changed(options, options) == set()
    assert changed(options, seed) == set(prints(options))
    assert changed(options, width) == {"network", *behind}
    assert changed(options, msgspec.structs.replace(options, name="ko-y")) == behind
    assert changed(options, msgspec.structs.replace(options, people=None)) == {"network", *behind}


def test_other_recordings(options: Options) -> None:
    """One that comes makes the network anew, but no synthetic speech."""
    before = prints(options)
    assert options.people is not None
    for name, data in (("b.wav", b"RIFF"), ("b.txt", "아니요".encode())):
        (options.people / name).write_bytes(data)
    after = prints(options)
    assert {name for name in after if before[name] != after[name]} >= {"people", "network"}
    assert before["speech"] == after["speech"]


def test_other_codecs(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mobile codec that is installed later is to be heard: the speech is made anew, no sentence."""
    before = prints(options)
    monkeypatch.setattr(codec, "mobile", dict)
    without = prints(options)
    monkeypatch.setattr(codec, "mobile", lambda: {"gsm": codec.gsm})
    after = prints(options)
    assert before["sentences"] == without["sentences"] == after["sentences"]
    assert without["speech"] != after["speech"] and without["network"] != after["network"]


def test_whose_shards_are_heard(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    """People's of an earlier build in the same folder only when this one asks for them."""
    heard: list[str] = []

    def train(shards: list[Path], *_: object) -> None:
        heard.extend(path.parent.name for path in shards)
        raise InterruptedError

    monkeypatch.setattr("models.training.making.train", train)
    for step in ("speech", "people", "network"):
        (options.work / step).mkdir(parents=True)
        (options.work / step / "000.npz").touch()
    for people in (options.people, None):
        asked = msgspec.structs.replace(options, people=people)
        with pytest.raises(InterruptedError):
            Maker(asked, None).network(options.work / "network", lambda share: None)
    assert heard == ["speech", "people", "speech"]
