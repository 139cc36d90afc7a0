"""The shelf finds models, and says what is wrong with those that can't be used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.errors import ModelFault
from models import shelf, vosk_files
from models.label import Label, read_label, written


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the bundled model, to be broken."""
    return Path(shutil.copytree(shelf.find().path, tmp_path / "ko-copy"))


def test_the_bundled_model_is_complete_and_labelled() -> None:
    """What comes with the product, and that it says what it is not."""
    info = shelf.find()
    assert info.name == shelf.BUNDLED
    assert info.language == "ko"
    assert info.rate == 8000
    assert 20_000_000 < info.size < 40_000_000
    assert "does not understand people" in info.label
    assert info.path.is_absolute()


def test_by_name_by_path_and_from_another_shelf(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All three ways to name one."""
    assert shelf.find("ko-hanbit") == shelf.find("")
    assert shelf.find(str(copy)).path == copy
    assert shelf.find("ko-copy", shelves=[copy.parent]).path == copy
    monkeypatch.chdir(copy.parent)
    assert shelf.find("./ko-copy").path == copy


def test_a_model_without_a_label(copy: Path) -> None:
    """Somebody else's: nothing is known of it but its files and rate."""
    (copy / "label.toml").unlink()
    info = shelf.find(str(copy))
    assert (info.language, info.label) == ("", "")
    (copy / "conf/mfcc.conf").write_text("--use-energy=false\n", encoding="utf-8")
    assert shelf.find(str(copy)).rate == 16000


def test_a_static_graph_will_do(copy: Path) -> None:
    """HCLG.fst instead of the two that compose."""
    (copy / "graph/HCLr.fst").rename(copy / "graph/HCLG.fst")
    (copy / "label.toml").unlink()
    assert shelf.find(str(copy)).rate == 8000


@pytest.mark.parametrize(
    "name",
    ["am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int"],
)
def test_missing_and_empty_files_are_named(copy: Path, name: str) -> None:
    """Before Kaldi aborts on them."""
    (copy / name).write_bytes(b"")
    with pytest.raises(ModelFault, match=f"{name} is empty"):
        shelf.find(str(copy))
    (copy / name).unlink()
    with pytest.raises(ModelFault, match=f"{name} is missing"):
        shelf.find(str(copy))


def test_a_file_of_another_size_than_shipped(copy: Path) -> None:
    """Cut off while it was copied."""
    network = copy / "am/final.mdl"
    size = network.stat().st_size
    network.write_bytes(network.read_bytes()[:-1])
    with pytest.raises(ModelFault, match=rf"broken: am/final\.mdl has {size - 1} bytes, not {size}"):
        shelf.find(str(copy))


def test_what_is_not_there(tmp_path: Path) -> None:
    """The names that would have been right are told."""
    with pytest.raises(ModelFault, match=r"no speech model 'ko-large'.*ko-hanbit"):
        shelf.find("ko-large")
    with pytest.raises(ModelFault, match="no speech model"):
        shelf.find(str(tmp_path / "nothing"))


def test_what_is_no_model(tmp_path: Path, copy: Path) -> None:
    """A file, an empty folder, the folder above, a label or a setting that is rubbish."""
    (tmp_path / "model.zip").write_bytes(b"PK")
    with pytest.raises(ModelFault, match="not a folder"):
        shelf.find(str(tmp_path / "model.zip"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelFault, match="holds no speech model"):
        shelf.find(str(tmp_path / "empty"))
    with pytest.raises(ModelFault, match="one folder deeper"):
        shelf.find(str(copy.parent))
    (copy / "conf/mfcc.conf").write_text("--sample-frequency=4000\n", encoding="utf-8")
    with pytest.raises(ModelFault, match="4000"):
        shelf.find(str(copy))
    (copy / "conf/mfcc.conf").write_bytes(b"\xff\xfe\0")
    with pytest.raises(ModelFault, match="not text"):
        shelf.find(str(copy))
    (copy / "label.toml").write_text("nonsense = 1", encoding="utf-8")
    with pytest.raises(ModelFault, match=r"label\.toml"):
        shelf.find(str(copy))


def test_the_home_shelf_is_first_and_hidden_folders_are_none(copy: Path) -> None:
    """What is on its way, or was meant to be a model, and what is used of them."""
    home = copy.parent
    (home / ".incoming/ko-new/am").mkdir(parents=True)
    (home / "half/am").mkdir(parents=True)
    copy.rename(home / "ko-hanbit")
    assert [folder.name for folder in shelf.folders(shelves=[home])][:2] == ["half", "ko-hanbit"]
    assert shelf.installed(shelves=[home])[0].path == home / "ko-hanbit"
    assert shelf.find("ko-hanbit", shelves=[home]).path == home / "ko-hanbit"
    assert "half" not in [info.name for info in shelf.installed(shelves=[home])]
    assert shelf.folders(shelves=[home / "nothing"]) == shelf.folders()


def test_what_can_be_fetched_but_is_not_here() -> None:
    """The command is told."""
    with pytest.raises(ModelFault, match=r"run: minwon models fetch vosk-model-small-en-us-0\.15"):
        shelf.find("vosk-model-small-en-us-0.15")


def test_a_model_that_the_catalogue_knows(copy: Path) -> None:
    """Its language and what is known of it are told, though there is no label in its folder."""
    (copy / "label.toml").unlink()
    info = shelf.find(str(copy.rename(copy.parent / "vosk-model-small-vn-0.4")))
    assert info.language == "vi"
    assert info.label.startswith("Vietnamese")


def test_the_flat_layout_of_old_models(copy: Path) -> None:
    """libvosk knows it too."""
    flat = copy.parent / "flat"
    flat.mkdir()
    for name in ("am/final.mdl", "conf/mfcc.conf", "graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int"):
        (copy / name).rename(flat / Path(name).name)
    assert shelf.find(str(flat)).rate == 8000
    assert vosk_files.takes_grammars(flat)


def test_ivectors_are_all_there_or_none(copy: Path) -> None:
    """Kaldi dies of half of them."""
    (copy / "ivector").mkdir()
    (copy / "ivector/final.ie").write_bytes(b"1")
    with pytest.raises(ModelFault, match=r"ivector/online_cmvn\.conf is missing"):
        shelf.find(str(copy))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<!DOCTYPE html><html>404", "is no Kaldi acoustic model"),
        (b"\0B<TransitionModel> <Topology> </Topology> <DIMENSION> <DiagGMM> ", "is a GMM model of Kaldi"),
        (b"\0B<TransitionModel> <Topology> </Topology> <Nnet> <NumComponents> ", "is a nnet2 model of Kaldi"),
    ],
)
def test_a_network_of_another_kind(copy: Path, content: bytes, says: str) -> None:
    """Vosk runs nnet3."""
    (copy / "label.toml").unlink()
    (copy / "am/final.mdl").write_bytes(content)
    with pytest.raises(ModelFault, match=says):
        shelf.find(str(copy))


