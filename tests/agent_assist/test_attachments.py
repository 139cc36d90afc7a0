"""Files of entries: whole or not at all, under their hash, of known kinds."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from PIL import Image

from agent_assist.knowledge.attachments import LIMIT, Attachments, readable_name
from agent_assist.knowledge.file_kinds import KINDS, kind_of
from core.errors import BadInput, EnvironmentFault, Refused
from core.home import Home


def packed(*names: str, mimetype: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<x/>")
    return file.getvalue()


def picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (2, 2)).save(file, kind)
    return file.getvalue()


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
GOOD = {
    "pdf": b"%PDF-1.7\n%%EOF",
    "hwp": COMPOUND + b"HWP Document File" + bytes(100),
    "hwpx": packed("Contents/section0.xml", mimetype=b"application/hwp+zip"),
    "docx": packed("[Content_Types].xml", "word/document.xml"),
    "xlsx": packed("[Content_Types].xml", "xl/workbook.xml"),
    "png": picture("png"),
    "jpeg": picture("jpeg"),
    "txt": "안내문\r\n\t둘째 줄".encode(),
}
BAD = {
    "old word with macros": COMPOUND,
    "docm": packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "activex": packed("[Content_Types].xml", "xl/workbook.xml", "xl/activeX/activeX1.bin"),
    "jar": packed("META-INF/MANIFEST.MF", "A.class"),
    "zip": packed("a.txt"),
    "hwpx of another kind": packed("x.xml", mimetype=b"application/hwp+zap"),
    "broken zip": b"PK\x03\x04" + bytes(50),
    "program": b"\x7fELF" + bytes(100),
    "windows program": b"MZ" + bytes(100),
    "noise": bytes(range(256)),
    "text with a nul": b"a\0b",
}


async def chunks(data: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.fixture
def attachments(home: Home) -> Attachments:
    return Attachments(home.attachments)


def files(home: Home) -> list[Path]:
    return [path for path in home.attachments.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", list(KINDS))
async def test_known_kinds_are_kept_under_their_hash(attachments: Attachments, home: Home, kind: str) -> None:
    data = GOOD[kind]
    kept = await attachments.put(f"신청서.{kind}", chunks(data, 7))
    assert (kept.id, kept.name, kept.size) == (hashlib.sha256(data).hexdigest(), f"신청서.{kind}", len(data))
    path = await attachments.find(kept.id)
    assert path is not None
    assert path.read_bytes() == data
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert await attachments.media_type(kept.id) == KINDS[kind]
    assert files(home) == [path]


def test_korean_text_of_windows_is_text(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes("안내문\n".encode("cp949"))
    assert kind_of(path) == "txt"


@pytest.mark.parametrize("name", list(BAD))
async def test_other_kinds_are_refused_whatever_they_are_called(
    attachments: Attachments, home: Home, name: str
) -> None:
    with pytest.raises(BadInput, match="받을 수 없는") as refused:
        await attachments.put("신청서.pdf", chunks(BAD[name]))
    assert refused.value.code == "kind"
    assert files(home) == []


async def test_the_same_file_twice_is_kept_once(attachments: Attachments, home: Home) -> None:
    first = await attachments.put("가.pdf", chunks(GOOD["pdf"]))
    second = await attachments.put("나.pdf", chunks(GOOD["pdf"]))
    assert (first.id, second.name) == (second.id, "나.pdf")
    assert len(files(home)) == 1


async def test_too_large_and_empty_files_leave_nothing(attachments: Attachments, home: Home) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1 << 20)

    with pytest.raises(BadInput, match="20 MB") as refused:
        await attachments.put("큰.pdf", endless())
    assert refused.value.code == "too_large"
    with pytest.raises(BadInput) as refused:
        await attachments.put("빈.pdf", chunks(b""))
    assert refused.value.code == "empty"
    assert files(home) == []
    fits = b"%PDF-" + bytes(LIMIT - 5)
    assert (await attachments.put("꼭.pdf", chunks(fits, 1 << 20))).size == LIMIT


async def test_an_upload_that_breaks_off_leaves_nothing(attachments: Attachments, home: Home) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"%PDF-"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await attachments.put("x.pdf", broken())
    assert files(home) == []


async def test_a_full_disk_is_told_and_leaves_nothing(
    attachments: Attachments, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("agent_assist.knowledge.attachments.os.fsync", full)
    with pytest.raises(EnvironmentFault, match=r"디스크가 가득.*free some space") as refused:
        await attachments.put("x.pdf", chunks(GOOD["pdf"]))
    assert refused.value.code == "disk_full"
    assert files(home) == []


@pytest.fixture
def full_disk() -> Iterator[BinaryIO]:
    """A file that refuses every write, as on a full disk."""
    with Path("/dev/full").open("r+b", 0) as file:
        yield file


async def test_a_real_full_disk(tmp_path: Path, full_disk: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_assist.knowledge.attachments._new_file", lambda _folder: full_disk)
    monkeypatch.setattr("agent_assist.knowledge.attachments._discard", lambda file: file.close())
    with pytest.raises(EnvironmentFault) as refused:
        await Attachments(tmp_path).put("x.pdf", chunks(GOOD["pdf"]))
    assert refused.value.code == "disk_full"


async def test_a_folder_that_cannot_be_made_is_an_advice(home: Home) -> None:
    home.attachments.write_text("in the way")
    with pytest.raises(EnvironmentFault, match="check the folder"):
        await Attachments(home.attachments).put("x.pdf", chunks(GOOD["pdf"]))


@pytest.mark.parametrize("attachment_id", ["", "../../etc/passwd", "a" * 64, "A" * 64, "a" * 63 + "/", "a" * 65])
async def test_only_ids_of_ours_are_found(attachments: Attachments, attachment_id: str) -> None:
    assert await attachments.find(attachment_id) is None
    with pytest.raises(Refused) as refused:
        await attachments.media_type(attachment_id)
    assert refused.value.code == "no_attachment"


def test_names_are_safe_to_show_and_to_save() -> None:
    assert readable_name("신청서.hwp") == "신청서.hwp"
    assert readable_name("C:\\Users\\김\\신청서.hwp") == "신청서.hwp"
    assert readable_name("../../etc/passwd") == "passwd"
    assert readable_name('a"b\r\nc<d>.pdf') == "a b c d .pdf"
    assert readable_name("") == "file"
    assert readable_name("...") == "file"
    long = readable_name("가" * 500 + ".hwp")
    assert len(long) == 150
    assert long.endswith(".hwp")
    assert len(readable_name("x." + "y" * 500)) <= 150


async def test_files_are_not_read_on_the_event_loop(attachments: Attachments, no_blocking_calls: None) -> None:
    kept = await attachments.put("x.pdf", chunks(GOOD["pdf"]))
    assert await attachments.find(kept.id) is not None
    assert await attachments.media_type(kept.id) == "application/pdf"
