"""What a tuning was asked for: kept so that it goes on from anywhere, looked at before hours of work."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from core.errors import BadInput

pytest.importorskip("jax", reason="minwon[training] is not installed")

from models.training.people import copies, finetune, tune
from models.training.people.making import Maker
from models.training.people.options import Options, Tools, check_there, keep, kept
from models.training.steps import Step

OPTIONS = Options(
    speech=Path("calls"),
    base=Path("base"),
    name="tuned",
    work=Path("work"),
    copies=2,
    recipe=finetune.Recipe(),
    jobs=1,
    text=Path("../faq.csv"),
    checks=(Path("desk"), Path("/data/hall")),
    synthetic=Path("speech"),
)


def steps(options: Options) -> dict[str, Step]:
    """By name."""
    maker = Maker(options, Tools(decode=lambda *_: [], synthetic=lambda _: 0.0))
    return {step.name: step for step in tune.steps(options, maker)}


def test_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept paths are absolute; what steps depend on stays the same."""
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    monkeypatch.chdir(here)
    begun = keep(OPTIONS)
    monkeypatch.chdir(elsewhere)
    found = kept(here / "work")
    assert found == begun == keep(found)
    assert (found.speech, found.base, found.work) == (here / "calls", here / "base", here / "work")
    assert (found.text, found.synthetic) == (tmp_path / "faq.csv", here / "speech")
    assert found.checks == (here / "desk", Path("/data/hall"))
    bare = msgspec.structs.replace(begun, text=None, synthetic=None, checks=())
    assert keep(bare) == kept(here / "work") == bare


def test_voices_are_their_owners_alone(tmp_path: Path) -> None:
    """A folder that was there before keeps its rights: somebody chose them."""
    keep(msgspec.structs.replace(OPTIONS, work=tmp_path / "new"))
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    (tmp_path / "old").mkdir()
    (tmp_path / "old").chmod(0o750)
    keep(msgspec.structs.replace(OPTIONS, work=tmp_path / "old"))
    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o750


def test_what_is_not_there(tmp_path: Path) -> None:
    """One line that names it; figures go by a folder's name."""
    text, one, other = tmp_path / "faq.csv", tmp_path / "2024/calls", tmp_path / "2025/calls"
    one.mkdir(parents=True)
    with pytest.raises(BadInput, match=r"no file .*faq\.csv, which --text names: bring it there"):
        check_there(text, ())
    text.touch()
    with pytest.raises(BadInput, match=r"no folder .*2025/calls, which --check names: bring it there"):
        check_there(text, (one, other))
    other.mkdir(parents=True)
    with pytest.raises(BadInput, match="2 folders that --check names are called calls: rename them"):
        check_there(text, (one, other))
    with pytest.raises(BadInput, match=r"no folder .*speech, which --synthetic names"):
        check_there(None, (), tmp_path / "speech")
    check_there(text, (one,), tmp_path)
    with pytest.raises(BadInput, match="work/speech holds no shards of synthetic speech"):
        steps(msgspec.structs.replace(OPTIONS, synthetic=None))["network"].work(tmp_path, lambda share: None)


def test_a_change_of_code_makes_its_step_anew() -> None:
    """Copies and the network are made by files that their steps name."""
    sources = {name: set(step.sources) for name, step in steps(OPTIONS).items()}
    assert Path(copies.__file__) in sources["copies"]
    assert Path(finetune.__file__) in sources["network"]
    assert all(source.exists() for files in (sources["copies"], sources["network"]) for source in files)