def test_a_graph_that_is_none(copy: Path) -> None:
    """A page of a proxy under the name of a graph."""
    (copy / "label.toml").unlink()
    (copy / "graph/Gr.fst").write_text("<html>")
    with pytest.raises(ModelFault, match=r"graph/Gr\.fst is no OpenFst graph"):
        shelf.find(str(copy))


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("ggml-base.bin", "whisper.cpp"),
        ("model.safetensors", "Hugging Face"),
        ("model.bin", "faster-whisper"),
        ("final.ext.raw", "knows speakers"),
    ],
)
def test_a_model_of_another_engine(tmp_path: Path, file: str, says: str) -> None:
    """It is told what it is."""
    (tmp_path / file).write_bytes(b"1")
    with pytest.raises(ModelFault, match=says):
        shelf.find(str(tmp_path))


def test_a_shelf_that_may_not_be_read(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may not, is told so."""

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(vosk_files, "check", refused)
    with pytest.raises(ModelFault, match=r"can't be read \(Permission denied\)"):
        shelf.find(str(copy))


def test_a_label_is_written_as_it_is_read(tmp_path: Path) -> None:
    """Quotes and all."""
    label = Label(language="ko", label='so "good"', engine="sherpa", kind="whisper", sizes={"a b/c.onnx": 3})
    (tmp_path / "label.toml").write_text(written(label))
    assert read_label(tmp_path) == label
