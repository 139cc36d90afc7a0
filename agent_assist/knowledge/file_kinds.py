"""What kind of file something is, by its content. Nothing is unpacked or executed; at most a ZIP's table is read."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pdf": "application/pdf",
        "hwp": "application/x-hwp",
        "hwpx": "application/hwp+zip",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "png": "image/png",
        "jpeg": "image/jpeg",
        "txt": "text/plain",
    }
)
"""Kind -> media type."""

_BEGINNINGS: Final = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"))
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""An OLE file: hwp, but also old Word and Excel files with their macros."""
_HWP: Final = b"HWP Document File"
_ZIP: Final = b"PK\x03\x04"
_MEMBERS_LIMIT: Final = 10_000
_MACROS: Final = ("vbaproject.bin", "/activex/")
_HWPX: Final = b"application/hwp+zip"


def kind_of(path: Path) -> str | None:
    """The file's kind, None when it is none that we take. Blocks: call it in a thread."""
    with path.open("rb") as file:
        data = file.read()
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data.startswith(_COMPOUND):
        return "hwp" if _HWP in data else None
    if data.startswith(_ZIP):
        return _packed(path)
    return "txt" if _is_text(data) else None


def _packed(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as packed:
            names = [name.lower() for name in packed.namelist()]
            if len(names) > _MEMBERS_LIMIT or any(part in name for name in names for part in _MACROS):
                return None
            if "word/document.xml" in names and "[content_types].xml" in names:
                return "docx"
            if "xl/workbook.xml" in names and "[content_types].xml" in names:
                return "xlsx"
            if "mimetype" in names and packed.getinfo("mimetype").file_size == len(_HWPX):
                return "hwpx" if packed.read("mimetype") == _HWPX else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError, ValueError, OSError):
        return None
    return None


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(sign >= " " or sign in "\t\n\r\f" for sign in text)
    return False
