"""Models that are brought by hand, and carried on: whole, checked, in one place, or one clear line."""

from __future__ import annotations

import itertools
import os
import tarfile
from pathlib import Path

import pytest

from core.errors import BadInput, ModelFault
from models import shelf as shelves
from models.label import read_label
from models.shelf import ModelInfo
from models.stocking import sums
from models.stocking.bring import bring
from models.stocking.export import export
from models.stocking.telling import Notice, Progress, nobody
from tests.fakes.small_models import VOSK_FILES, below, snapshot, tar_of, write_model, zip_of


def nothing(_: ModelInfo) -> None:
    """No engine could load these."""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A shelf with one model."""
    write_model(tmp_path / "home/models/first")
    return tmp_path / "home/models"


def test_an_archive(shelf: Path, tmp_path: Path) -> None:
    """Under the name of its folder; progress is told."""
    (tmp_path / "some.tar.gz").write_bytes(tar_of(below("vosk-model-small-vn-0.4")))
    told: list[Progress | Notice] = []
    info = bring(tmp_path / "some.tar.gz", shelf, tell=told.append, try_out=nothing)
    assert info.path == shelf / "vosk-model-small-vn-0.4"
    assert info.language == "vi"
    assert {path.name for path in shelf.iterdir()} == {"first", "vosk-model-small-vn-0.4"}
    assert isinstance(told[0], Progress)
    assert told[0].what == "unpacking some.tar.gz"


@pytest.mark.parametrize(
    ("file", "content"),
    [("m.zip", zip_of(VOSK_FILES)), ("m.tar.xz", tar_of(VOSK_FILES, "w:xz")), ("m", tar_of(VOSK_FILES))],
    ids=["zip", "tar.xz", "tar.gz"],
)
def test_an_archive_without_a_folder(shelf: Path, tmp_path: Path, file: str, content: bytes) -> None:
    """Under the name of its file."""
    (tmp_path / file).write_bytes(content)
    assert bring(tmp_path / file, shelf, tell=nobody, try_out=nothing).name == "m"


def test_a_name_and_a_language_that_are_given(shelf: Path, tmp_path: Path) -> None:
    """They stay with it; a label that tells a language is not changed."""
    write_model(tmp_path / "m")
    info = bring(tmp_path / "m", shelf, tell=nobody, try_out=nothing, name="Uzbek-1", language="uz")
    assert (info.name, info.language) == ("Uzbek-1", "uz")
    again = bring(info.path, shelf, tell=nobody, try_out=nothing, name="Uzbek-2", language="kk")
    assert again.language == "uz"
    known = bring(tmp_path / "m", shelf, tell=nobody, try_out=nothing, name="vosk-model-small-vn-0.4", language="kk")
    assert known.language == "vi"
    with pytest.raises(BadInput, match="'Uzbek' is no code of a language"):
        bring(tmp_path / "m", shelf, tell=nobody, try_out=nothing, name="m", language="Uzbek")
    label = read_label(again.path)
    assert label is not None
    assert label.engine == "vosk"


def test_a_folder(shelf: Path, tmp_path: Path) -> None:
    """As it is, or one deeper; links to files are taken for the files."""
    write_model(tmp_path / "unpacked/m")
    network = tmp_path / "unpacked/m/am/final.mdl"
    network.rename(tmp_path / "blob")
    network.symlink_to(tmp_path / "blob")
    info = bring(tmp_path / "unpacked", shelf, tell=nobody, try_out=nothing)
    assert info.name == "m"
    assert not (info.path / "am/final.mdl").is_symlink()
    assert (tmp_path / "unpacked/m").is_dir()


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("m.zip", zip_of(below("m"))[:-9], "m.zip is broken"),
        ("m.zip", b"<html><title>404</title>", r"m\.zip is a web page \(404\), not an archive"),
        ("m.zip", zip_of({"m/conf/mfcc.conf": b"1", "m/graph/Gr.fst": b"1"}), "m holds no speech model"),
        ("m.zip", zip_of({**below("m"), "m/am/final.mdl": b""}), "m is no complete Vosk model: am/final.mdl is empty"),
        ("m.zip", zip_of(below("first")), "first is there already: `minwon models remove first` first"),
        ("m.zip", zip_of({"m/ggml-base.bin": b"1"}), "m is a model of whisper.cpp; minwon runs"),
        ("m.zip", zip_of({"m/tokens.txt": b"a 0", "m/model.onnx": b"<html>"}), "model.onnx"),
    ],
    ids=itertools.count(1),  # an archive knows the time: no name for a test
)
def test_bad_archives(shelf: Path, tmp_path: Path, file: str, content: bytes, says: str) -> None:
    """One line; the shelf is as before."""
    before = snapshot(shelf)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(ModelFault, match=says) as caught:
        bring(tmp_path / file, shelf, tell=nobody, try_out=nothing)
    assert "\n" not in str(caught.value)
    assert ".arriving" not in str(caught.value)
    assert snapshot(shelf) == before


def test_bad_folders_and_names(shelf: Path, tmp_path: Path) -> None:
    """One line; the shelf is as before."""
    before = snapshot(shelf)
    with pytest.raises(BadInput, match="is not there"):
        bring(tmp_path / "nothing", shelf, tell=nobody, try_out=nothing)
    with pytest.raises(BadInput, match="holds the shelf itself"):
        bring(tmp_path, shelf, tell=nobody, try_out=nothing)
    write_model(tmp_path / "모델")
    with pytest.raises(BadInput, match=r"'모델' is no name for a model.*use --name"):
        bring(tmp_path / "모델", shelf, tell=nobody, try_out=nothing)
    with pytest.raises(BadInput, match="is no name for a model"):
        bring(tmp_path / "모델", shelf, tell=nobody, try_out=nothing, name="../m")
    os.mkfifo(tmp_path / "모델/pipe")
    with pytest.raises(ModelFault, match="pipe is no plain file"):
        bring(tmp_path / "모델", shelf, tell=nobody, try_out=nothing, name="m")
    (tmp_path / "모델/pipe").unlink()
    (tmp_path / "모델/loop").symlink_to(tmp_path / "모델")
    with pytest.raises(ModelFault, match="loop is no plain file"):
        bring(tmp_path / "모델", shelf, tell=nobody, try_out=nothing, name="m")
    (tmp_path / "모델/loop").unlink()
    (tmp_path / "모델/gone").symlink_to(tmp_path / "gone")
    with pytest.raises(ModelFault, match="gone: No such file"):
        bring(tmp_path / "모델", shelf, tell=nobody, try_out=nothing, name="m")
    assert snapshot(shelf) == before


@pytest.mark.parametrize("file", ["first.tar.xz", "first.tar.gz", "first.tar.bz2", "first.zip"])
def test_a_model_is_carried(shelf: Path, tmp_path: Path, file: str) -> None:
    """To another shelf, with its checksums, which sha256sum(1) understands; nothing else is left behind."""
    export(shelves.find(str(shelf / "first")), tmp_path / file, tell=nobody)
    assert {path.name for path in tmp_path.iterdir()} == {"home", file}
    info = bring(tmp_path / file, tmp_path / "elsewhere", tell=nobody, try_out=nothing)
    assert {**snapshot(info.path), sums.FILE: None} == {**snapshot(shelf / "first"), sums.FILE: None}
    assert sums.check(info.path)
    told = bring(tmp_path / file, tmp_path / "elsewhere", tell=nobody, try_out=nothing, name="second", language="vi")
    assert (told.language, sums.check(told.path)) == ("vi", True)
    assert not sums.check(shelf / "first")


def test_a_carried_model_that_has_changed(shelf: Path, tmp_path: Path) -> None:
    """On the way, or on the shelf."""
    export(shelves.find(str(shelf / "first")), tmp_path / "first.tar.gz", tell=nobody)
    with tarfile.open(tmp_path / "first.tar.gz") as tar:
        files = {info.name: tar.extractfile(info).read() for info in tar}  # type: ignore[union-attr]
    for change, says in (
        ({"first/conf/model.conf": b"--max-active=1"}, r"first is not as it was packed: conf/model\.conf has changed"),
        ({"first/SHA256SUMS": b"rubbish"}, "a line that is no checksum: 'rubbish'"),
        ({"first/SHA256SUMS": b"0" * 64 + b"  ../../x\n"}, "names a file outside of it"),
        ({"first/SHA256SUMS": b"0" * 64 + b"  am/x\n"}, "am/x is missing"),
        ({"first/SHA256SUMS": b"\xff"}, "is not text"),
    ):
        (tmp_path / "changed.zip").write_bytes(zip_of({**files, **change}))
        with pytest.raises(ModelFault, match=says):
            bring(tmp_path / "changed.zip", tmp_path / "elsewhere", tell=nobody, try_out=nothing)
    assert snapshot(tmp_path / "elsewhere") == {}


def test_where_it_can_not_be_written_to(shelf: Path, tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    model = shelves.find(str(shelf / "first"))
    (tmp_path / "first.zip").write_bytes(b"mine")
    with pytest.raises(BadInput, match="is there already"):
        export(model, tmp_path / "first.zip", tell=nobody)
    with pytest.raises(BadInput, match=r"must end in \.tar\.xz"):
        export(model, tmp_path / "first.rar", tell=nobody)
    with pytest.raises(BadInput, match="there is no folder"):
        export(model, tmp_path / "first.zip/below.zip", tell=nobody)
    assert (tmp_path / "first.zip").read_bytes() == b"mine"


def test_a_model_that_no_engine_can_run(shelf: Path, tmp_path: Path) -> None:
    """It is tried out before it is put there, whole, under its name."""
    before = snapshot(shelf)
    write_model(tmp_path / "m")

    def dies(info: ModelInfo) -> None:
        assert snapshot(info.path) == snapshot(tmp_path / "m")
        raise ModelFault(f"libvosk aborted while loading {info.path}")

    with pytest.raises(ModelFault, match=r"^libvosk aborted while loading m$"):
        bring(tmp_path / "m", shelf, tell=nobody, try_out=dies)
    assert snapshot(shelf) == before


def test_two_bring_the_same(shelf: Path, tmp_path: Path) -> None:
    """The first is there, the second is told so, and nothing is mixed."""
    write_model(tmp_path / "m", {**VOSK_FILES, "README": b"second"})

    def first(_: ModelInfo) -> None:
        write_model(shelf / "m")

    with pytest.raises(ModelFault, match="m is there already"):
        bring(tmp_path / "m", shelf, tell=nobody, try_out=first)
    assert not (shelf / "m/README").exists()
    assert {path.name for path in shelf.iterdir()} == {"first", "m"}
