"""Archives of strangers: the good ones are unpacked, each of the others is one clear line."""

from __future__ import annotations

import io
import itertools
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ModelFault
from models.stocking import archives
from models.stocking.archives import unpack
from models.stocking.telling import Notice, Progress
from tests.fakes.small_models import VOSK_FILES, below, snapshot, tar_of, zip_of

MODEL = below("m")
PACKINGS = ("", "gz", "bz2", "xz")


def unpacked(content: bytes, tmp_path: Path, name: str = "m.zip") -> Path:
    """Where it went."""
    (tmp_path / name).write_bytes(content)
    into = tmp_path / "into"
    into.mkdir()
    unpack(tmp_path / name, into)
    return into


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz", "zip"])
def test_every_packing(mode: str, tmp_path: Path) -> None:
    """Told by the content, whatever the name; the share that is read is told."""
    content = zip_of(MODEL) if mode == "zip" else tar_of(MODEL, mode)
    (tmp_path / "archive").write_bytes(content)
    (tmp_path / "into").mkdir()
    told: list[Progress | Notice] = []
    unpack(tmp_path / "archive", tmp_path / "into", tell=told.append)
    found = {name: content for name, content in snapshot(tmp_path / "into").items() if content is not None}
    assert found == MODEL
    assert all(isinstance(each, Progress) and 0 < each.done <= each.total == len(content) for each in told)


def tar_with(change: Callable[[tarfile.TarInfo], None], mode: str = "w:gz") -> bytes:
    """A tar with one entry of its own kind."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as tar:  # type: ignore[call-overload]
        info = tarfile.TarInfo("m/am")
        change(info)
        tar.addfile(info)
    return out.getvalue()


def kind(type_: bytes, link: str = "") -> bytes:
    def change(info: tarfile.TarInfo) -> None:
        info.type = type_
        info.linkname = link

    return tar_with(change)


def zip_link() -> bytes:
    info = zipfile.ZipInfo("m/am")
    info.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(info, "/etc")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"hello", "is no zip"),
        (b"\n <!DOCTYPE html><html><title>Sign\n in</title>", r"is a web page \(Sign in\), not an archive"),
        (zip_of(MODEL)[:-40], r"is broken \(File is not a zip file\)"),
        (zip_of(MODEL)[:300], "is broken"),
        (tar_of(MODEL, "w:xz")[:200], "is broken"),
        (tar_of(MODEL, "w:bz2")[:-20], "is broken"),
        (tar_of(MODEL)[:-30], "is broken"),
        (b"\x1f\x8b" + bytes(100), "is broken"),
        (b"BZh9" + bytes(100), "is broken"),
        (b"\xfd7zXZ\0" + bytes(100), "is broken"),
        (zip_of({"../x": b"1"}), "climbs out"),
        (zip_of({"/x": b"1"}), "absolute path"),
        (tar_of({"../x": b"1"}), "climbs out"),
        (tar_of({"m/x": b"1", "./m//x": b"2"}), "comes twice"),
        (tar_of({"m": b"1", "m/x": b"2"}), "comes twice"),
        (zip_of({}), "holds nothing"),
        (kind(tarfile.SYMTYPE, "/etc"), "link or a device"),
        (kind(tarfile.LNKTYPE, "/etc/passwd"), "link or a device"),
        (kind(tarfile.CHRTYPE), "link or a device"),
        (kind(tarfile.FIFOTYPE), "link or a device"),
        (zip_link(), "link or a device"),
    ],
    ids=itertools.count(1),  # an archive knows the time: no name for a test
)
def test_bad_archives(content: bytes, says: str, tmp_path: Path) -> None:
    """One line each, nothing outside of the folder."""
    with pytest.raises(ModelFault, match=says) as caught:
        unpacked(content, tmp_path)
    assert "\n" not in str(caught.value)
    assert {path.name for path in tmp_path.iterdir()} == {"m.zip", "into"}


def test_scrambled_bytes_in_the_middle(tmp_path: Path) -> None:
    """A zip knows the checksums of its files."""
    content = bytearray(zip_of(MODEL, zipfile.ZIP_STORED))
    content[content.index(b"<Nnet3>")] ^= 1
    with pytest.raises(ModelFault, match="Bad CRC-32"):
        unpacked(bytes(content), tmp_path)


def test_an_encrypted_zip(tmp_path: Path) -> None:
    """We ask nobody for a password."""
    content = bytearray(zip_of({"m": b"1"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ModelFault, match="encrypted"):
        unpacked(bytes(content), tmp_path)


@pytest.mark.parametrize("pack", [zip_of, tar_of])
def test_bombs_are_found_while_they_grow(
    pack: Callable[[dict[str, bytes]], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A little that becomes much, in one file or in many."""
    monkeypatch.setattr(archives, "ALWAYS", 1 << 20)
    monkeypatch.setattr(archives, "LARGEST", 3 << 20)
    with pytest.raises(ModelFault, match="a bomb"):
        unpacked(pack({f"m/{number}": bytes(1 << 20) for number in range(4)}), tmp_path)


def test_a_bomb_of_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even of such as are not written."""
    monkeypatch.setattr(archives, "MOST", 10)
    with pytest.raises(ModelFault, match="more than 10 entries"):
        unpacked(tar_of({f"__MACOSX/{number}": b"" for number in range(20)}), tmp_path)


def test_a_bomb_that_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Junk is not written, but it would have to be decompressed to come to what is behind it."""
    monkeypatch.setattr(archives, "ALWAYS", 1 << 20)
    monkeypatch.setattr(archives, "MOST", 10)
    with pytest.raises(ModelFault, match="a bomb"):
        unpacked(tar_of({"__MACOSX/1": bytes(8 << 20), **VOSK_FILES}, "w:bz2"), tmp_path)


def test_a_bomb_in_a_header(tmp_path: Path) -> None:
    """A name of many megabytes."""

    def change(info: tarfile.TarInfo) -> None:
        info.pax_headers = {"comment": "x" * (4 << 20)}

    with pytest.raises(ModelFault, match=r"header of \d+ bytes is a bomb"):
        unpacked(tar_with(change), tmp_path)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([zip_of(MODEL), zip_of(MODEL, zipfile.ZIP_STORED), *(tar_of(MODEL, f"w:{by}") for by in PACKINGS)]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=3),
    st.floats(0.3, 1),
)
def test_whatever_a_stick_does_to_an_archive(content: bytes, scratches: list[tuple[float, bytes]], kept: float) -> None:
    """Scrambled in places and cut: unpacked inside of its folder, or one line."""
    scratched = bytearray(content[: max(1, round(len(content) * kept))])
    for where, with_what in scratches:
        at = round((len(scratched) - 1) * where)
        scratched[at : at + len(with_what)] = with_what
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "m.zip").write_bytes(scratched)
        (root / "into").mkdir()
        try:
            unpack(root / "m.zip", root / "into")
        except ModelFault as fault:
            assert "\n" not in str(fault)
        assert {path.name for path in root.iterdir()} == {"m.zip", "into"}
