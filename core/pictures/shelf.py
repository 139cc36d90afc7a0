"""Strangers' pictures: taken in as a stream, made anew by a process of their own, kept in the home folder for a while.

Callers' photos and the pictures of messages lie in one folder, under one limit. A refused picture raises ``BadInput``
(the picture) or ``Refused`` (we) with a ``code`` for the pages' catalogues: ``photo_wrong_type``, ``photo_heic``,
``photo_too_large``, ``photo_pixels``, ``photo_broken``, ``photo_slow``; ``photo_busy``, ``photo_full``,
``photo_failed``. Nothing of it is left on disk.

Files, mode 0600 in a folder of mode 0700: ``ID.jpg``, ``ID.preview.jpg``; ``*.part`` is work in progress.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final, TypeVar

import msgspec

from core import metrics
from core.errors import BadInput, EnvironmentFault, MinwonError, Refused
from core.log import get_logger
from core.pictures.messages import Answer, Made, NotMade, kind

log = get_logger("core.pictures")

MOST_BYTES: Final = 10 << 20
"""Of one picture, as sent."""
AT_ONCE: Final = 2
"""Workers at a time."""
MOST_UPLOADS: Final = 20
"""Pictures on their way at a time (200 MiB of temporary files at most); beyond it ``photo_busy``."""
UPLOAD_S: Final = 300.0
"""The longest that an upload may take: 10 MiB at 400 kbit/s need 210 s."""
WORK_S: Final = 30.0
"""The longest that a worker may take; then it is killed."""
STALL_S: Final = 30.0
"""An upload that brings no byte for so long has broken off."""
_BLOCK: Final = 256 << 10
"""Bytes that are written in one go."""
_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_ROOT: Final = Path(__file__).parents[2]
_SAYS: Final = {
    "photo_wrong_type": "send the picture as JPEG or PNG; other files are not taken",
    "photo_heic": "HEIC pictures cannot be read here: set the camera to JPEG, or send a screenshot of it",
    "photo_pixels": "send the picture smaller: it has more than 50 megapixels",
    "photo_broken": "the picture cannot be opened: take it again",
}


A = TypeVar("A")
R = TypeVar("R")


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as it was kept."""

    photo_id: str
    """128 random bits."""
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    size: int
    """Bytes of the kept picture."""
    latitude: float | None = None
    """Where it was taken (WGS 84), only with the sender's consent."""
    longitude: float | None = None
    """Where it was taken (WGS 84), only with the sender's consent."""


