"""The shelf finds models, and says what is wrong with those that can't be used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.errors import ModelFault
from models import shelf


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
    network.write_bytes(network.read_bytes()[:-1])
    with pytest.raises(ModelFault, match=r"broken: am/final\.mdl has 4393251 bytes, not 4393252"):
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
    with pytest.raises(ModelFault, match="is missing"):
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
