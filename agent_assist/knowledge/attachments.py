"""Files of entries: kept under their hash, never opened by us.

    attachments = Attachments(home.attachments)
    kept = await attachments.put("신청서.hwp", chunks)

A file is written beside its place, forced onto the disk and moved there as a whole: nothing half-written is ever found.
The same file twice is kept once. What kind it is, is read from its content, not believed from its name.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import AsyncIterable, Callable
from pathlib import Path
from typing import BinaryIO, Final, ParamSpec, TypeVar

from agent_assist.knowledge.file_kinds import KINDS, kind_of
from core.errors import BadInput, EnvironmentFault, Refused
from core.store.entry import Attachment

P = ParamSpec("P")
T = TypeVar("T")

__all__ = ["KINDS", "LIMIT", "Attachments"]

LIMIT: Final = 20 * 1024 * 1024
"""Bytes of one file."""
_ID: Final = re.compile(r"[0-9a-f]{64}")
_NAME_LIMIT: Final = 150
_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\"*:<>?|/\\]+")


class Attachments:
    """The folder of attachments. Files are read and written in threads."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is made when the first file comes."""
        self._folder = folder

    async def put(self, name: str, chunks: AsyncIterable[bytes]) -> Attachment:
        """Keep a file. ``BadInput`` ('too_large', 'empty', 'kind'); ``EnvironmentFault`` ('disk_full', 'attachments')
        when it cannot be written. Nothing is left behind then."""
        partial = await self._disk(_new_file, self._folder)
        try:
            digest, size = await self._receive(partial, chunks)
            await self._settle(partial, digest)
        finally:
            await asyncio.to_thread(_discard, partial)
        return Attachment(id=digest, name=readable_name(name), size=size)

    async def find(self, attachment_id: str) -> Path | None:
        """The file of that id, None when there is none."""
        if not _ID.fullmatch(attachment_id):
            return None
        path = self._place(attachment_id)
        return path if await asyncio.to_thread(path.is_file) else None

    async def media_type(self, attachment_id: str) -> str:
        """What kind of file it is, by its content. ``Refused`` ('no_attachment')."""
        path = await self.find(attachment_id)
        kind = None if path is None else await asyncio.to_thread(kind_of, path)
        if kind is None:
            raise Refused("없는 첨부 파일입니다. / There is no such attachment.", code="no_attachment")
        return KINDS[kind]

    async def _disk(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        # Around the disk's work alone: a caller's connection that breaks while it sends is no fault of the disk.
        try:
            return await asyncio.to_thread(work, *args, **kwargs)
        except OSError as fault:
            raise _cannot_write(self._folder, fault) from fault

    async def _receive(self, partial: BinaryIO, chunks: AsyncIterable[bytes]) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        async for chunk in chunks:
            size += len(chunk)
            if size > LIMIT:
                raise BadInput(
                    f"파일이 너무 큽니다(최대 {LIMIT >> 20} MB). / The file is too large (at most {LIMIT >> 20} MB).",
                    code="too_large",
                )
            digest.update(chunk)
            await self._disk(partial.write, chunk)
        if not size:
            raise BadInput("빈 파일입니다. / The file is empty.", code="empty")
        return digest.hexdigest(), size

    async def _settle(self, partial: BinaryIO, digest: str) -> None:
        await self._disk(_flush, partial)
        if await self._disk(kind_of, Path(partial.name)) is None:
            raise BadInput(
                "받을 수 없는 파일입니다. pdf, hwp, hwpx, docx, xlsx, png, jpeg, txt만 올릴 수 있습니다. "
                "/ This kind of file is not taken: only pdf, hwp, hwpx, docx, xlsx, png, jpeg, txt.",
                code="kind",
            )
        await self._disk(_move, Path(partial.name), self._place(digest))

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def readable_name(name: str) -> str:
    """A file's name as it is shown and given to whoever loads it down: no folders, no signs that a system refuses."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = _FORBIDDEN.sub(" ", name).strip(" .")
    stem, dot, kind = name.rpartition(".")
    if dot and len(name) > _NAME_LIMIT:
        name = f"{stem[: _NAME_LIMIT - len(kind) - 1]}.{kind}"
    return name[:_NAME_LIMIT] or "file"


def _new_file(folder: Path) -> BinaryIO:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, path = tempfile.mkstemp(prefix=".partial-", dir=folder)
    return open(path, "r+b", closefd=True, opener=lambda _path, _flags: number)


def _flush(partial: BinaryIO) -> None:
    partial.flush()
    os.fsync(partial.fileno())


def _move(partial: Path, place: Path) -> None:
    place.parent.mkdir(mode=0o700, exist_ok=True)
    partial.replace(place)


def _discard(partial: BinaryIO) -> None:
    with contextlib.suppress(OSError):  # a full disk: closing writes what is left, and fails again
        partial.close()
    Path(partial.name).unlink(missing_ok=True)


def _cannot_write(folder: Path, fault: OSError) -> EnvironmentFault:
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return EnvironmentFault(
            "디스크가 가득 차서 저장하지 못했습니다. 공간을 비운 뒤 다시 올려 주세요. "
            "/ The disk is full, nothing was kept: free some space and try again.",
            code="disk_full",
        )
    return EnvironmentFault(
        f"첨부 파일을 저장할 수 없습니다({fault.strerror}). "
        f"/ The attachment cannot be kept: check the folder {folder}.",
        code="attachments",
    )