class Pictures:
    """The folder and everything that puts something into it. One for each node."""

    def __init__(self, folder: Path, *, most_mb: int, days: int, python: str = sys.executable) -> None:
        """``most_mb``, ``days``: ``ars.uploads_mb``, ``ars.uploads_days``. ``python``: what runs the workers.
        :meth:`sweep` must run before the first picture, and every hour or so."""
        self._folder = folder.absolute()
        self._most = most_mb << 20
        self._age = timedelta(days=days)
        self._python = python
        self._used = 0
        self._uploads = 0
        self.spared: Callable[[], Awaitable[frozenset[str]]] = _none
        """Pictures that must stay however old they are: of contacts under a legal hold."""
        self._workers = asyncio.Semaphore(AT_ONCE)

    @property
    def most(self) -> int:
        """Bytes that all pictures may take."""
        return self._most

    async def receive(
        self, stream: AsyncIterator[bytes], *, contact: str, declared: str = "", place_consent: bool = False
    ) -> Photo:
        """Take in one picture. ``contact`` says in the log whose it is. ``declared`` is the type that its sender
        claims: it is counted when it lies, no more.

        Raises ``BadInput`` or ``Refused`` (see above), and whatever ``stream`` raises when the line is lost.
        """
        try:
            photo = await self._receive(stream, declared, place_consent)
        except (BadInput, Refused, EnvironmentFault) as fault:
            refused(fault, contact)
            raise
        metrics.PHOTOS.labels(result="kept").inc()
        metrics.PHOTOS_BYTES.set(self._used)
        log.info("photo.kept", contact=contact, photo_id=photo.photo_id, size=photo.size)
        return photo

    def path(self, photo_id: str, *, preview: bool = False) -> Path | None:
        """The file of a picture; None if this is no picture's id, so any text is safe here. It may be gone by now:
        whoever serves it answers 404."""
        if not _ID.fullmatch(photo_id):
            return None
        return self._folder / (f"{photo_id}.preview.jpg" if preview else f"{photo_id}.jpg")

    async def delete(self, photo_id: str) -> None:
        """Delete a picture and its preview; an unknown one is fine."""
        if _ID.fullmatch(photo_id):
            names = (f"{photo_id}.jpg", f"{photo_id}.preview.jpg")
            self._used -= await asyncio.to_thread(_delete, [self._folder / name for name in names])

    async def sweep(self, now: datetime) -> int:
        """Delete what is too old or was left behind by a crash, and measure the rest; returns how many went."""
        spared = await self.spared()
        try:
            gone, self._used = await asyncio.to_thread(
                _sweep, self._folder, now.timestamp(), self._age.total_seconds(), spared
            )
        except OSError as fault:
            raise EnvironmentFault(f"cannot tidy {self._folder} ({fault.strerror})", code="home") from fault
        metrics.PHOTOS_BYTES.set(self._used)
        if gone:
            log.info("photo.swept", photos=gone)
        return gone

    async def _receive(self, stream: AsyncIterator[bytes], declared: str, place_consent: bool) -> Photo:
        if self._uploads >= MOST_UPLOADS:
            raise Refused("many photos come in just now: send it again in a minute", code="photo_busy")
        if self._used + MOST_BYTES > self._most:
            raise Refused("no more photos can be kept: tell the agent what is on it", code="photo_full")
        photo_id = secrets.token_urlsafe(16)
        part = self._folder / f"{photo_id}.part"
        picture = self._folder / f"{photo_id}.picture.part"
        preview = self._folder / f"{photo_id}.preview.part"
        self._uploads += 1
        try:
            await self._store(stream, part, declared)
            async with self._workers:
                made = await self._make(part, picture, preview, place_consent)
            size = await asyncio.to_thread(self._keep, photo_id, picture, preview)
        finally:
            self._uploads -= 1
            await asyncio.shield(asyncio.to_thread(_delete, [part, picture, preview]))
        return Photo(
            photo_id=photo_id,
            width=made.width,
            height=made.height,
            size=size,
            latitude=made.latitude,
            longitude=made.longitude,
        )

    async def _store(self, stream: AsyncIterator[bytes], part: Path, declared: str) -> None:
        """The stream into a temporary file; a type that we never take is refused at its first block."""
        size = 0
        block = bytearray()
        with await self._on_disk(_create, part) as file:
            try:
                async with asyncio.timeout(UPLOAD_S):
                    async for chunk in _unless_it_stalls(stream):
                        size += len(chunk)
                        if size > MOST_BYTES:
                            raise BadInput("send a picture of at most 10 megabytes", code="photo_too_large")
                        block += chunk
                        if len(block) >= _BLOCK:
                            await self._write(file, block, first=size == len(block), declared=declared)
            except TimeoutError as fault:
                raise BadInput("the line is too slow: send a smaller picture", code="photo_slow") from fault
            if block or not size:
                await self._write(file, block, first=size == len(block), declared=declared)

    async def _write(self, file: IO[bytes], block: bytearray, *, first: bool, declared: str) -> None:
        if first:
            found = kind(bytes(block[:32]))
            if found in _SAYS:
                raise BadInput(_SAYS[found], code=found)
            if declared.partition(";")[0].strip().lower() != f"image/{found}":
                metrics.PHOTOS_MISDECLARED.inc()
        await self._on_disk(file.write, bytes(block))
        block.clear()

    async def _on_disk(self, work: Callable[[A], R], argument: A) -> R:
        """Do it in a thread; a disk that is full or broken refuses the photo."""
        try:
            return await asyncio.to_thread(work, argument)
        except OSError as fault:
            raise self._no_room(str(fault.strerror)) from fault

    async def _make(self, part: Path, picture: Path, preview: Path, place: bool) -> Made:
        """Let a worker make the picture anew."""
        process = await self._worker(part, picture, preview, place)
        assert process.stdout is not None and process.stderr is not None
        began = time.monotonic()
        try:
            async with asyncio.timeout(WORK_S):
                line = await process.stdout.readline()
                complaint = await process.stderr.read(2000)
                status = await process.wait()
        except (TimeoutError, ValueError):
            line, complaint, status = b"", b"took too long", -1
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        metrics.PHOTO_SECONDS.observe(time.monotonic() - began)
        answer = _answer(line) if status == 0 else None
        if answer is None:
            why = complaint.decode(errors="replace").strip().rpartition("\n")[2]
            log.error("photo_worker.died", status=status, why=why)
            raise Refused("the picture could not be worked on: take it again", code="photo_failed")
        if isinstance(answer, NotMade):
            if answer.fault == "photo_full":
                raise self._no_room("a worker found no room")
            raise BadInput(_SAYS[answer.fault], code=answer.fault)
        return answer

    async def _worker(self, part: Path, picture: Path, preview: Path, place: bool) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                self._python,
                "-m",
                "core.pictures.worker",
                *(str(file) for file in (part, picture, preview)),
                *(("--place",) if place else ()),
                cwd=_ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as fault:  # no memory, no open files
            log.error("photo_worker.not_started", why=fault.strerror)
            raise Refused("the picture could not be worked on: take it again", code="photo_failed") from fault

    def _keep(self, photo_id: str, picture: Path, preview: Path) -> int:
        """Both files under their names; the picture's size. Runs in a thread."""
        try:
            size = picture.stat().st_size
            self._used += size + preview.stat().st_size
            preview.replace(self._folder / f"{photo_id}.preview.jpg")
            picture.replace(self._folder / f"{photo_id}.jpg")
        except OSError as fault:
            raise self._no_room(str(fault.strerror)) from fault
        return size

    def _no_room(self, why: str) -> Refused:
        log.error("photo.not_kept", folder=str(self._folder), why=why)
        return Refused("no more photos can be kept: tell the agent what is on it", code="photo_full")


def refused(fault: MinwonError, contact: str) -> None:
    """Count and log a picture that was not taken, by the fault's code."""
    metrics.PHOTOS.labels(result=fault.code).inc()
    log.info("photo.refused", contact=contact, code=fault.code)


async def _none() -> frozenset[str]:
    return frozenset()


async def _unless_it_stalls(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same; ``TimeoutError`` when nothing comes for ``STALL_S``."""
    while True:
        async with asyncio.timeout(STALL_S):
            chunk = await anext(stream, None)
        if chunk is None:
            return
        yield chunk


def _answer(line: bytes) -> Answer | None:
    try:
        return msgspec.json.decode(line, type=Answer)  # type: ignore[no-any-return]
    except msgspec.MsgspecError:
        return None


def _create(file: Path) -> IO[bytes]:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)


def _delete(files: list[Path]) -> int:
    """Bytes that this gave back."""
    freed = 0
    for file in files:
        with contextlib.suppress(FileNotFoundError):
            size = file.stat().st_size
            file.unlink()
            freed += size
    return freed


def _sweep(folder: Path, now: float, age: float, spared: frozenset[str]) -> tuple[int, int]:
    """How many photos were too old, and the bytes of what stays."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    gone = used = 0
    for file in folder.iterdir():
        try:
            about = file.stat()
            if file.name.partition(".")[0] in spared:
                used += about.st_size
            elif now - about.st_mtime > (min(age, 3600.0) if file.suffix == ".part" else age):
                file.unlink()
                gone += file.suffix == ".jpg" and not file.name.endswith(".preview.jpg")
            elif file.suffix == ".jpg":
                used += about.st_size
        except FileNotFoundError:
            continue  # deleted meanwhile
    return gone, used
